import { CHECKPOINT_INTERVAL } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import { TIMING } from '../src/core/timing.ts';
import type { RealtimeClient } from '../src/index.ts';
import { clientIn, live, until } from './helpers/connected.ts';
import { HandClock } from './helpers/hand-clock.ts';
import { EXECUTION, message, task } from './helpers/happenings.ts';
import { startServer } from './helpers/scripted-server.ts';

const ROOMS = ['user:alice', EXECUTION];

function heardBy(client: RealtimeClient): number[] {
  const heard: number[] = [];
  client.on('*', (event) => heard.push(event.seq));
  return heard;
}

test('the interval is that of the protocol', () => {
  expect(TIMING.interval).toBe(CHECKPOINT_INTERVAL);
});

test('a checkpoint moves the position of silent rooms, and is where the next resume begins', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  server.append({ ...task('t1'), rooms: ['execution:other'] }, { ...task('t2'), rooms: ['execution:other'] });
  server.checkpoint();
  await expect.poll(() => client.position).toEqual({ epoch: 'life1', seq: 2 });
  server.cut();
  await until(client.status, ({ state }) => state !== 'live');
  await live(client);
  expect(server.subscribes.at(-1)).toEqual({ rooms: ROOMS, since: 'life1:2' });
});

test('a batch that was lost is found by the count, and told after those that overtook it', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  const heard = heardBy(client);
  server.append(message('m1', 'one'));
  server.checkpoint();
  server.loses = () => true;
  server.append(message('m2', 'two'), task('t1'));
  server.loses = () => false;
  server.append(message('m4', 'four'));
  await expect.poll(() => heard).toEqual([1, 4]);
  server.checkpoint();
  await expect.poll(() => heard).toEqual([1, 4, 2, 3]);
  expect(server.subscribes.at(-1)).toEqual({ rooms: ROOMS, since: 'life1:1' });
  expect(
    client
      .history(EXECUTION)
      .getSnapshot()
      .map(({ seq }) => seq),
  ).toEqual([1, 2, 3, 4]);
  expect(client.view('tasks').getSnapshot()).toHaveLength(1);
  await live(client);
  server.checkpoint();
  await expect.poll(() => client.position?.seq).toBe(4);
  expect(server.subscribes.filter(({ since }) => since)).toHaveLength(1);
});

test('a batch that was lost before a cut is not passed over by the resume', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  const heard = heardBy(client);
  server.loses = () => true;
  server.append(message('m1', 'one'));
  server.loses = () => false;
  server.append(message('m2', 'two'));
  await expect.poll(() => heard).toEqual([2]);
  server.cut();
  await expect.poll(() => heard).toEqual([2, 1]);
});

test('what a room was shown with is no news, even if a resume brings it again', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  const heard = heardBy(client);
  server.append({ ...message('m1', 'before'), rooms: ['execution:late'] });
  client.room('execution:late').hold();
  await until(client.room('execution:late'), ({ state }) => state === 'whole');
  server.append({ ...message('m2', 'after'), rooms: ['execution:late'] });
  server.checkpoint({ count: 7 });
  await expect.poll(() => server.subscribes.at(-1)?.since).toBe('life1:0');
  await live(client);
  expect(heard).toEqual([2]);
});

test('another revision of the rooms is found too', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  server.checkpoint({ rooms: 99 });
  await expect.poll(() => server.subscribes.at(-1)?.since).toBe('life1:0');
  await live(client);
  server.checkpoint();
  server.append(message('m1', 'one'));
  await expect.poll(() => client.position?.seq).toBe(1);
  expect(server.subscribes.filter(({ since }) => since)).toHaveLength(1);
});

test('giving a room up changes the revision, and is no reason for doubt', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  const release = client.room('execution:e2').hold();
  await until(client.room('execution:e2'), ({ state }) => state === 'whole');
  release();
  server.append({ ...task('t1'), rooms: ['execution:elsewhere'] });
  server.checkpoint();
  await expect.poll(() => server.unsubscribes).toHaveLength(1);
  server.checkpoint();
  await expect.poll(() => client.position?.seq).toBe(1);
  expect(server.subscribes.filter(({ since }) => since)).toEqual([]);
});

test('a client that has never had a checkpoint is stale after two intervals, and asks', async () => {
  const server = await startServer();
  const clock = new HandClock();
  const client = await clientIn(server, EXECUTION, clock);
  const provedAt = clock.now();
  clock.pass(2 * clock.interval - 1);
  expect(client.status.getSnapshot()).toEqual({ state: 'live' });
  clock.pass(1);
  expect(client.status.getSnapshot()).toEqual({ state: 'stale', reason: 'unproven', provedAt });
  await expect.poll(() => server.subscribes.at(-1)?.since).toBe('life1:0');
  // Answered, it knows that this is whole now; that it will hear of the next loss it does not.
  await until(client.status, (status) => status.state === 'stale' && status.provedAt === clock.now());
  server.append(message('m1', 'still comes'));
  await until(client.history(EXECUTION), (events) => events.length === 1);
  expect(client.status.getSnapshot().state).toBe('stale');
});

test('checkpoints that cease make it stale, and the next one makes it live', async () => {
  const server = await startServer();
  const clock = new HandClock();
  const client = await clientIn(server, EXECUTION, clock);
  server.append({ ...task('t1'), rooms: ['execution:elsewhere'] });
  server.checkpoint();
  await expect.poll(() => client.position?.seq).toBe(1);
  clock.pass(2 * clock.interval);
  expect(client.status.getSnapshot()).toMatchObject({ state: 'stale', reason: 'silent' });
  server.checkpoint();
  await live(client);
});

test('a stale connection that does not answer is given up', async () => {
  const server = await startServer();
  const clock = new HandClock();
  const client = await clientIn(server, EXECUTION, clock);
  server.isDeaf = true;
  clock.pass(2 * clock.interval);
  await expect.poll(() => server.subscribes).toHaveLength(3);
  clock.pass(clock.interval);
  expect(client.status.getSnapshot()).toMatchObject({ state: 'offline', reason: 'network' });
  server.isDeaf = false;
  clock.pass(40);
  await live(client);
  expect(server.handshakes).toHaveLength(2);
});

test('a harmless change of life costs no snapshot, on a connection that stands too', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  const heard = heardBy(client);
  server.append(message('m1', 'one'));
  server.beginLife('life2');
  server.checkpoint();
  server.append(message('m2', 'two'));
  await expect.poll(() => client.position).toEqual({ epoch: 'life2', seq: 2 });
  await live(client);
  expect(heard).toEqual([1, 2]);
  expect(server.answers.slice(2)).toMatchObject([{ recovered: true }]);
});

test('a harmless change of life costs no snapshot for what a room that was given up has brought', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  const heard = heardBy(client);
  const release = client.room('execution:2').hold();
  await until(client.room('execution:2'), ({ state }) => state === 'whole');
  server.append({ ...message('m1', 'one'), rooms: ['execution:2'] });
  await expect.poll(() => heard).toEqual([1]);
  release();
  server.append(message('m2', 'two'));
  server.beginLife('life2');
  server.checkpoint();
  await expect.poll(() => client.position).toEqual({ epoch: 'life2', seq: 2 });
  await live(client);
  expect(heard).toEqual([1, 2]);
  expect(server.answers.slice(3)).toMatchObject([{ recovered: true }]);
});

test('a node that is behind another one brings nothing twice, and counts what it sends', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  const heard = heardBy(client);
  server.append(message('m1', 'one'), message('m2', 'two'), message('m3', 'three'));
  await expect.poll(() => heard).toEqual([1, 2, 3]);
  client.disconnect();
  server.log.length = 1;
  client.connect();
  await live(client);
  expect(client.position).toEqual({ epoch: 'life1', seq: 3 });
  server.append(message('m2', 'two'), message('m3', 'three'));
  server.append(message('m4', 'four'));
  server.checkpoint();
  await expect.poll(() => heard).toEqual([1, 2, 3, 4]);
  const asked = server.subscribes.length;
  client.room('execution:2').hold();
  await until(client.room('execution:2'), ({ state }) => state === 'whole');
  expect(server.subscribes.slice(asked)).toEqual([{ rooms: ['execution:2'] }]);
});

test('a life that has lost what was seen is told by a fresh start, though the proved place lives on', async () => {
  const server = await startServer();
  server.append(task('t1'));
  const client = await clientIn(server, EXECUTION);
  server.checkpoint();
  server.append(task('lost'), message('m1', 'lost'));
  await until(client.history(EXECUTION), (events) => events.at(-1)?.seq === 3);
  server.beginLife('life2', 2);
  server.append(task('t2'));
  server.checkpoint();
  await expect.poll(() => client.position).toEqual({ epoch: 'life2', seq: 2 });
  await live(client);
  expect(
    client
      .view('tasks')
      .getSnapshot()
      .map((row) => row.data.taskId),
  ).toEqual(['t1', 't2']);
  expect(server.answers.at(-1)).toMatchObject({ recovered: false });
});

test('a resume that the server can not give just now is asked again', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  const heard = heardBy(client);
  server.busy = { code: 'storage_unavailable', message: 'soon', retryable: true, retryAfter: 1 };
  server.cut();
  // It may have asked more than once by then: how long it waits is left to chance.
  await expect.poll(() => server.subscribes.length).toBeGreaterThan(2);
  server.append(message('m1', 'while away'));
  server.busy = undefined;
  await live(client);
  expect(heard).toEqual([1]);
});
