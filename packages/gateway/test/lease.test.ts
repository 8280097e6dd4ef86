import type { Log } from '@netbuild/realtime-log';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createPublish } from '../src/ingest/publish.ts';
import { createLease } from '../src/lease.ts';
import { until } from './support/gateway.ts';
import { useLogs } from './support/logs.ts';
import { openRewindable } from './support/rewindable.ts';
import { troubled } from './support/troubled.ts';

const LOGS = useLogs();

/** A node that works whenever it holds the lease. */
function startNode(log: Log, holder: string) {
  const stopping = new AbortController();
  const node = { isWorking: false, turns: 0, stop: async () => {} };
  const lease = createLease('work', { log, publish: createPublish(log), holder, every: 50 });
  const done = lease.whileHeld(stopping.signal, async (signal) => {
    node.isWorking = true;
    node.turns++;
    await new Promise((ended) => signal.addEventListener('abort', ended));
    node.isWorking = false;
  });
  node.stop = async () => {
    stopping.abort();
    await done;
  };
  onTestFinished(node.stop);
  return node;
}

describe.each(LOGS)('A lease on %s', (_name, open) => {
  test('is one node’s at a time, and goes over when that one stops', async () => {
    const log = await open();
    const one = startNode(log, 'one');
    await until(() => one.isWorking).toBe(true);
    const two = startNode(log, 'two');
    const renewals = async () =>
      (await log.rows(`netbuild-realtime/${'-'.repeat(64)}`, ['lease/work']))[0]!.seq;
    const before = await renewals();
    await until(renewals).toBeGreaterThan(before + 5);
    expect([one.isWorking, two.isWorking]).toEqual([true, false]);
    await one.stop();
    await until(() => two.isWorking).toBe(true);
  });

  test('tells who has it next how far the work had come', async () => {
    const log = await open();
    const publish = createPublish(log);
    const work = (holder: string, reached?: () => number | undefined) => {
      const stopping = new AbortController();
      const told = Promise.withResolvers<number | undefined>();
      const lease = createLease('work', { log, publish, holder, every: 20, ...(reached ? { reached } : {}) });
      const done = lease.whileHeld(stopping.signal, async (signal, before) => {
        told.resolve(before);
        await new Promise((ended) => signal.addEventListener('abort', ended));
      });
      return {
        told: told.promise,
        async stop() {
          stopping.abort();
          await done;
        },
      };
    };
    const first = work('first', () => 17);
    expect(await first.told).toBeUndefined();
    await first.stop();
    // Who stops before it came anywhere leaves what was there.
    const second = work('second');
    expect(await second.told).toBe(17);
    await second.stop();
    const third = work('third');
    expect(await third.told).toBe(17);
    await third.stop();
  });

  test('is given back by who is stopped while taking it', async () => {
    const log = await open();
    const stopping: { node?: { stop: () => Promise<void> } } = {};
    const stopped = new Promise<void>((resolve) => {
      const taken = troubled(log, {
        append: (append) => async (domain, groups) => {
          const answer = await append(domain, groups);
          if (stopping.node) resolve(stopping.node.stop());
          return answer;
        },
      });
      stopping.node = startNode(taken, 'one');
    });
    await stopped;
    const two = startNode(log, 'two');
    await until(() => two.isWorking).toBe(true);
  });

  test('goes over when its holder can not renew it, and that one notices', async () => {
    const log = await open();
    let isCut = false;
    const cut = troubled(log, {
      append: (append) => async (domain, groups) => {
        if (isCut) throw new Error('the log is out of reach');
        return append(domain, groups);
      },
    });
    const one = startNode(cut, 'one');
    await until(() => one.isWorking).toBe(true);
    const two = startNode(log, 'two');
    isCut = true;
    await until(() => two.isWorking).toBe(true);
    await until(() => one.isWorking).toBe(false);
    isCut = false;
    await two.stop();
    await until(() => one.isWorking).toBe(true);
    expect(one.turns).toBe(2);
  });
});

test('A lease of a life that is over is free at once', async () => {
  const { log, keep, rewind } = await openRewindable();
  const publish = createPublish(log);
  await publish(`netbuild-realtime/${'-'.repeat(64)}`, [
    {
      source: 'lease/dead',
      id: '1',
      type: 'lease:taken',
      time: new Date().toISOString(),
      data: { name: 'work', holder: 'dead' },
    },
  ]);
  await keep();
  await rewind();
  const begun = performance.now();
  const lease = createLease('work', { log, publish, holder: 'next', every: 60_000 });
  const stopping = new AbortController();
  await lease.whileHeld(stopping.signal, async () => stopping.abort());
  expect(performance.now() - begun).toBeLessThan(10_000);
});

test('A lease that is of a life ends with it, and its work begins again from what the row says now', async () => {
  const { log, keep, rewind } = await openRewindable();
  const publish = createPublish(log);
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  let reached: string | undefined;
  const turns: { from: string | undefined; signal: AbortSignal }[] = [];
  const row = async () =>
    (await log.rows(`netbuild-realtime/${'-'.repeat(64)}`, ['lease/work']))[0]?.body ?? '';
  const tools = { log, publish, holder: 'one', every: 20, isOfLife: true, reached: () => reached };
  const done = createLease<string>('work', tools).whileHeld(stopping.signal, async (signal, from) => {
    turns.push({ from, signal });
    await new Promise((ended) => signal.addEventListener('abort', ended));
  });
  await until(() => turns.length).toBe(1);
  reached = 'here';
  await until(row).toContain('"here"');
  await keep();
  reached = 'further';
  await until(row).toContain('"further"');
  await rewind();
  await until(() => turns.length).toBe(2);
  expect(turns.map(({ from }) => from)).toEqual([undefined, 'here']);
  expect(turns[0]!.signal.aborted).toBe(true);
  stopping.abort();
  await done;
});
