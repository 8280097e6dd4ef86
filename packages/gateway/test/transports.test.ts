import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Delivered, SubscribeAnswer } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import { execution, message, startBench, until } from './support/gateway.ts';

test.each([
  ['over polling', ['polling']],
  ['while polling becomes WebSocket', ['polling', 'websocket']],
  ['over WebSocket', ['websocket']],
])('Events come whole, once and in order %s', async (_how, transports) => {
  const bench = await startBench();
  await execution(bench, 'e1', ['alice']);
  const total = 400;
  const sockets = await Promise.all(Array.from({ length: 10 }, () => bench.sdk('alice', { transports })));
  const seen = sockets.map((): number[] => []);
  const note = (events: Delivered[], i: number) => seen[i]!.push(...events.map(({ seq }) => seq));
  for (const [i, socket] of sockets.entries()) {
    socket.on('events', (batch: Delivered[]) => note(batch, i));
    socket.emit('subscribe', { rooms: ['execution:e1'] }, (answer: SubscribeAnswer) => {
      if (answer.success) note(answer.events, i);
    });
  }
  for (let i = 0; i < total; i += 4)
    await bench.publish(
      'default',
      Array.from({ length: 4 }, (_, k) => message('e1', `${i + k}`)),
    );
  const all = Array.from({ length: total + 1 }, (_, i) => i + 1);
  for (const one of seen) {
    await until(() => one.at(-1)).toBe(total + 1);
    // A snapshot's history holds the last 200 events; what it begins with depends on when it was taken.
    expect(one).toEqual(all.slice(one[0]! - 1));
  }
  for (const socket of sockets) await until(() => socket.io.engine.transport.name).toBe(transports.at(-1));
});

test('no compression is agreed on, whatever a client offers', async () => {
  const bench = await startBench();
  const asked = request(`${bench.url}/socket.io/?EIO=4&transport=websocket`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits',
    },
  });
  asked.end();
  const [answer, socket] = (await once(asked, 'upgrade')) as [IncomingMessage, Socket];
  socket.destroy();
  expect(answer.statusCode).toBe(101);
  expect(answer.headers).not.toHaveProperty('sec-websocket-extensions');
});
