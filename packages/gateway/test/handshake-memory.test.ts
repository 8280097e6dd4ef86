import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { expect, onTestFinished, test } from 'vitest';
import { forgetHandshakes } from '../src/sockets/handshake.ts';
import { ask, until } from './support/gateway.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test.each([
  ['over WebSocket', ['websocket']],
  ['over polling', ['polling']],
  ['that has moved from polling to WebSocket', ['polling', 'websocket']],
])('A connection %s keeps no request, and goes on', async (_how, transports) => {
  const http = createServer().listen(0, '127.0.0.1');
  await once(http, 'listening');
  const server = new Server(http);
  const requests: WeakRef<object>[] = [];
  server.engine.use((request: object, _answer: object, next: () => void) => {
    requests.push(new WeakRef(request));
    next();
  });
  forgetHandshakes(server);
  server.on('connection', (socket) => {
    socket.on('still there?', (answer) => answer('yes'));
  });
  const { port } = http.address() as AddressInfo;
  const client = io(`http://127.0.0.1:${port}`, { transports, forceNew: true });
  onTestFinished(async () => {
    client.disconnect();
    await server.close();
  });
  await until(() => client.connected && client.io.engine.transport.name).toBe(transports.at(-1));
  await until(() => {
    collect();
    // Over polling the next one is under way already.
    return requests.filter((request) => request.deref()).length;
  }).toBeLessThan(transports.at(-1) === 'polling' ? 2 : 1);
  expect(await ask(client, 'still there?')).toBe('yes');
});
