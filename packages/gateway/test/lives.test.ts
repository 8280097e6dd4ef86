import type { Checkpoint, Delivered } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import { createTail } from '../src/delivery/tail.ts';
import { ask, execution, heard, message, startBench, until } from './support/gateway.ts';
import { openLog } from './support/log.ts';
import { openRewindable } from './support/rewindable.ts';
import { troubled } from './support/troubled.ts';

const quick = { lookEvery: 10, checkpointEvery: 50 };
let keys = 0;
const group = () => ({
  key: `k${++keys}`,
  reads: [],
  events: [{ rooms: ['user:alice' as const], left: [], open: false, body: '{}' }],
});

test('A tail that no wake-up reaches catches up by itself', async () => {
  const log = troubled(await openLog(), { watch: () => () => () => undefined });
  const seen: number[] = [];
  const tail = await createTail(log, 'd', (entries) => seen.push(...entries.map(({ seq }) => seq)), {
    every: 10,
  });
  for (let i = 0; i < 3; i++) await log.append('d', [group(), group()]);
  await until(() => seen).toEqual([1, 2, 3, 4, 5, 6]);
  tail.close();
});

test('A read that fails is tried again, and nothing is left unhandled', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  let failures = 0;
  const real = await openLog();
  const log = troubled(real, {
    watch: () => () => () => undefined,
    read: (pass) => (domain, range) =>
      ++failures < 4 ? Promise.reject(new Error('not now')) : pass(domain, range),
  });
  const seen: number[] = [];
  const tail = await createTail(log, 'd', (entries) => seen.push(...entries.map(({ seq }) => seq)), {
    every: 10,
  });
  await real.append('d', [group()]);
  await until(() => seen).toEqual([1]);
  expect(failures).toBe(4);
  expect(tail.lookedAt).toBeGreaterThan(0);
  tail.close();
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

test('A tail beyond the fork of a new life goes back to it, and goes on with what is there now', async () => {
  const { log, keep, rewind } = await openRewindable();
  await log.append('d', [group(), group(), group()]);
  await keep();
  const seen: string[] = [];
  const tail = await createTail(
    log,
    'd',
    (entries, epoch) => seen.push(...entries.map(({ seq }) => `${epoch}:${seq}`)),
    { every: 10, rewound: (seq) => seen.push(`back to ${seq}`) },
  );
  const old = tail.epoch;
  await log.append('d', [group(), group()]);
  const never = tail.reached(6);
  await rewind();
  await log.append('d', [group(), group(), group()]);
  const { epoch } = await log.head('d');
  await until(() => seen.at(-1)).toBe(`${epoch}:6`);
  expect(seen).toEqual([`${old}:4`, `${old}:5`, 'back to 3', `${epoch}:4`, `${epoch}:5`, `${epoch}:6`]);
  expect(await never).toBe(false);
  expect(await tail.reached(6, old)).toBe(false);
  expect(await tail.reached(6, epoch)).toBe(true);
  tail.close();
});

test('Sockets that were sent what the log has lost are told to come back, and start afresh', async () => {
  const { log, keep, rewind } = await openRewindable();
  const bench = await startBench({}, { log, delivery: quick });
  await execution(bench, 'e1', ['alice']);
  await keep();
  const [sdk, plain] = [await bench.sdk('alice'), await bench.plain('alice')];
  await heard(plain, 'ready');
  const answer = await ask(sdk, 'subscribe', { rooms: ['execution:e1'] });
  const events = heard(sdk, 'events');
  await bench.publish('default', [message('e1', 'will be lost')]);
  await events;
  const [sdkClosing, plainClosing] = [heard(sdk, 'closing'), heard(plain, 'closing')];
  await rewind();
  for (const closing of [await sdkClosing, await plainClosing])
    expect(closing[0]).toMatchObject({ code: 'rewound', comeBack: true, retryAfter: expect.any(Number) });
  const again = await bench.sdk('alice');
  expect(
    await ask(again, 'subscribe', { rooms: ['execution:e1'], since: `${answer.epoch}:2` }),
  ).toMatchObject({ recovered: false, seq: 1 });
  // Who had not seen it yet has lost nothing.
  expect(
    await ask(again, 'subscribe', { rooms: ['execution:e1'], since: `${answer.epoch}:1` }),
  ).toMatchObject({ recovered: true, seq: 1, events: [] });
});

test('A new life that has lost nothing costs nobody anything', async () => {
  const { log, keep, rewind } = await openRewindable();
  const bench = await startBench({}, { log, delivery: { lookEvery: 10, checkpointEvery: 60_000 } });
  await execution(bench, 'e1', ['alice']);
  const sdk = await bench.sdk('alice');
  const heardInOrder: unknown[] = [];
  sdk.on('checkpoint', ({ epoch, seq, count }: Checkpoint) => heardInOrder.push([epoch, seq, count]));
  sdk.on('events', (batch: Delivered[]) => heardInOrder.push(...batch.map(({ seq }) => seq)));
  const first = await ask(sdk, 'subscribe', { rooms: ['execution:e1'] });
  await bench.publish('default', [message('e1', 'before')]);
  await until(() => heardInOrder).toEqual([2]);
  await keep();
  await rewind();
  const { epoch } = await bench.log.head('default');
  expect(epoch).not.toBe(first.epoch);
  await bench.publish('default', [message('e1', 'after')]);
  // The life is told before the first event that belongs to it, so a position never mixes the two.
  await until(() => heardInOrder).toEqual([2, [epoch, 2, 1], 3]);
  const other = await bench.sdk('alice');
  expect(await ask(other, 'subscribe', { rooms: ['execution:e1'], since: `${first.epoch}:2` })).toMatchObject(
    { recovered: true, events: [{ seq: 3 }], seq: 3, epoch },
  );
});
