import { isPositionGood } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';
import { openRedisLog } from '../src/index.ts';
import { allRows, event, everything, group, seqsOf, upTo } from './contract/samples.ts';
import { listen } from './listening.ts';
import { startProxy } from './proxy.ts';
import { type RedisServer, startRedis, whyNoRedis } from './redis-server.ts';
import { soon } from './soon.ts';

describe.skipIf(whyNoRedis())('a Redis that is another one than before', () => {
  async function replicaOf(master: RedisServer): Promise<RedisServer> {
    const replica = await startRedis('--replicaof', '127.0.0.1', `${master.port}`);
    try {
      await caughtUp(master);
    } catch (error) {
      await replica[Symbol.asyncDispose]();
      throw error;
    }
    return replica;
  }

  /** Waits until the replica has all that was written to its master up to now. */
  async function caughtUp(master: RedisServer): Promise<void> {
    await master.admin.set('follow', 'me');
    expect(await master.admin.wait(1, 10_000)).toBe(1);
    await master.admin.del('follow');
  }

  test('that came back empty begins a new life, and watchers hear it from its beginning', async () => {
    await using server = await startRedis();
    const log = await openRedisLog({ url: server.url, compareEvery: 100 });
    const heard = await listen(log, 'acme');
    const before = await log.append('acme', [group([event('a'), event('b'), event('c')])]);
    await server.kill();
    await server.start();
    const writer = await openRedisLog({ url: server.url });
    const after = await writer.append('acme', [group([event('d')])]);
    await heard.until(1);
    expect(after.epoch).not.toBe(before.epoch);
    expect(seqsOf(heard.entries)).toEqual([1, 2, 3, 1]);
    expect(heard.epochs).toEqual([before.epoch, before.epoch, before.epoch, after.epoch]);
    const head = await log.head('acme');
    expect(head).toEqual({ epoch: after.epoch, seq: 1, floor: 0, lives: [{ epoch: after.epoch, from: 1 }] });
    expect(isPositionGood(head.lives, before.epoch, 0)).toBe(false);
    await Promise.all([log.close(), writer.close()]);
  });

  test('a replica that lacks the last two events goes on from the fork, and watchers are taken back to it', async () => {
    await using master = await startRedis();
    await using replica = await replicaOf(master);
    await using line = await startProxy(master.port);
    const a = await openRedisLog({ url: line.url, compareEvery: 100 });
    const heard = await listen(a, 'acme');
    const kept = await a.append('acme', [group([event('1'), event('2'), event('3')])]);
    expect(kept.settle).toBe(5000);
    await caughtUp(master);
    await replica.admin.replicaof('NO', 'ONE');
    const fact = group([event('lost')]);
    await a.append('acme', [fact, group([event('lost too')])]);
    expect(seqsOf(heard.entries)).toEqual(upTo(5));

    await master.kill();
    line.lead(replica.port);
    const b = await openRedisLog({ url: replica.url });
    // The new life has begun for nobody yet, and what is for the one before does not get into it.
    const belated = group([event('belated')], [], { life: kept.epoch });
    expect((await b.append('acme', [belated])).groups).toEqual([{ status: 'over' }]);
    const own = ['4', '5', '6'].map((id) => group([event(id)]));
    const { epoch, settle } = await b.append('acme', own);
    expect(settle).toBe(5000);
    await heard.until(6);

    expect(seqsOf(heard.entries)).toEqual([1, 2, 3, 4, 5, 4, 5, 6]);
    expect(heard.epochs.slice(5)).toEqual([epoch, epoch, epoch]);
    expect(heard.entries.slice(5).map(({ body }) => body)).toEqual(own.map((one) => one.events[0]!.body));
    const { lives } = await a.head('acme');
    expect(lives).toEqual([
      { epoch: kept.epoch, from: 1 },
      { epoch, from: 4 },
    ]);
    expect([3, 4, 5].map((seq) => isPositionGood(lives, kept.epoch, seq))).toEqual([true, false, false]);
    // The keys were rewound with the log: what was lost may be sent again, what was not is known.
    const again = await a.append('acme', [fact, own[0]!]);
    expect(again.groups).toMatchObject([
      { status: 'new', seqs: [7] },
      { status: 'known', seqs: [4] },
    ]);
    expect(seqsOf(await everything(a, 'acme'))).toEqual(upTo(7));
    await Promise.all([a.close(), b.close()]);
  });

  test('a master whose replica was promoted behind its back says that what it acknowledges may be lost', async () => {
    await using master = await startRedis();
    const alone = await openRedisLog({ url: master.url });
    expect(await alone.append('acme', [group([event('1')])])).toMatchObject({ settle: 0 });
    await using replica = await replicaOf(master);
    expect(await alone.append('acme', [group([event('2')])])).toMatchObject({ settle: 5000 });
    await replica.admin.replicaof('NO', 'ONE');
    await soon(async () => expect(await master.admin.info('replication')).toMatch('connected_slaves:0'));
    expect(await alone.append('acme', [group([event('lost')])])).toMatchObject({ seq: 3, settle: 5000 });
    await alone.close();
  });

  test('a replica that has all of it takes no position from anybody, and nothing is told twice', async () => {
    await using master = await startRedis();
    await using replica = await replicaOf(master);
    await using line = await startProxy(master.port);
    const log = await openRedisLog({ url: line.url, compareEvery: 100 });
    const heard = await listen(log, 'acme');
    const before = await log.append('acme', [group([event('1'), event('2')])]);
    await caughtUp(master);
    await replica.admin.replicaof('NO', 'ONE');
    line.lead(replica.port);
    const { lives } = await soon(() => log.head('acme'));
    expect(lives.map(({ from }) => from)).toEqual([1, 3]);
    expect(isPositionGood(lives, before.epoch, before.seq)).toBe(true);
    await log.append('acme', [group([event('3')])]);
    expect(seqsOf(heard.entries)).toEqual([1, 2, 3]);
    await log.close();
  });

  test('every row comes, though another master with an order of its own takes over between two pages', async () => {
    await using master = await startRedis();
    await using replica = await replicaOf(master);
    await using line = await startProxy(master.port);
    const log = await openRedisLog({ url: line.url });
    await log.append('acme', [group(upTo(2000).map((n) => event(`${n}`)))]);
    await caughtUp(master);
    const { epoch } = await log.head('acme');
    let pages = 0;
    const found = await allRows(log, 'acme', 100, async () => {
      if (++pages !== 10) return;
      await replica.admin.replicaof('NO', 'ONE');
      line.lead(replica.port);
      await soon(() => log.head('acme'));
    });
    expect(found.size).toBe(2000);
    expect((await log.head('acme')).epoch).not.toBe(epoch);
    await log.close();
  });

  test('a replica answers nobody, and a demoted master is left for the new one', async () => {
    await using master = await startRedis();
    await using replica = await replicaOf(master);
    await using line = await startProxy(replica.port);
    const log = await openRedisLog({ url: line.url });
    await expect(log.head('acme')).rejects.toMatchObject({ code: 'unwritable' });
    const append = log.append('acme', [group([event('a')])]);
    await expect(append).rejects.toMatchObject({ code: expect.stringMatching(/unwritable|failed/) });
    line.lead(master.port);
    expect((await soon(() => log.append('acme', [group([event('a')])]))).seq).toBe(1);
    await log.close();
  });

  test('a master that is set to need a replica acknowledges nothing without one', async () => {
    await using master = await startRedis('--min-replicas-to-write', '1');
    const log = await openRedisLog({ url: master.url });
    const fact = group([event('a')]);
    await expect(log.append('acme', [fact])).rejects.toMatchObject({ code: 'unwritable' });
    await using _replica = await startRedis('--replicaof', '127.0.0.1', `${master.port}`);
    const written = await soon(() => log.append('acme', [fact]), 15_000);
    expect(written).toMatchObject({ seq: 1, settle: 5000 });
    await log.close();
  });

  test('with `wait` an append that no replica has is refused, and known when it is tried again', async () => {
    await using master = await startRedis();
    await using replica = await replicaOf(master);
    const log = await openRedisLog({ url: master.url, wait: { replicas: 1, within: 1500 } });
    expect(await log.append('acme', [group([event('a')])])).toMatchObject({ seq: 1 });
    replica.signal('SIGSTOP');
    const fact = group([event('b')]);
    await expect(log.append('acme', [fact])).rejects.toThrow(/0 replicas of 1 have it/);
    await expect(log.append('acme', [fact])).rejects.toMatchObject({ code: 'failed' });
    replica.signal('SIGCONT');
    expect((await soon(() => log.append('acme', [fact]))).groups).toEqual([{ status: 'known', seqs: [2] }]);
    await log.close();
  });
});
