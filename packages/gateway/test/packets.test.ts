import type { Delivered } from '@netbuild/realtime-protocol';
import { test } from 'vitest';
import { ask, fact, startBench, until } from './support/gateway.ts';

// A frame's head has another form below 126 bytes, and from 64 KB on; bytes are not letters.
test.each([0, 1, 150, 50_000, 90_000])(
  '%i letters arrive as they were sent, over any transport, in any manner',
  async (length) => {
    const bench = await startBench();
    const text = 'ü'.repeat(length);
    const rooms = ['user:alice'];
    const heard: unknown[] = [];
    for (const transports of [['websocket'], ['polling']]) {
      const sdk = await bench.sdk('alice', { transports });
      sdk.on('events', (batch: Delivered[]) =>
        heard.push(...batch.map((item) => 'data' in item && item.data)),
      );
      await ask(sdk, 'subscribe', { rooms });
      const plain = await bench.plain('alice', { transports });
      plain.on('told', (data) => heard.push(data));
      await ask(plain, 'join-process', 'nothing');
    }
    const custom = { rooms: ['user:alice' as const] };
    await bench.publish('default', [fact('x:told', { text }, custom)]);
    await until(() => heard).toEqual(Array(4).fill({ text }));
  },
);

test('An event without data comes to a plain client as null', async () => {
  const bench = await startBench();
  const plain = await bench.plain('alice');
  const heard: unknown[][] = [];
  plain.on('told', (...said) => heard.push(said));
  await ask(plain, 'join-process', 'nothing');
  const { data: _none, ...bare } = fact('x:told', {}, { rooms: ['user:alice'] });
  await bench.publish('default', [bare as ReturnType<typeof fact>]);
  await until(() => heard).toMatchObject([[null, { type: 'x:told', seq: 1 }]]);
});
