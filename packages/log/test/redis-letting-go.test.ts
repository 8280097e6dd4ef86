import type { Subject } from '@netbuild/realtime-protocol';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type LeavingLog, openRedisLog } from '../src/index.ts';
import { event, group, seqsOf, trimAll, upTo } from './contract/samples.ts';
import { type RedisServer, startRedis, whyNoRedis } from './redis-server.ts';

describe.skipIf(whyNoRedis())('the log in Redis lets go of what another storage has', () => {
  let server: RedisServer;
  let logs = 0;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  async function open(): Promise<{ log: LeavingLog; stored: () => Promise<string> }> {
    const prefix = `letting-go-${++logs}:`;
    const log = await openRedisLog({ url: server.url, prefix });
    onTestFinished(() => log.close());
    const stored = async () => {
      await server.admin.config('SET', 'rdbcompression', 'no');
      const names = await server.admin.keysBuffer(`${prefix}*`);
      return Buffer.concat(
        (await Promise.all(names.map((name) => server.admin.dumpBuffer(name)))) as Buffer[],
      ).toString();
    };
    return { log, stored };
  }

  const ended = (id: string, text: string) => event(id, { open: false, body: JSON.stringify({ text }) });
  const at = (id: string, seq: number) => ({ subject: `task/${id}` as Subject, seq });

  /** Three that have ended, one that is open; the first has changed, and all but the last event are forgotten. */
  async function forgotten() {
    const { log, stored } = await open();
    await log.append('acme', [
      group([
        ended('a', 'first'),
        ended('b\u0000\ud800', 'odd'),
        event('open'),
        ended('a', 'second'),
        ended('c', 'young'),
      ]),
    ]);
    await trimAll(log, 'acme', { events: { count: 1 } });
    return { log, stored, epoch: (await log.head('acme')).epoch };
  }

  test('their bodies go, also from the bytes, and everything else of them stays as it was', async () => {
    const { log, stored, epoch } = await forgotten();
    const names: Subject[] = ['task/a', 'task/b\u0000\ud800', 'task/open', 'task/c'];
    const before = await log.rows('acme', names);
    expect(await log.letGo('acme', epoch, [at('a', 4), at('b\u0000\ud800', 2)])).toBe(2);
    const away = (row: object, n: number) => (n < 2 ? { ...row, body: '', away: true } : row);
    expect(await log.rows('acme', names)).toEqual(before.map(away));
    const { entries } = await log.readBack('acme', { room: 'process:p', limit: 9 });
    expect(entries.map(({ seq, subject, away }) => [seq, subject, away])).toEqual([
      [2, 'task/b\u0000\ud800', true],
      [3, 'task/open', undefined],
      [4, 'task/a', true],
      [5, 'task/c', undefined],
    ]);
    const bytes = await stored();
    expect(['second', 'odd', 'young'].map((text) => bytes.includes(text))).toEqual([false, false, true]);
    // It is done, and doing it again changes nothing.
    expect(await log.letGo('acme', epoch, [at('a', 4)])).toBe(0);
  });

  test('what is open, young, has moved on, is none, or is of another life is left alone', async () => {
    const { log, epoch } = await forgotten();
    const rows = [at('open', 3), at('c', 5), at('a', 1), at('none', 2), at('c', 2)];
    expect(await log.letGo('acme', epoch, rows)).toBe(0);
    expect(await log.letGo('acme', 'another', [at('a', 4)])).toBe(0);
    const { rows: all } = await log.everyRow('acme', { limit: 100 });
    expect(all.filter(({ away }) => away)).toEqual([]);
  });

  test('a row whose body is away is compared, goes on, is erased and is trimmed as any other', async () => {
    const { log, epoch } = await forgotten();
    await log.letGo('acme', epoch, [at('a', 4), at('b\u0000\ud800', 2)]);
    const { groups } = await log.append('acme', [
      group([ended('a', 'late')], [at('a', 1)]),
      group([ended('a', 'third')], [at('a', 4)]),
      { ...group([ended('erasure', 'e')]), erases: ['task/b\u0000\ud800'] },
    ]);
    expect(groups).toMatchObject([
      { status: 'moved', rows: [{ row: { seq: 4, first: 1, away: true } }] },
      { status: 'new', seqs: [6] },
      { status: 'new', seqs: [7] },
    ]);
    expect(await log.rows('acme', ['task/a', 'task/b\u0000\ud800'])).toMatchObject([
      { seq: 6, first: 1, body: '{"text":"third"}' },
    ]);
    await trimAll(log, 'acme', { events: { count: 0 } });
    const { entries } = await log.readBack('acme', { room: 'process:p', limit: 9 });
    expect(seqsOf(entries)).toEqual([3, 5, 6, 7]);
  });

  test('less than half of the memory stays of what is as long as a message', async () => {
    const { log } = await open();
    const used = async () => Number(/used_memory:(\d+)/.exec(await server.admin.info('memory'))![1]);
    const begun = await used();
    const names = upTo(3000).map((n) => at(`${n}`, n));
    await log.append('acme', [group(names.map((_, n) => ended(`${n + 1}`, 'x'.repeat(450))))]);
    await trimAll(log, 'acme', { events: { count: 0 } });
    const whole = (await used()) - begun;
    expect(await log.letGo('acme', (await log.head('acme')).epoch, names)).toBe(3000);
    expect((await used()) - begun).toBeLessThan(whole / 2);
  });

  test('what is away is not lifted, since there is nothing to lift', async () => {
    const prefix = `letting-go-${++logs}:`;
    const old = await openRedisLog({ url: server.url, prefix });
    await old.append('acme', [group(upTo(2).map((n) => ended(`${n}`, 'old')))]);
    await trimAll(old, 'acme', { events: { count: 0 } });
    await old.letGo('acme', (await old.head('acme')).epoch, [at('1', 1)]);
    await old.close();
    const schema = { version: 2, lift: (body: string) => JSON.stringify({ lifted: JSON.parse(body) }) };
    const log = await openRedisLog({ url: server.url, prefix, schema });
    onTestFinished(() => log.close());
    expect(await log.rows('acme', ['task/1', 'task/2'])).toMatchObject([
      { body: '', away: true },
      { body: '{"lifted":{"text":"old"}}' },
    ]);
  });
});
