// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { EXECUTION, execution } from '../../client/test/helpers/happenings.ts';
import { type Happening, startServer } from '../../client/test/helpers/scripted-server.ts';
import { ReactiveWorkstreamChat, useAgents, WebSocketProvider } from '../src/index.ts';

afterEach(cleanup);

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

const run = (type: Happening['type'], data: object = {}, more: object = {}): Happening =>
  ({
    type,
    subject: 'agent/a1',
    rooms: [EXECUTION],
    data: { agentId: 'a1', agent: 'summarise', executionId: 'e1', state: 'thinking', since: '', ...data },
    ...more,
  }) as Happening;

const said = (content: string, type: 'message:new' | 'message:appended' = 'message:appended'): Happening =>
  ({
    type,
    subject: 'message/m1',
    rooms: [EXECUTION],
    ended: true,
    data: {
      messageId: 'm1',
      executionId: 'e1',
      userId: 'agent:summarise',
      agent: 'summarise',
      agentId: 'a1',
      content,
      timestamp: '2026-01-01T12:00:00.000Z',
    },
    ...(type === 'message:appended' && { passing: true }),
  }) as Happening;

const over = { ended: true } as const;

function AtWork() {
  const { data } = useAgents('execution:e1');
  return <p data-testid="at-work">{data.map(({ data: { agent, words } }) => `${agent}: ${words}`).join()}</p>;
}

async function chat() {
  const server = await startServer();
  server.append(execution());
  render(
    <WebSocketProvider url={server.url} token="alice">
      <AtWork />
      <ReactiveWorkstreamChat executionId="e1" />
    </WebSocketProvider>,
  );
  await waitFor(() => expect(screen.getByTestId('chat').dataset.status).toBe('live'));
  return server;
}

const texts = () => screen.queryAllByTestId('timeline-line').map((line) => line.textContent);
const answer = () => document.querySelector('.nb-message-text')?.textContent;
const buttons = () => screen.queryAllByTestId('line-action').map((button) => button.textContent);

test('an agent is one line, where it began, that says what it is doing and how it has ended', async () => {
  const server = await chat();
  server.append(run('agent:thinking', { words: 'reading' }), said('Two', 'message:new'));
  await waitFor(() => expect(texts()[1]).toContain('summarise is thinking … reading'));
  expect(screen.getByTestId('at-work').textContent).toBe('summarise: reading');
  server.append(run('agent:thinking', { words: 'writing', messageId: 'm1' }, { passing: true }));
  await waitFor(() => expect(texts()[1]).toContain('writing'));
  server.append(said('Two chairs'), run('agent:completed', { state: 'completed', ended: '1' }, over));
  await waitFor(() => expect(texts()[1]).toContain('summarise is done'));
  expect(texts()).toHaveLength(3);
  expect(texts()[2]).toMatch(/^summariseagent.*Two chairs$/);
  expect(texts()[2]).not.toContain('edited');
  expect(screen.getByTestId('at-work').textContent).toBe('');
});

test('its text grows with each word that is heard, holes wait for the next step, and what is lost with it goes', async () => {
  const server = await chat();
  const hear = (offset: number, text: string) =>
    server.say({
      time: '',
      type: 'agent:delta',
      rooms: [EXECUTION],
      data: { agentId: 'a1', messageId: 'm1', offset, text },
    });
  hear(0, 'Two');
  server.append(
    run('agent:thinking'),
    said('Tw', 'message:new'),
    run('agent:thinking', { messageId: 'm1' }, { passing: true }),
  );
  await waitFor(() => expect(answer()).toBe('Two'));
  hear(3, ' chairs');
  await waitFor(() => expect(answer()).toBe('Two chairs'));
  hear(5, 'hai');
  hear(14, ' table');
  server.append(said('Two chairs and'));
  await waitFor(() => expect(answer()).toBe('Two chairs and table'));
  hear(30, ' beyond');
  server.append(said('Two chairs and table!'));
  await waitFor(() => expect(answer()).toBe('Two chairs and table!'));
  hear(21, ' Or');
  await waitFor(() => expect(answer()).toBe('Two chairs and table! Or'));
  server.append(
    run('agent:failed', { state: 'failed', reason: 'silent', messageId: 'm1', ended: '1' }, over),
  );
  await waitFor(() => expect(texts()[1]).toContain('summarise has fallen silent'));
  expect(answer()).toBe('Two chairs and table!');
});

test('it can be stopped while it works, and tried again once it has failed, by nobody twice', async () => {
  const server = await chat();
  server.append(run('agent:thinking'));
  await waitFor(() => expect(buttons()).toEqual(['Stop']));
  fireEvent.click(screen.getByTestId('line-action'));
  await waitFor(() => expect(server.commands.map(({ name }) => name)).toEqual(['agent:stop']));
  server.append(run('agent:stopping', { state: 'stopping', stopBy: 'bob' }));
  await waitFor(() => expect(texts()[1]).toContain('summarise was asked to stop by bob'));
  expect(buttons()).toEqual([]);
  const failed = { state: 'failed', reason: 'stopped', ended: '1' };
  server.append(run('agent:failed', failed, over));
  await waitFor(() => expect(buttons()).toEqual(['Try again']));
  server.append(run('agent:retrying', { ...failed, retryBy: 'bob' }, over));
  await waitFor(() => expect(buttons()).toEqual([]));
  for (const more of [{ followedBy: 'a2' }, { reason: 'cancelled' }, { code: 'NO_TEXT' }]) {
    server.append(run('agent:failed', { ...failed, ...more }, over));
    await waitFor(() => expect(texts()[1]).not.toContain('try again'));
    expect(buttons()).toEqual([]);
  }
});
