import { expect, test } from 'vitest';
import { plainSocket } from '../src/plain-socket.ts';
import { clientOf, live, liveClient, until } from './helpers/connected.ts';
import { EXECUTION, message, task } from './helpers/happenings.ts';
import { startServer } from './helpers/scripted-server.ts';

test('a screen joins before it is connected, without an answer, and hears the data at the top', async () => {
  const server = await startServer();
  const client = clientOf(server);
  const heard: unknown[] = [];
  plainSocket(client).emit('join-execution', 'e1');
  plainSocket(client).on('task:created', (data, meta) =>
    heard.push([data.taskName, meta.seq, meta.epoch, meta.subject]),
  );
  client.connect();
  await until(client.room(EXECUTION), (room) => room.state === 'whole');
  server.append(task('t1'));
  await expect.poll(() => heard).toEqual([['Task t1', 1, 'life1', 'task/t1']]);
});

test('joining answers when the room is entered, and leaving leaves', async () => {
  const server = await startServer();
  const client = await liveClient(server);
  const joined = await new Promise((resolve) => plainSocket(client).emit('join-process', 'p1', resolve));
  expect(joined).toEqual({ success: true, room: 'process:p1', epoch: 'life1', seq: 0 });
  plainSocket(client).emit('leave-process', 'p1');
  await expect.poll(() => server.unsubscribes).toEqual([['process:p1']]);
});

test('a refused room answers with the refusal', async () => {
  const server = await startServer();
  const error = { code: 'forbidden' as const, message: 'Not for you, or not there.', retryable: false };
  server.refuses = (room) => (room === EXECUTION ? error : undefined);
  const client = await liveClient(server);
  const answer = await new Promise((resolve) => plainSocket(client).emit('join-execution', 'e1', resolve));
  expect(answer).toEqual({ success: false, error });
});

test('a message is sent without an answer and without an id of its own', async () => {
  const server = await startServer();
  const client = await liveClient(server);
  plainSocket(client).emit('message:send', { executionId: 'e1', content: 'hello', timestamp: new Date() });
  await expect
    .poll(() => server.commands[0])
    .toMatchObject({ name: 'message:send', input: { content: 'hello', commandId: expect.any(String) } });
});

test('words that are kept nowhere are heard by their names, by both faces, and are no events', async () => {
  const server = await startServer();
  const client = await liveClient(server);
  const heard: unknown[] = [];
  plainSocket(client).on('typing', (data, meta) => heard.push(['socket', data, meta]));
  client.on('typing', ({ data, rooms }) => heard.push(['client', data, rooms]));
  client.on('*', () => heard.push('an event'));
  const data = { executionId: 'e1', userId: 'bob' };
  const about = { type: 'typing' as const, time: '2026-01-01T00:00:00.000Z' };
  server.say({ ...about, rooms: [EXECUTION], data });
  await expect
    .poll(() => heard)
    .toEqual([
      ['socket', data, about],
      ['client', data, [EXECUTION]],
    ]);
});

test('what was sent without an answer and refused is heard as refused', async () => {
  const server = await startServer();
  const error = { code: 'forbidden' as const, message: 'Not for you, or not there.', retryable: false };
  server.handle = () => ({ success: false, error });
  const client = await liveClient(server);
  const refusal = new Promise((resolve) => plainSocket(client).on('refused', resolve));
  plainSocket(client).emit('message:send', { executionId: 'e1', content: 'hello' });
  expect(await refusal).toEqual({ event: 'message:send', error });
});

test('listeners hear the connection come and go, until they are taken off', async () => {
  const server = await startServer();
  const client = clientOf(server);
  const heard: string[] = [];
  const onConnect = () => heard.push('connect');
  plainSocket(client)
    .on('connect', onConnect)
    .on('disconnect', () => heard.push('disconnect'));
  plainSocket(client).once('ready', (ready) => heard.push(`ready ${ready.userId}`));
  client.connect();
  await live(client);
  expect(plainSocket(client).connected).toBe(true);
  client.disconnect();
  plainSocket(client).off('connect', onConnect);
  client.connect();
  await live(client);
  expect(heard).toEqual(['connect', 'ready alice', 'disconnect']);
});

test('what leaves every room is heard as left', async () => {
  const server = await startServer();
  server.append({ ...task('t1'), rooms: ['user:alice'] });
  const client = await liveClient(server);
  const left = new Promise((resolve) =>
    plainSocket(client).on('left', (data, meta) => resolve([data, meta])),
  );
  server.append({ ...message('m1', 'x'), ...task('t1'), rooms: ['user:bob'] });
  expect(await left).toEqual([{ subject: 'task/t1' }, { epoch: 'life1', seq: 2 }]);
});
