import { CATALOGUE, SUBJECTS, type SubjectKind } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import { merge, RealtimeError } from '../src/index.ts';
import { plainSocket } from '../src/plain-socket.ts';
import { isOpen, subjectOf } from '../src/testing/fake-log.ts';
import { createFakeClient } from '../src/testing/index.ts';
import { until } from './helpers/connected.ts';

const ROOM = 'execution:e1';

const task = (taskId: string, more: object = {}) => ({
  taskId,
  taskName: `Task ${taskId}`,
  state: 'open' as const,
  executionId: 'e1',
  candidateUsers: [],
  candidateGroups: [],
  ...more,
});

const message = (messageId: string, content: string) => ({
  messageId,
  executionId: 'e1',
  content,
  userId: 'alice',
  timestamp: '2026-01-01T12:00:00.000Z',
});

test('it is connected, and shows the rows and the history that it was given', async () => {
  const client = createFakeClient({
    identity: { userId: 'carol', groups: ['developers'] },
    rows: { tasks: [task('t1'), task('t2', { state: 'completed' })] },
    history: [
      { type: 'message:new', data: message('m1', 'hello') },
      { type: 'x:shipped', data: { parcel: '7' }, rooms: [ROOM] },
    ],
  });
  expect(client.status.getSnapshot()).toEqual({ state: 'live' });
  expect(client.identity.getSnapshot()).toEqual({
    userId: 'carol',
    domainId: 'demo',
    groups: ['developers'],
  });
  client.room(ROOM).hold();
  await until(client.room(ROOM), ({ state }) => state === 'whole');
  expect(
    client
      .view('tasks', { room: ROOM })
      .getSnapshot()
      .map(({ data }) => data.taskId),
  ).toEqual(['t1', 't2']);
  expect(client.view('tasks', { open: true }).getSnapshot()).toHaveLength(1);
  expect(
    client
      .history(ROOM)
      .getSnapshot()
      .map(({ type }) => type),
  ).toEqual(['message:new', 'x:shipped']);
});

test('what happens is shown and heard, by both faces, and is there for who waits for it', async () => {
  const client = createFakeClient();
  const heard: unknown[] = [];
  client.on('task:created', ({ data, subject }) => heard.push([data.taskName, subject]));
  plainSocket(client).on('task:created', (data, { seq }) => heard.push([data.taskId, seq]));
  client.on('typing', ({ data }) => heard.push(data.userId));
  const event = client.emit('task:created', task('t1'));
  client.say('typing', { executionId: 'e1', userId: 'bob' });
  expect(heard).toEqual([['Task t1', 'task/t1'], ['t1', 1], 'bob']);
  await client.ready({ epoch: client.position!.epoch, seq: event.seq });
  client.put('tasks', task('t1', { assignee: 'bob' }));
  expect(client.view('tasks').getSnapshot()[0]?.data.assignee).toBe('bob');
  client.remove('tasks', 't1');
  expect(client.view('tasks').getSnapshot()).toEqual([]);
});

test('a command waits for the answer of the test, and shows its effect ahead', async () => {
  const client = createFakeClient({ rows: { tasks: [task('t1')] } });
  const row = () => client.view('tasks').getSnapshot()[0];
  const claim = client.command('task:claim', { taskId: 't1' }).catch((thrown) => thrown);
  expect(row()).toMatchObject({ pending: client.commands[0]!.commandId, data: { assignee: 'alice' } });
  client.commands[0]!.refuse('task_taken');
  expect(await claim).toMatchObject({ code: 'task_taken' });
  expect(await claim).toBeInstanceOf(RealtimeError);
  expect([row()?.pending, row()?.data.assignee, client.commands]).toEqual([undefined, undefined, []]);
  const again = client.command('task:claim', { taskId: 't1' });
  const [{ commandId, answer }] = client.commands as [(typeof client.commands)[number]];
  client.put('tasks', task('t1', { assignee: 'alice' }), { type: 'task:assigned', commandId });
  answer({ taskId: 't1' });
  expect((await again).result).toEqual({ taskId: 't1' });
  expect(row()).toMatchObject({ data: { assignee: 'alice' } });
  expect(row()?.pending).toBeUndefined();
});

test('without a connection nothing arrives, and all of it does when there is one', async () => {
  const client = createFakeClient({ onCommand: (command) => command.answer() });
  client.setStatus({ state: 'offline', reason: 'network', retryAt: 0 });
  client.emit('task:created', task('t1'));
  const sent = client.command('message:send', { executionId: 'e1', content: 'later' });
  expect([client.view('tasks').getSnapshot(), client.outbox.getSnapshot().length]).toEqual([[], 1]);
  client.setStatus({ state: 'live' });
  expect(client.view('tasks').getSnapshot()).toHaveLength(1);
  await sent;
  expect(client.outbox.getSnapshot()).toEqual([]);
});

test('a room is refused, from the beginning or from now on', async () => {
  const client = createFakeClient();
  const states: string[] = [];
  for (const room of ['execution:e1', 'execution:e2'] as const) client.room(room).hold();
  client.refuse('execution:e2');
  await until(client.room(ROOM), ({ state }) => state === 'whole');
  client.emit('message:new', message('m1', 'hello'), { rooms: [ROOM] });
  client.refuse(ROOM);
  for (const room of ['execution:e1', 'execution:e2'] as const)
    states.push(client.room(room).getSnapshot().state);
  expect(states).toEqual(['refused', 'refused']);
  expect(client.history(ROOM).getSnapshot()).toEqual([]);
});

test('what is asked over HTTP, and who is there, is for the test to say', async () => {
  const client = createFakeClient({ get: (path) => ({ path }), people: () => ['alice', 'bob'] });
  expect(await client.get('/v1/unread')).toEqual({ path: '/v1/unread' });
  expect(await client.ask('presence', { room: ROOM })).toMatchObject({ success: true, count: 2 });
  await expect(createFakeClient().get('/v1/unread')).rejects.toMatchObject({ code: 'not_found' });
});

test('what it works out of the data is what the catalogue says', () => {
  const known = [
    'task',
    'process',
    'activity',
    'incident',
    'execution',
    'message',
    'payment',
    'microservice',
  ];
  const kinds = new Set<string>([...known, 'optimization', 'pattern', 'agent', 'form', 'approval']);
  const ids = new Proxy({}, { get: (_, name) => (String(name).endsWith('Id') ? 'i' : undefined) });
  for (const { type, subject } of CATALOGUE.values())
    if (kinds.has(subject.kind)) expect([type, subjectOf(type, ids)]).toEqual([type, `${subject.kind}/i`]);
  for (const kind of kinds) {
    const { data, isOpen: wanted } = SUBJECTS[kind as SubjectKind];
    const { state } = (data as unknown as { shape: { state?: { options: string[] } } }).shape;
    for (const one of state?.options ?? [undefined]) {
      const row = { state: one };
      expect([kind, one, isOpen(kind, row)]).toEqual([kind, one, wanted(row as never)]);
    }
  }
  expect(isOpen('payment', { ended: '2026-01-01T00:00:00Z' })).toBe(false);
});

test('a history of it can be merged with another one', async () => {
  const client = createFakeClient({ history: [{ type: 'message:new', data: message('m1', 'hello') }] });
  client.room(ROOM).hold();
  await until(client.room(ROOM), ({ state }) => state === 'whole');
  const history = client.history(ROOM).getSnapshot();
  expect(merge(history, history)).toEqual(history);
});
