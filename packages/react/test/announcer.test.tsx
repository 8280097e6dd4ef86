// @vitest-environment happy-dom
import { cleanup, configure, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { execution, message, task } from '../../client/test/helpers/happenings.ts';
import { type Happening, startServer } from '../../client/test/helpers/scripted-server.ts';
import { ReactiveWorkstreamChat, WebSocketProvider } from '../src/index.ts';

afterEach(cleanup);

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

async function listening(...before: Happening[]) {
  const server = await startServer();
  server.append(execution(), ...before);
  render(
    <WebSocketProvider url={server.url} token="alice">
      <ReactiveWorkstreamChat executionId="e1" />
    </WebSocketProvider>,
  );
  await waitFor(() => expect(screen.getByTestId('chat').dataset.status).toBe('live'));
  const heard: { text: string; at: number }[] = [];
  const region = screen.getByTestId('announcer');
  new MutationObserver(() => heard.push({ text: region.textContent ?? '', at: Date.now() })).observe(region, {
    childList: true,
    subtree: true,
    characterData: true,
  });
  const texts = () => heard.map(({ text }) => text);
  return { server, heard, texts };
}

test('what is new is read out by one voice, and not what was there, nor what we have said ourselves', async () => {
  const { server, texts } = await listening(message('m0', 'before'));
  expect(screen.getByRole('log').getAttribute('aria-live')).toBe('off');
  server.append(message('m1', 'hello'));
  await waitFor(() => expect(texts()).toEqual(['bob: hello']));
  server.append(message('m2', 'mine', 'alice'), task('t1'));
  await waitFor(() => expect(texts()).toEqual(['bob: hello', 'New task: Task t1']));
});

test('many are read out as a number, and no two announcements come within a second', async () => {
  const { server, heard, texts } = await listening();
  server.append(message('m1', 'hello'));
  await waitFor(() => expect(texts()).toEqual(['bob: hello']));
  // In one: what a busy machine has shown of them when a second is over would be another number.
  server.append(...Array.from({ length: 40 }, (_, n) => message(`m${n + 2}`, `again ${n + 2}`)));
  await waitFor(() => expect(texts()).toEqual(['bob: hello', '40 new entries in the timeline']));
  server.append(message('m50', 'hello'));
  await waitFor(() => expect(texts().at(-1)).toBe('bob: hello'));
  const pauses = heard.slice(1).map(({ at }, i) => at - heard[i]!.at);
  expect(Math.min(...pauses)).toBeGreaterThan(990);
});

test('what an agent says is read out when it is done, and not at each word', async () => {
  const { server, texts } = await listening();
  const agent = (type: string, data: object = {}, more: object = {}) =>
    ({
      type,
      subject: 'agent/a1',
      rooms: ['execution:e1'],
      data: { agentId: 'a1', agent: 'summarise', executionId: 'e1', state: 'thinking', ...data },
      ...more,
    }) as Happening;
  const said = (content: string, type: string): Happening => {
    const one = message('m1', content, 'agent:summarise');
    return {
      ...one,
      type,
      data: { ...(one.data as object), agent: 'summarise', agentId: 'a1' },
    } as Happening;
  };
  server.append(agent('agent:thinking', { messageId: 'm1' }), said('Three', 'message:new'));
  await waitFor(() => expect(texts()).toEqual(['summarise is thinking …']));
  server.append({ ...said('Three lines.', 'message:appended'), passing: true } as Happening);
  server.append(
    agent('agent:completed', { state: 'completed', messageId: 'm1', ended: '1' }, { ended: true }),
  );
  await waitFor(() => expect(texts()).toEqual(['summarise is thinking …', 'summarise: Three lines.']));
});
