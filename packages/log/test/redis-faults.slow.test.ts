import { describe, expect, test } from 'vitest';
import { type Group, openRedisLog } from '../src/index.ts';
import { event, everything, expectError, group, seqsOf, trimAll, upTo } from './contract/samples.ts';
import { listen } from './listening.ts';
import { startRedis, whyNoRedis } from './redis-server.ts';
import { repeating } from './repeating.ts';
import { soon } from './soon.ts';

const fat = (n: number) => group([event(`${n}`, { body: JSON.stringify({ pad: 'x'.repeat(20_000) }) })]);

describe.skipIf(whyNoRedis())('a Redis in trouble', () => {
  test('that is full refuses appends as unwritable, has nothing half-written, still reads, and recovers', async () => {
    await using server = await startRedis('--maxmemory', '4mb', '--maxmemory-policy', 'noeviction');
    const log = await openRedisLog({ url: server.url });
    const written: Group[] = [];
    let error: unknown;
    while (!error) {
      const one = fat(written.length);
      await log.append('acme', [one]).then(
        () => written.push(one),
        (reason: unknown) => {
          error = reason;
        },
      );
    }
    expect(error).toMatchObject({ name: 'LogError', code: 'unwritable' });
    // What is free varies by some kilobytes; now there is none for sure.
    await server.admin.config('SET', 'maxmemory', '1mb');
    const names = (await server.admin.keys('*')).sort();
    await expectError(log.append('acme', [fat(0)]), 'unwritable', /no room in its memory/);
    expect((await server.admin.keys('*')).sort()).toEqual(names);
    const { length } = written;
    expect(seqsOf(await everything(log, 'acme'))).toEqual(upTo(length));
    expect(await log.head('acme')).toMatchObject({ seq: length });
    expect((await log.snapshot('acme', { rooms: ['process:p'], limit: 9999 })).rows).toHaveLength(length);
    // Even a domain that nobody has used begins its life.
    expect(await log.head('other')).toMatchObject({ seq: 0 });

    await server.admin.config('SET', 'maxmemory', '0');
    const { groups, seq } = await log.append('acme', [written.at(-1)!, fat(0)]);
    expect(groups.map(({ status }) => status)).toEqual(['known', 'new']);
    expect(seq).toBe(length + 1);
    await log.close();
  });

  test('that is full is trimmed all the same, and takes appends again', async () => {
    await using server = await startRedis('--maxmemory', '4mb', '--maxmemory-policy', 'noeviction');
    const log = await openRedisLog({ url: server.url });
    const same = () => group([event('same', { body: JSON.stringify({ pad: 'x'.repeat(20_000) }) })]);
    const append = () => log.append('acme', [same()]);
    const fill = async () => {
      for (;;) await append();
    };
    await expectError(fill(), 'unwritable', /no room in its memory/);
    const { seq } = await log.head('acme');
    expect(seq).toBeGreaterThan(10);
    expect(await trimAll(log, 'acme', { events: { count: 1 } })).toMatchObject({ floor: seq - 1 });
    expect(await append()).toMatchObject({ seq: seq + 1 });
    await log.close();
  });

  test('that is gone fails calls quickly and without end, and serves them again when it is back', async () => {
    await using server = await startRedis();
    const log = await openRedisLog({ url: server.url, connectWithin: 200, compareEvery: 50 });
    const heard = await listen(log, 'acme');
    await log.append('acme', [group([event('a')])]);
    const underWay = log.append(
      'acme',
      upTo(2000).map((n) => group([event(`${n}`)])),
    );
    const refused = underWay.then(
      () => undefined,
      (error: unknown) => error,
    );
    await server.kill();
    for (const _ of upTo(3)) {
      const began = performance.now();
      const calls = upTo(100).flatMap((n) => [
        log.append('acme', [group([event(`${n}`)])]),
        log.head('acme'),
      ]);
      for (const call of await Promise.allSettled(calls)) {
        expect(call).toMatchObject({ status: 'rejected', reason: { name: 'LogError', code: 'failed' } });
      }
      expect(performance.now() - began).toBeLessThan(1000);
    }
    expect(await refused).toMatchObject({ code: 'failed' });
    await server.start();
    const { seq } = await soon(() => log.append('acme', [group([event('b')])]));
    expect(seq).toBe(1);
    await heard.until(1);
    await log.close();
  });

  test('that is frozen fails calls in time, and what was sent meanwhile is known afterwards', async () => {
    await using server = await startRedis();
    const log = await openRedisLog({ url: server.url, answerWithin: 300, connectWithin: 100 });
    await log.head('acme');
    server.signal('SIGSTOP');
    const fact = group([event('a')]);
    await expectError(log.append('acme', [fact]), 'failed', /timed out/);
    const began = performance.now();
    await expectError(log.head('acme'), 'failed', /Redis/);
    expect(performance.now() - began).toBeLessThan(1000);
    server.signal('SIGCONT');
    const { groups } = await soon(() => log.append('acme', [fact]));
    expect(groups[0]).toMatchObject({ seqs: [1] });
    expect(seqsOf(await everything(log, 'acme'))).toEqual([1]);
    await log.close();
  });

  test('commands that are killed under way reject, and their keys tell what became of them', async () => {
    await using server = await startRedis();
    const log = await openRedisLog({ url: server.url, compareEvery: 50 });
    const heard = await listen(log, 'acme');
    {
      // Not too often: on a busy machine no call would ever get through.
      using _ = repeating(25, () => server.admin.call('CLIENT', 'KILL', 'TYPE', 'normal'));
      for (const n of upTo(200)) {
        const fact = group([event(`${n}`), event('all')]);
        for (let done = false; !done; ) {
          done = await log.append('acme', [fact]).then(
            () => true,
            (error: { code: string }) => {
              expect(error.code).toBe('failed');
              return false;
            },
          );
        }
        // Time for being killed between two appends, too.
        await new Promise((done) => setTimeout(done, 1));
      }
    }
    // The last one may still be on its way.
    const entries = await soon(() => everything(log, 'acme'));
    expect(seqsOf(entries)).toEqual(upTo(400));
    await heard.until(400);
    expect(heard.entries).toEqual(entries);
    await log.close();
  });

  test('whose lists lack a part refuses to go on, and to read across it', async () => {
    await using server = await startRedis();
    const log = await openRedisLog({ url: server.url });
    await log.append('acme', [group(upTo(600).map((n) => event(`${n}`)))]);
    await server.admin.del('netbuild:{acme}:e:1');
    await expectError(log.read('acme', { after: 0, limit: 300 }), 'failed', /DAMAGED event 257 is missing/);
    expect(seqsOf((await log.read('acme', { after: 0, limit: 256 })).entries)).toEqual(upTo(256));
    await server.admin.del('netbuild:{acme}:e:2');
    await expectError(log.append('acme', [group([event('a')])]), 'failed', /DAMAGED a part of the log/);
    expect(await log.head('acme')).toMatchObject({ seq: 600 });
    await log.close();
  });

  test('that is not there, or wants a password, is refused by name and without the password', async () => {
    const url = 'redis://user:secret@127.0.0.1:1';
    const error = await openRedisLog({ url }).catch((reason: Error) => reason);
    expect(error).toMatchObject({ name: 'LogError', code: 'failed' });
    expect(String(error)).toContain('127.0.0.1:1');
    expect(String(error)).not.toContain('secret');
    await using server = await startRedis();
    await server.admin.config('SET', 'requirepass', 'right');
    await expectError(openRedisLog({ url: server.url }), 'failed', /cannot be opened/);
  });
});
