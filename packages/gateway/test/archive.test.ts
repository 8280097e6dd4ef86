import { type LeavingLog, LogError, openRedisLog } from '@netbuild/realtime-log';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RedisServer, startRedis, whyNoRedis } from '../../log/test/redis-server.ts';
import { type Archive, createArchive } from '../src/archive/archive.ts';
import { expectStoreLikeLog } from './support/archive-like-log.ts';
import { ask, type Bench, fact, get, heard, startBench, until } from './support/gateway.ts';
import { linesOf } from './support/lines.ts';
import { createMemoryArchive, type MemoryArchive } from './support/memory-archive.ts';

const logger = pino({ level: 'silent' });
/** Walks through the store all the time. */
const timing = { round: 10, look: 50, sweep: 0, lease: 50 };

describe.skipIf(whyNoRedis())('Messages that a log in Redis has moved to the store', () => {
  let redis: RedisServer;
  let logs = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis[Symbol.asyncDispose]());

  const openBare = (prefix = `archive-${++logs}:`) => openRedisLog({ url: redis.url, prefix });

  interface Moved {
    bench: Bench;
    bare: LeavingLog;
    store: MemoryArchive;
    archive: Archive;
  }

  /** A gateway whose log keeps one event beside last words, with what has been said moved to the store. */
  async function moved(
    said: object[],
    before: (bench: Bench) => Promise<void> = async () => {},
  ): Promise<Moved> {
    const bare = await openBare();
    const store = createMemoryArchive();
    const archive = createArchive({ log: bare, store, logger, timing });
    const bench = await startBench({ KEEP_EVENTS: '1' }, { log: archive.log, archive, trimEvery: 60_000 });
    await bench.publish('default', [
      fact('execution:created', { executionId: 'e', title: 't', participants: ['alice', 'bob', 'carol'] }),
      ...said.map((one, n) =>
        fact('message:new', { messageId: `m${n}`, executionId: 'e', userId: 'alice', ...one }),
      ),
      fact('x:done', {}, { rooms: ['execution:e'] }),
    ]);
    await before(bench);
    await until(() => store.all('default').length).toBe(said.length);
    const { epoch, seq } = await bare.head('default');
    await until(() => store.reached('default')).toEqual({ epoch, seq });
    for (let more = true; more; ) ({ more } = await bare.trim('default', { events: { count: 1 } }));
    await until(async () => (await away(bare)).length).toBe(said.length);
    return { bench, bare, store, archive };
  }

  /** The messages whose bodies are in the store alone. */
  async function away(bare: LeavingLog): Promise<string[]> {
    const { rows } = await bare.everyRow('default', { limit: 1000 });
    return rows.filter((row) => row.away).map(({ subject }) => subject);
  }

  const words = (count: number) => Array.from({ length: count }, (_, n) => ({ content: `word ${n}` }));

  test('are in pages of history, in counts and in snapshots as they were, without a seam', async () => {
    let before: unknown[] = [];
    const look = async (bench: Bench) => [
      (await get(bench, '/v1/events?room=execution:e', 'alice')).events,
      (await get(bench, '/v1/unread', 'bob')).executions,
    ];
    const { bench } = await moved(words(8), async (one) => {
      before = await look(one);
    });
    expect(await look(bench)).toEqual(before);
    const { epoch, seq } = await bench.log.head('default');
    const page = await get(bench, `/v1/events?room=execution:e&before=${epoch}:${seq - 2}`, 'alice');
    expect(page).toMatchObject({ recovered: true, more: false });
    expect(page.events).toEqual((before[0] as unknown[]).slice(0, -3));
    const socket = await bench.sdk('bob');
    await heard(socket, 'ready');
    const snapshot = await ask(socket, 'subscribe', { rooms: ['execution:e'] });
    expect(snapshot.events).toEqual(before[0]);
  });

  test('are answered, read up to, edited and deleted as any other', async () => {
    const { bench, bare, store } = await moved(words(4));
    const socket = await bench.sdk('alice');
    await heard(socket, 'ready');
    const did = async (name: string, payload: object) =>
      expect(await ask(socket, name, payload)).toMatchObject({ success: true });
    await did('message:send', { executionId: 'e', content: 'an answer', replyTo: 'm0' });
    await did('message:read', { executionId: 'e', messageId: 'm1' });
    await did('message:edit', { messageId: 'm2', content: 'another word' });
    await did('message:delete', { messageId: 'm3' });
    expect((await away(bare)).sort()).toEqual(['message/m0', 'message/m1']);
    const { events } = await get(bench, '/v1/events?room=execution:e', 'bob');
    const texts = events.map(({ data }: { data?: { content?: string } }) => data?.content).filter(Boolean);
    expect(texts).toEqual(['word 0', 'word 1', 'an answer', 'another word']);
    expect(store.all('default').some(({ body }) => body.includes('word 3'))).toBe(false);
    await until(() => store.all('default').length).toBeGreaterThan(4);
    const { seq } = await bare.head('default');
    await until(() => store.reached('default')?.seq).toBe(seq);
    await expectStoreLikeLog(bare, store, 'default');
  });

  test('are erased with a room, and with a person who is named in them, before that is answered', async () => {
    const { bench, store } = await moved([
      { content: 'by bob', userId: 'bob' },
      { content: 'for bob', mentions: ['bob'] },
      { content: 'for carol', mentions: ['carol'] },
    ]);
    const stored = () => JSON.stringify(store.all('default'));
    expect(stored()).toContain('bob');
    await bench.publish('default', [fact('data:erased', { user: 'bob' })]);
    expect(stored()).not.toMatch(/by bob|\\"bob\\"/);
    const { events } = await get(bench, '/v1/events?room=execution:e', 'alice');
    const texts = events.map(({ data }: { data?: { content?: string } }) => data?.content).filter(Boolean);
    expect(texts).toEqual(['for carol', 'for bob']);
    await bench.publish('default', [fact('data:erased', { room: 'execution:e' })]);
    await until(stored).toBe('[]');
  });

  test('are erased in what they were before, where they are other ones by now', async () => {
    const { bench, store } = await moved([{ content: 'for bob', mentions: ['bob'] }]);
    await bench.publish('default', [
      fact('execution:updated', { executionId: 'e', participants: { remove: ['bob'] } }),
      fact('message:edited', { messageId: 'm0', content: 'for nobody' }),
    ]);
    await until(() => store.all('default').length).toBe(2);
    expect(JSON.stringify(store.all('default'))).toContain('bob');
    await bench.publish('default', [fact('data:erased', { user: 'bob' })]);
    await until(() => JSON.stringify(store.all('default'))).not.toContain('bob');
  });

  test('are not there while the store can not be reached, and everything else is', async () => {
    const { bench, store, archive } = await moved(words(3));
    store.broken = new LogError('failed', 'away');
    const refused = await get(bench, '/v1/events?room=execution:e', 'alice');
    expect(refused.error).toMatchObject({ code: 'storage_unavailable', retryable: true });
    const { results } = await bench.publish('default', [
      fact('message:new', { messageId: 'new', executionId: 'e', userId: 'alice', content: 'now' }),
    ]);
    expect(results).toMatchObject([{ status: 'new' }]);
    const erasure = fact('data:erased', { messageId: 'm1' });
    await expect(bench.publish('default', [erasure])).rejects.toMatchObject({ code: 'failed' });
    const { wholeAt } = archive.state!;
    const waited = performance.now();
    store.broken = undefined;
    await bench.publish('default', [erasure]);
    await until(() => JSON.stringify(store.all('default'))).toMatch(/now/);
    await until(() => archive.state!.wholeAt).toBeGreaterThan(waited);
    expect(wholeAt).toBeLessThan(waited);
    const { events } = await get(bench, '/v1/events?room=execution:e', 'alice');
    expect(events.map(({ data }: { data?: { content?: string } }) => data?.content).filter(Boolean)).toEqual([
      'word 0',
      'word 2',
      'now',
    ]);
  });

  test('are said to be elsewhere by a gateway that does not know where', async () => {
    const { bare } = await moved(words(1));
    const { log } = createArchive({ log: bare, store: undefined, logger });
    await expect(log.rows('default', ['message/m0'])).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringMatching(/MONGODB_URL/),
    });
    expect(await log.rows('default', ['execution/e'])).toHaveLength(1);
  });

  test('were waited for by what Redis forgets, up to a limit that alarms, and beyond it none is lost', async () => {
    const bare = await openBare();
    const store = createMemoryArchive();
    const archive = createArchive({ log: bare, store, logger, timing });
    const { logger: own, lines } = linesOf();
    const bench = await startBench(
      { KEEP_EVENTS: '2' },
      { log: archive.log, archive, trimEvery: 10, logger: own },
    );
    const say = (n: number) =>
      bench.publish('default', [
        fact('message:new', { messageId: `m${n}`, executionId: 'e', userId: 'alice', content: `word ${n}` }),
      ]);
    await say(1);
    await until(() => store.reached('default')?.seq).toBe(1);
    store.broken = new LogError('failed', 'away');
    for (const n of [2, 3, 4, 5]) await say(n);
    await until(async () => (await bare.head('default')).floor).toBe(1);
    for (const n of [6, 7]) await say(n);
    await until(lines).toContainEqual(
      expect.objectContaining({ behind: [{ reader: 'archive', seq: 1 }], floor: 3 }),
    );
    store.broken = undefined;
    await until(() => store.all('default').length).toBe(7);
    await expectStoreLikeLog(bare, store, 'default');
  });

  test('are stored by one node at a time, and by another one when that has stopped', async () => {
    const prefix = `archive-${++logs}:`;
    const store = createMemoryArchive();
    const nodes = await Promise.all(
      [1, 2].map(async () => {
        const log = await openBare(prefix);
        const archive = createArchive({ log, store, logger, timing });
        return { archive, bench: await startBench({}, { log: archive.log, archive }) };
      }),
    );
    const holders = () => nodes.filter(({ archive }) => archive.state !== undefined);
    await until(() => holders().length).toBe(1);
    const [one] = holders();
    const other = nodes.find((node) => node !== one)!;
    await one!.bench.close();
    await until(() => holders()).toEqual([other]);
    await other.bench.publish('default', [
      fact('message:new', { messageId: 'm', executionId: 'e', userId: 'alice', content: 'word' }),
    ]);
    await until(() => store.all('default').length).toBe(1);
  });
});
