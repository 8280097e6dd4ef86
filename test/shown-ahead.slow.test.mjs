import { expect, test } from 'vitest';
import { createClient, optimistic } from '../packages/client/src/index.ts';
import { startServed } from './support/page.mjs';

test('what is said to a gateway is shown ahead and then confirmed, without a gap and without a double', async () => {
  const env = await startServed();
  const client = createClient({ url: env.GATEWAY, token: env.ALICE, optimistic: optimistic() });
  client.connect();
  await client.command('execution:create', { executionId: 'o1', title: 'Order', participants: [] });
  client.room('execution:o1').hold();
  await expect.poll(() => client.room('execution:o1').getSnapshot().state).toBe('whole');
  const history = client.history('execution:o1');
  const messages = client.view('messages', { room: 'execution:o1' });
  const shown = { history: [], messages: [] };
  const note = (all, list) => {
    const now = list
      .map(({ type, data, pending }) => `${type} ${data.content ?? ''}${pending ? '?' : ''}`)
      .join(', ');
    if (all.at(-1) !== now) all.push(now);
  };
  history.subscribe(() =>
    note(
      shown.history,
      history.getSnapshot().filter(({ type }) => type.startsWith('message:')),
    ),
  );
  messages.subscribe(() => note(shown.messages, messages.getSnapshot()));
  // Each builds on what the one before has brought about.
  const done = async (name, input) => {
    const answer = await client.command(name, input);
    await client.ready(answer);
    return answer.result;
  };
  const { messageId } = await done('message:send', { executionId: 'o1', content: 'one' });
  await done('message:edit', { messageId, content: 'two' });
  await done('message:delete', { messageId });
  // Refused, and nothing of it is shown: the message is gone.
  await expect(client.command('message:edit', { messageId, content: 'three' })).rejects.toMatchObject({
    code: 'message_closed',
  });
  await expect.poll(() => shown.messages.at(-1)).toBe('message:deleted ');
  expect(shown.messages).toEqual([
    'message:new one?',
    'message:new one',
    'message:edited two?',
    'message:edited two',
    'message:deleted ?',
    'message:deleted ',
  ]);
  expect(shown.history).toEqual([
    'message:new one?',
    'message:new one',
    'message:new one, message:edited two?',
    'message:new one, message:edited two',
    'message:new one, message:edited two, message:deleted ?',
    'message:deleted ',
  ]);
  client.disconnect();
}, 60_000);
