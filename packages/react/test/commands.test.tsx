// @vitest-environment happy-dom

import { createFakeClient, type FakeClient } from '@netbuild/realtime-client/testing';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { useCommand, useTasks, useWebSocket, WebSocketProvider } from '../src/index.ts';

afterEach(cleanup);

const task = { taskId: 't1', state: 'open' as const, candidateUsers: [], candidateGroups: [] };

/** Tasks in two lists, by whose they are: a claim moves a card from one to the other. */
function Board() {
  const { data } = useTasks();
  const mine = data.filter((row) => row.data.assignee === 'alice');
  const free = data.filter((row) => row.data.assignee === undefined);
  return (
    <>
      <ul data-testid="mine">
        {mine.map((row) => (
          <Card key={row.subject} taskId={row.data.taskId} isPending={row.pending !== undefined} />
        ))}
      </ul>
      <ul data-testid="free">
        {free.map((row) => (
          <Card key={row.subject} taskId={row.data.taskId} isPending={row.pending !== undefined} />
        ))}
      </ul>
    </>
  );
}

function Card({ taskId, isPending }: { taskId: string; isPending: boolean }) {
  const claim = useCommand('task:claim', taskId);
  return (
    <li aria-busy={isPending}>
      <button type="button" onClick={() => claim.run({ taskId })}>
        Claim
      </button>
      <button type="button" onClick={claim.reset}>
        Close
      </button>
      <output>{`${claim.status} ${claim.pending} ${claim.error?.code ?? ''}`.trim()}</output>
    </li>
  );
}

function show(client: FakeClient): void {
  render(
    <WebSocketProvider client={client}>
      <Board />
    </WebSocketProvider>,
  );
}

const texts = () => ['mine', 'free'].map((id) => screen.getByTestId(id).querySelector('output')?.textContent);

test('a claim moves the card at once, and a refusal is there when it has come back', async () => {
  const client = createFakeClient({ rows: { tasks: [task] } });
  show(client);
  fireEvent.click(screen.getByText('Claim'));
  expect(texts()).toEqual(['running 1', undefined]);
  expect(screen.getByRole('listitem').getAttribute('aria-busy')).toBe('true');
  await act(async () => client.commands[0]!.refuse('task_taken'));
  expect(texts()).toEqual([undefined, 'refused 0 task_taken']);
  fireEvent.click(screen.getByText('Close'));
  expect(texts()).toEqual([undefined, 'idle 0']);
});

test('a refusal stands beside what it has taken back, though the page rests from what was dear to draw', async () => {
  const client = createFakeClient({ rows: { tasks: [task] } });
  let cost = 0;
  function Dear() {
    const { data } = useTasks();
    for (const end = performance.now() + cost; performance.now() < end; );
    return <p>{data[0]?.data.taskName}</p>;
  }
  render(
    <WebSocketProvider client={client}>
      <Board />
      <Dear />
    </WebSocketProvider>,
  );
  cost = 200;
  client.put('tasks', { ...task, taskName: 'Drawn' });
  await screen.findByText('Drawn');
  cost = 0;
  fireEvent.click(screen.getByText('Claim'));
  await act(async () => client.commands[0]!.refuse('task_taken'));
  expect(texts()).toEqual([undefined, 'refused 0 task_taken']);
});

test('of several under way the last one is what is said, and all are counted', async () => {
  const client = createFakeClient({ rows: { tasks: [task] }, optimistic: false });
  show(client);
  fireEvent.click(screen.getByText('Claim'));
  fireEvent.click(screen.getByText('Claim'));
  expect(texts()[1]).toBe('running 2');
  const [first, second] = client.commands;
  await act(async () => second!.answer());
  expect(texts()[1]).toBe('done 1');
  await act(async () => first!.refuse('task_taken'));
  expect(texts()[1]).toBe('done 0');
});

test('offline it runs until there is a connection', async () => {
  const client = createFakeClient({ rows: { tasks: [task] }, onCommand: (command) => command.answer() });
  show(client);
  act(() => client.setStatus({ state: 'offline', reason: 'network', retryAt: 0 }));
  fireEvent.click(screen.getByText('Claim'));
  expect(texts()).toEqual(['running 1', undefined]);
  await act(async () => client.setStatus({ state: 'live' }));
  expect(screen.getByRole('listitem').textContent).toContain('done 0');
});

test('what is sent with an update of one’s own is undone once, and what the client shows ahead by itself', async () => {
  const client = createFakeClient();
  let send!: ReturnType<typeof useWebSocket>['sendWithOptimisticUpdate'];
  function Take() {
    send = useWebSocket().sendWithOptimisticUpdate;
    return null;
  }
  render(
    <WebSocketProvider client={client}>
      <Take />
    </WebSocketProvider>,
  );
  const release = client.room('execution:e1').hold();
  await act(async () => {});
  const said = () => client.history('execution:e1').getSnapshot().length;
  let undone = 0;
  const answer = send('message:send', { executionId: 'e1', content: 'x' }, () => () => undone++);
  expect(said()).toBe(1);
  client.commands[0]!.refuse('forbidden');
  expect(await answer).toMatchObject({ success: false, error: { code: 'forbidden' } });
  expect([said(), undone]).toEqual([0, 1]);
  release();
});
