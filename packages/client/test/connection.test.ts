import { expect, test } from 'vitest';
import { connectionStatus, type Status } from '../src/index.ts';
import { clientOf, live, liveClient, until } from './helpers/connected.ts';
import { EXECUTION, message } from './helpers/happenings.ts';
import { startServer } from './helpers/scripted-server.ts';

test('the status goes from closed by connecting and catching up to live', async () => {
  const server = await startServer();
  const client = clientOf(server);
  const seen: string[] = [client.status.getSnapshot().state];
  client.status.subscribe(() => seen.push(client.status.getSnapshot().state));
  client.connect();
  await live(client);
  expect(seen).toEqual(['closed', 'connecting', 'catching-up', 'live']);
  expect(connectionStatus(client.status.getSnapshot())).toBe('connected');
});

test('a refused token ends the attempts, and says why', async () => {
  const server = await startServer();
  const client = clientOf(server, { token: 'bad' });
  client.connect();
  const status = await until(client.status, ({ state }) => state === 'refused');
  expect(status).toMatchObject({ error: { code: 'token_invalid' } });
  await expect(client.command('task:claim', { taskId: 't1' })).rejects.toMatchObject({
    code: 'token_invalid',
  });
});

test('every attempt has a fresh token, and a failing source of tokens is asked again', async () => {
  const server = await startServer();
  let asked = 0;
  const getToken = async () => {
    asked++;
    if (asked === 1) throw new Error('not now');
    return 'alice';
  };
  const client = await liveClient(server, { getToken });
  server.cut();
  await until(client.status, ({ state }) => state !== 'live');
  await live(client);
  expect(asked).toBe(3);
});

test('a server that closes says when to come back', async () => {
  const server = await startServer();
  const client = await liveClient(server);
  const before = Date.now();
  server.closeWith({ code: 'stopping', reason: 'soon', comeBack: true, retryAfter: 300 });
  const status = (await until(client.status, ({ state }) => state === 'offline')) as Extract<
    Status,
    { state: 'offline' }
  >;
  expect(status.reason).toBe('stopping');
  expect(status.retryAt).toBeGreaterThanOrEqual(before + 300);
  await live(client);
  expect(Date.now()).toBeGreaterThanOrEqual(before + 300);
});

test('a server that says not to come back is left alone', async () => {
  const server = await startServer();
  const client = await liveClient(server);
  server.closeWith({ code: 'stopping', reason: 'for good', comeBack: false });
  expect(await until(client.status, ({ state }) => state === 'closed')).toEqual({
    state: 'closed',
    reason: 'stopping',
  });
});

test('a busy server is tried again after the time that it names', async () => {
  const server = await startServer();
  server.refuseConnections = {
    code: 'storage_unavailable',
    message: 'soon',
    retryable: true,
    retryAfter: 60_000,
  };
  const client = clientOf(server);
  client.connect();
  const status = (await until(client.status, ({ state }) => state === 'offline')) as Extract<
    Status,
    { state: 'offline' }
  >;
  expect(status.retryAt - Date.now()).toBeGreaterThan(59_000);
  server.refuseConnections = undefined;
  client.connect();
  await live(client);
});

test('connecting, and taking it back at once, and connecting again makes one connection', async () => {
  const server = await startServer();
  const client = clientOf(server);
  client.connect();
  client.disconnect();
  client.connect();
  await live(client);
  expect(server.handshakes).toHaveLength(1);
});

test('a client that is disconnected while it catches up stays so', async () => {
  const server = await startServer();
  const client = clientOf(server);
  client.connect();
  await until(client.status, ({ state }) => state === 'catching-up');
  client.disconnect();
  await expect.poll(() => server.connections).toHaveLength(0);
  expect(client.status.getSnapshot()).toEqual({ state: 'closed', reason: 'by-hand' });
  expect(server.handshakes).toHaveLength(1);
});

test('where WebSocket fails, polling carries the same events in the same order', async () => {
  const server = await startServer({ transports: ['polling'] });
  const client = await liveClient(server);
  const heard: number[] = [];
  client.on('*', (event) => heard.push(event.seq));
  client.room(EXECUTION).hold();
  await until(client.room(EXECUTION), ({ state }) => state === 'whole');
  server.append(message('m1', 'one'), message('m2', 'two'));
  server.append(message('m3', 'three'));
  await expect.poll(() => heard).toEqual([1, 2, 3]);
});
