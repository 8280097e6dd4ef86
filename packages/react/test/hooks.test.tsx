// @vitest-environment happy-dom
import { act, cleanup, configure, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EXECUTION, execution, message, task } from '../../client/test/helpers/happenings.ts';
import {
  type Happening,
  type ScriptedServer,
  startServer,
} from '../../client/test/helpers/scripted-server.ts';
import {
  useAgents,
  useCommand,
  useEvent,
  useExecutions,
  useHistory,
  useIdentity,
  useMessages,
  usePresence,
  useProcess,
  useRoom,
  useStatus,
  useTasks,
  useTyping,
  useView,
  useWebSocket,
  WebSocketProvider,
} from '../src/index.ts';

afterEach(cleanup);

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

let server: ScriptedServer;

beforeEach(async () => {
  server = await startServer();
});

function hook<T>(use: () => T) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <WebSocketProvider url={server.url} token="alice">
      {children}
    </WebSocketProvider>
  );
  return renderHook(use, { wrapper }).result;
}

/** A hook that is live. */
async function live<T extends { status: string }>(use: () => T) {
  const result = hook(use);
  await waitFor(() => expect(result.current.status).toBe('live'));
  return result;
}

const happening = (
  type: string,
  subject: string,
  data: object,
  rooms: string[] = [EXECUTION],
  more = {},
): Happening => ({ type, subject, rooms, data, ...more }) as Happening;

test('useStatus and useIdentity tell of the connection, and useWebSocket has the client', async () => {
  const { current: before } = hook(() => ({ status: useStatus(), identity: useIdentity() }));
  expect(before).toEqual({ status: { state: 'connecting', attempt: 1 }, identity: undefined });
  const now = hook(() => ({ status: useStatus(), identity: useIdentity(), client: useWebSocket().client }));
  await waitFor(() => expect(now.current.status).toEqual({ state: 'live' }));
  expect(now.current.identity).toEqual({ userId: 'alice', domainId: 'd', groups: [] });
  expect(now.current.client.position).toEqual({ epoch: 'life1', seq: 0 });
});

test('a hook without a provider says what it needs', () => {
  expect(() => renderHook(() => useTasks())).toThrow('need a <WebSocketProvider> above them');
});

test('useRoom holds a room as long as somebody shows it, and tells how far it is known', async () => {
  const both = hook(() => ({ one: useRoom(EXECUTION), none: useRoom(undefined) }));
  await waitFor(() => expect(both.current.one).toMatchObject({ data: { state: 'whole' }, status: 'live' }));
  expect(both.current.none).toMatchObject({ data: { state: 'idle' }, status: 'live', isKnown: true });
  cleanup();
  await waitFor(() => expect(server.connections).toHaveLength(0));
});

test('useEvent hears each event once and in order, by the listener of the last render', async () => {
  const heard: string[] = [];
  let turn = 0;
  const result = await live(() => {
    const mine = ++turn;
    useRoom(EXECUTION);
    return useEvent('message:new', ({ data }) => heard.push(`${data.content} ${mine === turn}`));
  });
  const renders = turn;
  server.append(message('m1', 'one'), message('m2', 'two'));
  await waitFor(() => expect(heard).toEqual(['one true', 'two true']));
  // With a listener an event renders nothing.
  expect([turn, result.current.data]).toEqual([renders, undefined]);
});

test('useEvent has the newest event where there is no listener, of every type and of custom ones', async () => {
  const result = hook(() => {
    useRoom(EXECUTION);
    return { any: useEvent('*'), own: useEvent('x:milestone') };
  });
  await waitFor(() => expect(result.current.any.status).toBe('live'));
  expect(result.current.any.data).toBeUndefined();
  server.append(happening('x:milestone', 'x', { percent: 50 }), message('m1', 'one'));
  await waitFor(() => expect(result.current.any.data?.type).toBe('message:new'));
  expect(result.current.own.data?.data).toEqual({ percent: 50 });
});

test('useView, useTasks, useProcess, useAgents and useExecutions follow their rows', async () => {
  server.append(execution());
  const room = 'process:p1' as const;
  const result = hook(() => ({
    incidents: useView('incidents', { room, open: true }),
    open: useTasks({ room: EXECUTION }),
    done: useView('tasks', { room: EXECUTION, open: false }),
    one: useView('tasks', { id: 't2' }),
    process: useProcess('p1'),
    agents: useAgents(EXECUTION),
    executions: useExecutions(),
  }));
  await waitFor(() => expect(result.current.process.status).toBe('live'));
  expect(result.current.process.data).toBeUndefined();
  server.append(
    happening('process:started', 'process/p1', { processInstanceId: 'p1', state: 'active' }, [room]),
    happening('process:error', 'incident/i1', { incidentId: 'i1', state: 'open' }, [room]),
    happening('agent:thinking', 'agent/a1', { agentId: 'a1', agent: 'summarise', state: 'thinking' }),
    task('t1'),
    task('t2'),
    task('t1', { state: 'completed', by: 'bob' }),
  );
  const idsOf = (rows: readonly { subject: string }[]) => rows.map(({ subject }) => subject);
  await waitFor(() => expect(idsOf(result.current.done.data)).toEqual(['task/t1']));
  const { incidents, open, one, process, agents, executions } = result.current;
  expect([incidents, open, one, agents, executions].map(({ data }) => idsOf(data))).toEqual([
    ['incident/i1'],
    ['task/t2'],
    ['task/t2'],
    ['agent/a1'],
    ['execution/e1'],
  ]);
  expect(process.data?.data.state).toBe('active');
});

test('useHistory and useMessages have what was said, each as it now is, and what is being said at once', async () => {
  server.append(execution(), message('m1', 'helo'), task('t1'));
  const result = hook(() => ({
    history: useHistory(EXECUTION, 'process:p1'),
    messages: useMessages('e1'),
    say: useCommand('message:send'),
  }));
  await waitFor(() => expect(result.current.messages.status).toBe('live'));
  server.append(
    { ...message('m1', 'hello'), type: 'message:edited' },
    happening('process:started', 'process/p1', { processInstanceId: 'p1', state: 'active' }, ['process:p1']),
  );
  const texts = () => result.current.messages.data.map(({ data }) => data.content);
  await waitFor(() => expect(texts()).toEqual(['hello']));
  await waitFor(() =>
    expect(result.current.history.data.map(({ type }) => type)).toEqual([
      'execution:created',
      'message:new',
      'task:created',
      'message:edited',
      'process:started',
    ]),
  );
  act(() => void result.current.say.run({ executionId: 'e1', content: 'mine' }));
  await waitFor(() => expect(texts()).toEqual(['hello', 'mine']));
  expect(result.current.messages.data.map(({ pending }) => pending !== undefined)).toEqual([false, true]);
});

test('usePresence knows who is there when the server has said so, and follows who comes and goes', async () => {
  server.present = () => ({ count: 300 });
  const result = await live(() => usePresence(EXECUTION));
  expect(result.current).toMatchObject({ data: { count: 300, people: undefined }, isKnown: true });
  server.say({
    type: 'presence:left',
    rooms: [EXECUTION],
    time: '',
    data: { room: EXECUTION, count: 299 },
  });
  await waitFor(() => expect(result.current.data?.count).toBe(299));
});

test('useTyping has who is writing, of this execution alone', async () => {
  const result = await live(() => useTyping('e1'));
  const write = (executionId: string, userId: string) =>
    server.say({ type: 'typing', rooms: [EXECUTION], time: '', data: { executionId, userId } });
  write('e2', 'carol');
  write('e1', 'bob');
  await waitFor(() => expect(result.current.data).toEqual(['bob']));
  server.append(message('m1', 'done', 'bob'));
  await waitFor(() => expect(result.current.data).toEqual([]));
});

test('useCommand has a state for its button: running, done, or refused with the reason', async () => {
  const result = hook(() => ({ claim: useCommand('task:claim'), tasks: useTasks({ room: EXECUTION }) }));
  await waitFor(() => expect(result.current.tasks.status).toBe('live'));
  expect(result.current.claim).toMatchObject({ status: 'idle', error: undefined });
  server.handle = ({ commandId }) => ({
    success: true,
    commandId: String(commandId),
    epoch: 'life1',
    seq: 0,
    result: { taskId: 't1' },
  });
  let done: unknown;
  await act(async () => {
    done = await result.current.claim.run({ taskId: 't1' });
  });
  expect(done).toMatchObject({ epoch: 'life1', seq: 0 });
  expect(result.current.claim).toMatchObject({ status: 'done', data: done });
  const error = { code: 'task_taken', message: 'Somebody else has the task.', retryable: false } as const;
  server.handle = () => ({ success: false, error });
  await act(async () => {
    done = await result.current.claim.run({ taskId: 't1' });
  });
  expect([done, result.current.claim.status, result.current.claim.error]).toEqual([
    undefined,
    'refused',
    error,
  ]);
});
