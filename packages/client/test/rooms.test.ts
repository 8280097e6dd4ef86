import type { WireError } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import { live, liveClient, until } from './helpers/connected.ts';
import { EXECUTION, message, task } from './helpers/happenings.ts';
import { startServer } from './helpers/scripted-server.ts';

const forbidden: WireError = { code: 'forbidden', message: 'Not for you, or not there.', retryable: false };
const isWhole = (room: { state: string }) => room.state === 'whole';

test('several holders share one subscription, and the last one ends it', async () => {
  const server = await startServer();
  server.append(task('t1'));
  const client = await liveClient(server);
  const room = client.room(EXECUTION);
  const first = room.hold();
  const second = client.room(EXECUTION).hold();
  await until(room, isWhole);
  first();
  first();
  const third = room.hold();
  second();
  await expect.poll(() => client.view('tasks').getSnapshot().length).toBe(1);
  third();
  await expect.poll(() => server.unsubscribes).toEqual([[EXECUTION]]);
  expect(server.subscribes.slice(1)).toEqual([{ rooms: [EXECUTION] }]);
  expect(client.view('tasks').getSnapshot()).toEqual([]);
  expect(room.getSnapshot().state).toBe('idle');
});

test('a refused room is told to who holds it, and harms no other', async () => {
  const server = await startServer();
  server.refuses = (room) => (room === EXECUTION ? forbidden : undefined);
  const client = await liveClient(server);
  client.room(EXECUTION).hold();
  client.room('execution:e2').hold();
  const refused = await until(client.room(EXECUTION), (room) => room.state === 'refused');
  expect(refused).toEqual({ state: 'refused', error: forbidden });
  expect(client.room('execution:e2').getSnapshot().state).toBe('whole');
  expect(client.status.getSnapshot().state).toBe('live');
});

test('a room that is refused on return takes its rows along', async () => {
  const server = await startServer();
  server.append(task('t1'), message('m1', 'secret'));
  const client = await liveClient(server);
  client.room(EXECUTION).hold();
  await until(client.room(EXECUTION), isWhole);
  client.disconnect();
  server.refuses = (room) => (room === EXECUTION ? forbidden : undefined);
  client.connect();
  await live(client);
  expect(client.room(EXECUTION).getSnapshot().state).toBe('refused');
  expect(client.view('tasks').getSnapshot()).toEqual([]);
  expect(client.history(EXECUTION).getSnapshot()).toEqual([]);
});

test('a room that is taken away takes along what was shown through it alone', async () => {
  const server = await startServer();
  server.append(task('t1'), { ...task('t2'), rooms: [EXECUTION, 'user:alice'] }, message('m1', 'secret'));
  const client = await liveClient(server);
  client.room(EXECUTION).hold();
  await until(client.room(EXECUTION), isWhole);
  server.refuses = (room) => (room === EXECUTION ? forbidden : undefined);
  server.takeAway(EXECUTION);
  const left = await until(client.room(EXECUTION), (room) => room.state === 'refused');
  expect(left).toMatchObject({ error: { code: 'forbidden' } });
  expect(client.view('tasks').getSnapshot()).toMatchObject([{ subject: 'task/t2' }]);
  expect(client.history(EXECUTION).getSnapshot()).toEqual([]);
  // The revision that came with it is the one that proofs name from now on.
  server.checkpoint();
  server.append({ ...task('t2', { state: 'completed' }), rooms: ['user:alice'] });
  await until(client.view('tasks', { open: true }), (rows) => rows.length === 0);
  expect(client.status.getSnapshot().state).toBe('live');
  expect(server.subscribes).toHaveLength(2);
});

test('a room that was taken away is asked for again when a row of ours stands in it', async () => {
  const server = await startServer();
  const client = await liveClient(server);
  client.room(EXECUTION).hold();
  await until(client.room(EXECUTION), isWhole);
  server.takeAway(EXECUTION);
  await until(client.room(EXECUTION), (room) => room.state === 'refused');
  server.append({ ...task('t1'), rooms: ['user:alice'] });
  server.append({ ...task('t2'), rooms: [EXECUTION, 'user:alice'] });
  await until(client.room(EXECUTION), isWhole);
  expect(server.subscribes.slice(2)).toEqual([{ rooms: [EXECUTION] }]);
});

test('a room that is taken away while its pages come is never taken for whole, and the others are', async () => {
  const server = await startServer();
  server.append(task('t1'), task('t2'), task('t3'));
  server.pageSize = 1;
  const client = await liveClient(server);
  server.beforePage = () => {
    server.beforePage = () => undefined;
    server.refuses = (room) => (room === EXECUTION ? forbidden : undefined);
    server.takeAway(EXECUTION);
  };
  client.room(EXECUTION).hold();
  client.room('execution:e2').hold();
  await until(client.room('execution:e2'), isWhole);
  await until(client.room(EXECUTION), (room) => room.state === 'refused');
  expect(client.view('tasks').getSnapshot()).toEqual([]);
});

test('a view keeps its array while its content stays', async () => {
  const server = await startServer();
  server.append(task('t1'));
  const client = await liveClient(server);
  client.room(EXECUTION).hold();
  await until(client.room(EXECUTION), isWhole);
  const view = client.view('tasks', { room: EXECUTION });
  let calls = 0;
  view.subscribe(() => calls++);
  const before = view.getSnapshot();
  server.append(message('m1', 'no task'));
  await until(client.history(EXECUTION), (events) => events.length === 2);
  expect(view.getSnapshot()).toBe(before);
  expect(calls).toBe(0);
  expect(client.view('tasks', { room: EXECUTION })).toBe(view);
});

test('another user on the same client sees nothing of the first one', async () => {
  const server = await startServer();
  server.append({ ...task('t1'), rooms: ['user:alice'] });
  let token = 'alice';
  const client = await liveClient(server, { getToken: () => token });
  expect(client.view('tasks').getSnapshot()).toHaveLength(1);
  client.disconnect();
  token = 'bob';
  client.connect();
  await live(client);
  expect(client.view('tasks').getSnapshot()).toEqual([]);
  expect(client.identity.getSnapshot()?.userId).toBe('bob');
});

test('a room that is given up and taken again during a resume is asked for afresh', async () => {
  const server = await startServer();
  server.append(task('t1'));
  const client = await liveClient(server);
  const room = client.room(EXECUTION);
  const release = room.hold();
  await until(room, isWhole);
  client.disconnect();
  client.connect();
  await until(client.status, ({ state }) => state === 'catching-up');
  release();
  await until(room, ({ state }) => state === 'idle');
  room.hold();
  await until(room, isWhole);
  expect(client.view('tasks').getSnapshot()).toHaveLength(1);
});

test('the history of a room gets no older events by the snapshot of another one', async () => {
  const server = await startServer();
  server.append({ ...message('m1', 'both'), rooms: [EXECUTION, 'execution:e2'] });
  for (let i = 2; i <= 60; i++) server.append(message(`m${i}`, 'one'));
  const client = await liveClient(server);
  for (const name of [EXECUTION, 'execution:e2'] as const) {
    client.room(name).hold();
    await until(client.room(name), isWhole);
  }
  expect(client.history(EXECUTION).getSnapshot()[0]?.seq).toBe(11);
  expect(client.history('execution:e2').getSnapshot()).toHaveLength(1);
});
