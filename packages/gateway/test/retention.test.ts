import { expect, test } from 'vitest';
import { createTail } from '../src/delivery/tail.ts';
import { createPublish } from '../src/ingest/publish.ts';
import { retentionOf } from '../src/retention/retention.ts';
import {
  ask,
  type Bench,
  execution,
  fact,
  get,
  heard,
  message,
  post,
  startBench,
  until,
} from './support/gateway.ts';
import { linesOf } from './support/lines.ts';
import { openLog } from './support/log.ts';
import { openStream } from './support/stream.ts';
import { troubled } from './support/troubled.ts';

/** Nothing is resumed from memory. */
const forgetful = { lookEvery: 10, recentBytes: 0 };

/** Says ten things in an execution of alice's, of which the log keeps the last three. */
async function trimmed(): Promise<{ bench: Bench; epoch: string; floor: number; head: number }> {
  const bench = await startBench({ KEEP_EVENTS: '3' }, { delivery: forgetful, trimEvery: 20 });
  await execution(bench, 'e', ['alice']);
  for (let n = 1; n <= 10; n++) await bench.publish('default', [message('e', `word ${n}`)]);
  await until(async () => (await bench.log.head('default')).floor).toBe(8);
  const { epoch, floor, seq } = await bench.log.head('default');
  return { bench, epoch, floor, head: seq };
}

test('A position below what is forgotten gets a fresh start, and one above it its events', async () => {
  const { bench, epoch, floor, head } = await trimmed();
  const socket = await bench.sdk('alice');
  await heard(socket, 'ready');
  const subscribe = (seq: number) =>
    ask(socket, 'subscribe', { rooms: ['execution:e'], since: `${epoch}:${seq}` });
  expect(await subscribe(floor)).toMatchObject({
    recovered: true,
    events: [{ seq: 9 }, { seq: 10 }, { seq: 11 }],
  });
  const fresh = await subscribe(floor - 1);
  expect(fresh).toMatchObject({ recovered: false, seq: head });
  // What was said is in the history of its room for good.
  expect(fresh.events.map(({ data }: { data: { content?: string } }) => data.content)).toEqual([
    undefined,
    ...Array.from({ length: 10 }, (_, n) => `word ${n + 1}`),
  ]);
});

test('Readers over HTTP are told the same, in pages and as a stream', async () => {
  const { bench, epoch, floor } = await trimmed();
  const page = (seq: number) => get(bench, `/v1/events?room=execution:e&since=${epoch}:${seq}`, 'alice');
  expect(await page(floor)).toMatchObject({
    recovered: true,
    events: [{ seq: 9 }, { seq: 10 }, { seq: 11 }],
  });
  expect(await page(floor - 1)).toMatchObject({ recovered: false });
  for (const [seq, recovered] of [
    [floor, true],
    [floor - 1, false],
  ] as const) {
    const stream = await openStream(
      bench,
      `room=execution:e&since=${epoch}:${seq}`,
      await bench.token('alice'),
    );
    await until(() => stream.named('ready')[0]?.data).toMatchObject({ recovered });
  }
});

test('Readers of their own pace are waited for, and who is left behind is logged', async () => {
  const { logger, lines } = linesOf();
  const bench = await startBench({ KEEP_EVENTS: '2' }, { trimEvery: 20, logger });
  await bench.log.keepFor('default', 'webhooks', 1);
  await bench.publish(
    'default',
    [1, 2, 3, 4, 5].map((n) => custom(n)),
  );
  await until(async () => (await bench.log.head('default')).floor).toBe(1);
  expect(lines()).toEqual([]);
  await bench.publish('default', [custom(6), custom(7)]);
  await until(lines).toContainEqual(
    expect.objectContaining({
      level: 40,
      domain: 'default',
      floor: 3,
      behind: [{ reader: 'webhooks', seq: 1 }],
    }),
  );
});

test('A log that can not be trimmed is tried again, and no longer once the gateway has stopped', async () => {
  const { logger, lines } = linesOf();
  const real = await openLog();
  let calls = 0;
  const log = troubled(real, {
    trim: (pass) => (domain, retention) =>
      ++calls === 1 ? Promise.reject(new Error('not now')) : pass(domain, retention),
  });
  const bench = await startBench({ KEEP_EVENTS: '1' }, { log, trimEvery: 10, logger });
  await bench.publish('default', [custom(1), custom(2)]);
  await until(async () => (await real.head('default')).floor).toBe(1);
  expect(lines()).toMatchObject([{ level: 50, err: { message: 'not now' } }]);
  await bench.close();
  const before = calls;
  await bench.publish('default', [custom(3)]);
  expect([calls, (await real.head('default')).floor]).toEqual([before, 1]);
});

test('A domain that can not be trimmed is named, and keeps none of the others from it', async () => {
  const { logger, lines } = linesOf();
  const real = await openLog();
  const log = troubled(real, {
    trim: (pass) => (domain, retention) =>
      domain === 'damaged' ? Promise.reject(new Error('damaged')) : pass(domain, retention),
  });
  await real.append('damaged', [group('a')]);
  await real.append('other', [group('a'), group('b')]);
  await startBench({ KEEP_EVENTS: '1' }, { log, trimEvery: 10, logger });
  await until(async () => (await real.head('other')).floor).toBe(1);
  expect(lines()[0]).toMatchObject({ level: 50, domain: 'damaged', err: { message: 'damaged' } });
});

test.each([0, 1])(
  'A tail that falls behind what is forgotten says so and goes on: %i are kept',
  async (count) => {
    const real = await openLog();
    // Until it may look, it has not seen anything.
    let isAway = false;
    const log = troubled(real, {
      watch: () => () => () => undefined,
      head: (pass) => async (domain) => (isAway ? Promise.reject(new Error('away')) : pass(domain)),
    });
    const seen: number[] = [];
    const rewound: number[] = [];
    const tail = await createTail(log, 'd', (entries) => seen.push(...entries.map(({ seq }) => seq)), {
      every: 5,
      rewound: (seq) => rewound.push(seq),
    });
    isAway = true;
    await real.append(
      'd',
      ['a', 'b', 'c'].map((key) => group(key)),
    );
    await real.trim('d', { events: { count } });
    isAway = false;
    await until(() => tail.seq).toBe(3);
    expect([rewound, seen]).toEqual([[3 - count], count === 0 ? [] : [3]]);
    await real.append('d', [group('d')]);
    await until(() => seen.at(-1)).toBe(4);
    expect(tail.lookedAt).toBeGreaterThan(0);
    tail.close();
  },
);

test('A fact that is older than keys are kept is refused by its time; the engine’s never are', async () => {
  const bench = await startBench();
  const at = (daysAgo: number) => new Date(Date.now() - daysAgo * 24 * 3_600_000).toISOString();
  const event = { type: 'x:shipped', executionid: 'e', data: {} };
  expect(await post(bench, { ...event, id: 'old', time: at(7.1) })).toMatchObject({
    status: 422,
    body: { error: { code: 'too_old', field: 'time', retryable: false } },
  });
  expect(await post(bench, { ...event, id: 'young', time: at(6.9) })).toMatchObject({ status: 201 });
  const { results } = await bench.publish('default', [
    fact('x:done', {}, { time: at(400), rooms: ['execution:e'] }),
  ]);
  expect(results).toMatchObject([{ status: 'new' }]);
});

test('What is known is known however old it has become', async () => {
  const log = await openLog();
  const [then, now] = [createPublish(log), createPublish(log, { keepKeys: 60_000 })];
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
  const shipped = fact('x:shipped', {}, { digest: 'one', time: hourAgo, rooms: ['execution:e'] });
  await then('default', [shipped]);
  const { results } = await now('default', [
    shipped,
    { ...shipped, digest: 'two' },
    { ...shipped, id: 'another' },
  ]);
  expect(results).toMatchObject([
    { status: 'known', seqs: [1] },
    { status: 'refused', error: { code: 'duplicate_id' } },
    { status: 'refused', error: { code: 'too_old', field: 'time' } },
  ]);
});

test('What is said stays for good, also where other rows are removed soon after they have ended', async () => {
  const settings = { KEEP_EVENTS: '1', KEEP_ENDED_DAYS: '0.00000002', KEEP_KEYS_DAYS: '0.00000002' };
  const log = await openLog({ keepKeys: 2 });
  const bench = await startBench(settings, { log, trimEvery: 10 });
  await bench.publish('default', [
    fact('execution:created', { executionId: 'e', title: 't', participants: ['alice', 'bob'] }),
    { ...message('e', 'for good'), id: 'said' },
    fact('message:read', { readId: 'r', executionId: 'e', userId: 'bob', seq: 2 }),
    fact('task:created', { taskId: 't', name: 't', processInstanceId: 'p' }),
    fact('task:completed', { taskId: 't' }),
    custom(1),
  ]);
  await until(async () => (await log.rows('default', ['task/t'])).length).toBe(0);
  const { events } = await get(bench, '/v1/events?room=execution:e', 'alice');
  expect(events.map(({ type }: { type: string }) => type)).toEqual([
    'execution:created',
    'message:new',
    'message:read',
    'x:done',
  ]);
});

test('What the settings leave out is kept', () => {
  const nothing = { KEEP_EVENTS_DAYS: 0, KEEP_EVENTS: 0, KEEP_ENDED_DAYS: 0 };
  expect(retentionOf(nothing)).toEqual({ events: {}, waiting: {} });
  const day = 24 * 3_600_000;
  expect(retentionOf({ KEEP_EVENTS_DAYS: 30, KEEP_EVENTS: 100, KEEP_ENDED_DAYS: 0.5 })).toEqual({
    events: { age: 30 * day, count: 100 },
    waiting: { age: 60 * day, count: 200 },
    ended: day / 2,
    lasting: ['message/', 'read/'],
  });
});

const custom = (n: number) => fact('x:done', { n }, { rooms: ['execution:e'] });

const group = (key: string) => ({
  key,
  reads: [],
  events: [{ rooms: ['user:alice' as const], left: [], open: false, body: '{}' }],
});

test('What the nodes have among themselves is not kept for long, whatever else is', async () => {
  const bench = await startBench({ KEEP_EVENTS_DAYS: '0' }, { trimEvery: 20 });
  const own = `netbuild-realtime/${'-'.repeat(64)}`;
  const events = Array.from({ length: 1500 }, () => ({ rooms: [], left: [], open: false, body: '{}' }));
  await bench.log.append(own, [{ key: 'many', reads: [], events }]);
  await bench.log.append('default', [{ key: 'many', reads: [], events }]);
  await until(async () => (await bench.log.head(own)).floor).toBeGreaterThanOrEqual(500);
  expect((await bench.log.head('default')).floor).toBe(0);
});
