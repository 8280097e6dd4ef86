import { expect, test } from 'vitest';
import { message, task } from '../packages/client/test/helpers/happenings.ts';
import { startServer } from '../packages/client/test/helpers/scripted-server.ts';
import { readPage, runExample } from './support/page.mjs';

/** A server that does what the page has done, and nothing else. */
async function served() {
  const server = await startServer();
  server.append(task('t1'));
  let said = 0;
  server.handle = ({ commandId, taskId, content }, userId) => {
    const [event] =
      content !== undefined
        ? server.append({ ...message(`m${++said}`, content, userId), commandId })
        : taskId !== undefined
          ? server.append({ ...task(taskId, { assignee: userId }), commandId })
          : [];
    return event
      ? { success: true, commandId, epoch: server.epoch, seq: event.seq, result: { taskId } }
      : {
          success: false,
          error: { code: 'not_found', message: 'There is no such agent.', retryable: false },
        };
  };
  return { ...process.env, GATEWAY: server.url, ALICE: 'alice', NODE_NO_WARNINGS: '1' };
}

test('each example of the page on the SDK prints what stands below it', async () => {
  const { text, examples } = await readPage('sdk.md');
  // None is left out for being written another way.
  expect(examples.length).toBe([...text.matchAll(/^```js$/gm)].length);
  expect(examples.length).toBeGreaterThan(3);
  // Side by side, each with a server of its own: they take their time to start.
  const printed = await Promise.all(examples.map(async (example) => runExample(example, await served())));
  expect(printed.map(({ stdout }) => stdout)).toEqual(examples.map(({ answer }) => answer));
});
