import { EventEmitter } from 'node:events';
import type { Ephemeral } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import { joined } from '../src/delivery/words.ts';
import { createHearing } from '../src/sockets/hearing.ts';
import { packetOf } from '../src/sockets/packet.ts';
import type { WireSocket } from '../src/sockets/wire-socket.ts';
import { ask, execution, message, startBench, until } from './support/gateway.ts';

const time = '2026-01-01T00:00:00.000Z';

const isTyping = (word: Ephemeral): word is Ephemeral<'typing'> => word.type === 'typing';

function typing(userId: string, executionId = 'e1'): Ephemeral {
  return { type: 'typing', rooms: [`execution:${executionId}`], time, data: { executionId, userId } };
}

function delta(offset: number, text: string, messageId = 'm1'): Ephemeral<'agent:delta'> {
  return {
    type: 'agent:delta',
    rooms: ['execution:e1'],
    time,
    data: { agentId: 'a1', messageId, offset, text },
  };
}

test('a word reaches who is in one of its rooms, once, by its name, and nobody else', async () => {
  const bench = await startBench();
  await execution(bench, 'e1', ['alice', 'bob']);
  const [sdk, plain, elsewhere] = [
    await bench.sdk('alice'),
    await bench.plain('bob'),
    await bench.sdk('carol'),
  ];
  const heard: unknown[] = [];
  sdk.on('ephemeral', (words: Ephemeral[]) =>
    heard.push(...words.filter(isTyping).map(({ type, data }) => ['sdk', type, data])),
  );
  plain.on('typing', (data: unknown, meta: unknown) => heard.push(['plain', meta, data]));
  elsewhere.onAny((name: string) => name === 'ephemeral' && heard.push('elsewhere'));
  await ask(sdk, 'subscribe', { rooms: ['execution:e1', 'user:alice'] });
  await ask(plain, 'join-execution', 'e1');
  await ask(elsewhere, 'subscribe', { rooms: ['user:carol'] });
  const word = typing('dora');
  bench.log.cast('default', JSON.stringify({ ...word, rooms: ['execution:e1', 'user:alice'] }));
  // Of another domain, of a type that only another version knows, and none at all.
  bench.log.cast('other', JSON.stringify(word));
  bench.log.cast('default', JSON.stringify({ ...word, type: 'constructor' }));
  await until(() => heard.length).toBe(2);
  for (const socket of [sdk, plain, elsewhere]) await ask(socket, 'message:send', {});
  expect(heard).toHaveLength(2);
  expect(heard).toContainEqual(['sdk', 'typing', word.data]);
  expect(heard).toContainEqual(['plain', { type: 'typing', time }, word.data]);
});

test('what is said while a socket stands still for its subscribe comes after the answer', async () => {
  const bench = await startBench();
  await execution(bench, 'e1', ['alice']);
  const socket = await bench.sdk('alice');
  const order: string[] = [];
  socket.on('ephemeral', (words: Ephemeral[]) =>
    order.push(...words.filter(isTyping).map(({ data }) => data.userId)),
  );
  await ask(socket, 'subscribe', { rooms: ['user:alice'] });
  socket.emit('subscribe', { rooms: ['execution:e1'] }, () => order.push('answer'));
  const ended = { isSo: false };
  // All the while, so that some of it falls into the time in which it stands still.
  const saying = (async () => {
    for (let n = 0; !ended.isSo; n++) {
      bench.log.cast('default', JSON.stringify(typing(`${n}`)));
      await bench.publish('default', [message('e1', `${n}`)]);
    }
  })();
  await until(() => order.length).toBeGreaterThan(2);
  ended.isSo = true;
  await saying;
  expect(order[0]).toBe('answer');
});

test('pieces of an answer that follow one on the other are one, and a hole stays one', () => {
  const words = [
    delta(0, 'He'),
    typing('bob'),
    delta(2, 'llo'),
    delta(0, 'x', 'm2'),
    delta(7, '!'),
    delta(8, '?'),
  ];
  expect(joined(words)).toEqual([delta(0, 'Hello'), typing('bob'), delta(0, 'x', 'm2'), delta(7, '!?')]);
  expect(joined([{ ...delta(0, 'a'), rooms: ['user:a'] }, delta(1, 'b')])).toHaveLength(2);
});

test('for who does not read words wait, joined and few, and what is sent meanwhile comes after them', () => {
  const transport = Object.assign(new EventEmitter(), { writable: true });
  const sent: Ephemeral[][] = [];
  const conn = { transport, write: (text: string) => sent.push(JSON.parse(text.slice(1))[1]) };
  const hearing = createHearing({ conn } as unknown as WireSocket, (words) => [
    packetOf('"ephemeral"', JSON.stringify(words)),
  ]);
  hearing.hear([typing('bob')]);
  expect(sent).toEqual([[typing('bob')]]);
  transport.writable = false;
  for (let n = 0; n < 1000; n++) hearing.hear([delta(n, 'x')]);
  expect(sent).toHaveLength(1);
  transport.writable = true;
  transport.emit('ready');
  expect(sent.slice(1)).toEqual([[delta(0, 'x'.repeat(1000))]]);
  transport.writable = false;
  for (let n = 0; n < 1000; n++) hearing.hear([typing(`${n}`)]);
  hearing.flush();
  expect(sent[2]!.map(({ data }) => (data as { userId: string }).userId)).toEqual(
    Array.from({ length: 50 }, (_, n) => `${950 + n}`),
  );
  hearing.hear([delta(0, 'y'.repeat(20_000))]);
  transport.emit('ready');
  expect(sent).toHaveLength(3);
  expect(transport.listenerCount('ready')).toBe(0);
});

test('who is there and who writes is for those who are in the room; the writer is not told', async () => {
  const bench = await startBench();
  await execution(bench, 'e1', ['alice', 'bob']);
  const [alice, bob, carol] = [await bench.sdk('alice'), await bench.plain('bob'), await bench.sdk('carol')];
  const heard: unknown[] = [];
  for (const [name, socket] of Object.entries({ alice, carol }))
    socket.on('ephemeral', (words: Ephemeral[]) =>
      heard.push(...words.filter(isTyping).map((word) => [name, word.data])),
    );
  bob.on('typing', (data: unknown) => heard.push(['bob', data]));
  await ask(alice, 'subscribe', { rooms: ['execution:e1'] });
  await ask(bob, 'join-execution', 'e1');
  for (const name of ['presence', 'typing'])
    expect(await ask(carol, name, { room: 'execution:e1', executionId: 'e1' })).toMatchObject({
      success: false,
      error: { code: 'forbidden' },
    });
  expect(await ask(bob, 'presence', { room: 'execution:e1' })).toMatchObject({ count: 2 });
  expect(await ask(bob, 'presence', {})).toMatchObject({ error: { code: 'invalid', field: 'room' } });
  // As a screen that says it at every key does.
  for (let n = 0; n < 20; n++) bob.emit('typing', { executionId: 'e1' });
  await until(() => heard.length).toBe(1);
  await ask(bob, 'typing', { executionId: 'e1' });
  expect(await ask(alice, 'presence', { room: 'execution:e1' })).toMatchObject({ people: ['alice', 'bob'] });
  expect(heard).toEqual([['alice', { executionId: 'e1', userId: 'bob' }]]);
});

test('with PRESENCE off nobody is told of anybody', async () => {
  const bench = await startBench({ PRESENCE: 'off' });
  await execution(bench, 'e1', ['alice']);
  const socket = await bench.sdk('alice');
  await ask(socket, 'subscribe', { rooms: ['execution:e1'] });
  for (const name of ['presence', 'typing'])
    expect(await ask(socket, name, { room: 'execution:e1', executionId: 'e1' })).toMatchObject({
      success: false,
      error: { code: 'unknown_command' },
    });
});
