import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Log, openRedisLog } from '../src/index.ts';
import { event, everything, group, seqsOf, upTo } from './contract/samples.ts';
import { listen } from './listening.ts';
import { startProxy } from './proxy.ts';
import { type RedisServer, startRedis, whyNoRedis } from './redis-server.ts';
import { repeating } from './repeating.ts';
import { soon } from './soon.ts';

describe.skipIf(whyNoRedis())('two processes on one Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  /** The comparison on the timer is far away: what they hear, they hear by being woken. */
  async function two(work: (a: Log, b: Log) => Promise<void>): Promise<void> {
    const options = { url: server.url, compareEvery: 60_000 };
    const logs = await Promise.all([openRedisLog(options), openRedisLog(options)]);
    try {
      await work(logs[0], logs[1]);
    } finally {
      await Promise.all(logs.map((log) => log.close()));
      await server.admin.flushall();
    }
  }

  test('each increment of one row that both hammer is written once, and both hear all of them', () =>
    two(async (a, b) => {
      const heard = await Promise.all([a, b].map((log) => listen(log, 'acme')));
      const increment = async (log: Log) => {
        let seq = 0;
        for (let value = 0; ; ) {
          const body = JSON.stringify({ value: value + 1 });
          const { groups } = await log.append('acme', [
            group([event('a', { body })], [{ subject: 'task/a', seq }]),
          ]);
          const [result] = groups;
          if (result!.status === 'new') return;
          if (result!.status !== 'moved') throw new Error(result!.status);
          const { row } = result!.rows[0]!;
          seq = row!.seq;
          ({ value } = JSON.parse(row!.body));
        }
      };
      const callers = [a, b].flatMap((log) => upTo(10).map(() => log));
      for (const _ of upTo(10)) await Promise.all(callers.map(increment));
      const entries = await everything(a, 'acme');
      expect(entries.map(({ body }) => JSON.parse(body).value)).toEqual(upTo(200));
      for (const each of heard) {
        await each.until(200);
        expect(each.entries).toEqual(entries);
      }
    }));

  test('each hears before its own append is answered what the other wrote before it', () =>
    two(async (a, b) => {
      const heard = await listen(b, 'acme');
      for (const n of upTo(100)) {
        const writer = n % 3 ? a : b;
        const { seq } = await writer.append('acme', [group([event(`${n}`)])]);
        if (writer === b) expect(heard.entries.at(-1)!.seq).toBe(seq);
      }
      await heard.until(100);
      expect(seqsOf(heard.entries)).toEqual(upTo(100));
    }));

  test('what one casts both hear, once each and in order; without Redis it hears itself alone', () =>
    two(async (a, b) => {
      const heard = [a, b].map((log) => {
        const words: string[] = [];
        log.hear((domain, text) => words.push(`${domain} ${text}`));
        return words;
      });
      await b.head('acme');
      // Until both are subscribed to what they use: words cast before are lost, and may be.
      await soon(() => {
        for (const log of [a, b]) log.cast('acme', 'begin');
        for (const words of heard) expect(words.length).toBeGreaterThan(1);
      });
      for (const n of upTo(200)) (n % 2 ? a : b).cast('acme', `${n}`);
      const numbered = (words: string[]) => words.map((text) => Number(text.slice(5))).filter(Boolean);
      for (const words of heard) {
        await soon(() => expect(numbered(words)).toHaveLength(200));
        for (const rest of [0, 1])
          expect(numbered(words).filter((n) => n % 2 === rest)).toEqual(
            upTo(200).filter((n) => n % 2 === rest),
          );
      }
      await server.admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      a.cast('acme', 'alone');
      await soon(() => expect(heard[0]!.at(-1)).toBe('acme alone'));
    }));

  test('what one writes the other hears at once, by the wake-up and not by the timer', () =>
    two(async (a, b) => {
      const heard = await listen(b, 'acme');
      await a.append('acme', [group([event('first')])]);
      await heard.until(1);
      const began = performance.now();
      for (const n of upTo(20)) {
        const { seq } = await a.append('acme', [group([event(`${n}`)])]);
        await heard.until(seq);
      }
      expect(performance.now() - began).toBeLessThan(2000);
    }));

  test('a watcher hears all in order while subscriptions are killed every 50 ms', () =>
    two(async (a, b) => {
      const heard = await listen(b, 'acme');
      {
        using _ = repeating(50, () => server.admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub'));
        for (const n of upTo(300)) {
          await a.append('acme', [group([event(`${n}`)]), group([event('all')])]);
          await new Promise((done) => setTimeout(done, 3));
        }
        // Each new subscription looks by itself what it has missed.
        await heard.until(600);
      }
      expect(heard.entries).toEqual(await everything(a, 'acme'));
    }));

  test('a subscription that is silently dead is found out, and watchers hear meanwhile', async () => {
    await using line = await startProxy(server.port);
    const a = await openRedisLog({ url: server.url });
    const b = await openRedisLog({ url: line.url, compareEvery: 200 });
    const heard = await listen(b, 'acme');
    line.deafen();
    await a.append('acme', [group([event('a')])]);
    await heard.until(1);
    const own = new Set(await subscribers());
    await soon(async () => expect((await subscribers()).some((id) => !own.has(id))).toBe(true));
    await a.append('acme', [group([event('b')])]);
    await heard.until(2);
    await Promise.all([a.close(), b.close()]);
    await server.admin.flushall();
  });

  test('who listens late hears what comes from then on, and domains that were not used are left alone', () =>
    two(async (a, b) => {
      await a.append('acme', [group([event('a')])]);
      const heard = await listen(b, 'acme');
      const other = vi.fn();
      b.watch((domain) => domain === 'other' && other());
      await a.append('other', [group([event('a')])]);
      await a.append('acme', [group([event('b')])]);
      await heard.until(2);
      expect(seqsOf(heard.entries)).toEqual([2]);
      expect(other).not.toHaveBeenCalled();
    }));

  async function subscribers(): Promise<string[]> {
    const clients = String(await server.admin.call('CLIENT', 'LIST', 'TYPE', 'pubsub'));
    return clients.split('\n').flatMap((line) => /^id=(\d+) .* sub=[1-9]/.exec(line)?.[1] ?? []);
  }
});
