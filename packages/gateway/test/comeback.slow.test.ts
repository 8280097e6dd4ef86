import type { Log } from '@netbuild/realtime-log';
import { describe, expect, test } from 'vitest';
import { createAdmission } from '../src/sockets/admission.ts';
import { ask, fact, heard, startBench, until } from './support/gateway.ts';
import { openLog } from './support/log.ts';
import { type Trouble, troubled } from './support/troubled.ts';

/** No look at the log by a timer while it is counted. */
const NEVER = 600_000;
const UNTIMED = { commandLimits: { sweepEvery: NEVER }, silenceEvery: NEVER };

describe('Many that come back at once', () => {
  test('are served from recent events, without a read of the log for each', async () => {
    const calls: Record<string, number> = {};
    const counting = (name: keyof Log): Trouble => ({
      [name]:
        (pass: (...args: unknown[]) => unknown) =>
        (...args: unknown[]) => {
          calls[name] = (calls[name] ?? 0) + 1;
          return pass(...args);
        },
    });
    const names = ['head', 'read', 'readBack', 'rows', 'snapshot', 'meetings', 'everyRow'] as const;
    const log = troubled(await openLog(), Object.assign({}, ...names.map(counting)));
    const bench = await startBench({}, { log, delivery: { lookEvery: NEVER }, ...UNTIMED });
    const task = (i: number) => fact('task:created', { taskId: `t${i}`, assignee: 'alice' });
    const { epoch } = await ask(await bench.sdk('alice'), 'subscribe', { rooms: ['user:alice'] });
    await bench.publish(
      'default',
      Array.from({ length: 200 }, (_, i) => task(i)),
    );
    const sockets = await Promise.all(Array.from({ length: 1000 }, () => bench.sdk('alice')));
    for (const name of names) calls[name] = 0;
    const started = performance.now();
    const answers = await Promise.all(
      sockets.map((socket) =>
        socket.timeout(30_000).emitWithAck('subscribe', { rooms: ['user:alice'], since: `${epoch}:100` }),
      ),
    );
    process.stdout.write(`1,000 resumes of 100 events: ${Math.round(performance.now() - started)} ms\n`);
    for (const answer of answers) {
      expect(answer).toMatchObject({ recovered: true, seq: 200 });
      expect(answer.events.length).toBe(100);
    }
    expect(calls).toEqual(Object.fromEntries(names.map((name) => [name, 0])));
    // And all of them are live.
    const reached = Promise.all(
      sockets.map((socket) => new Promise((resolve) => socket.once('events', resolve))),
    );
    await bench.publish('default', [task(200)]);
    expect(await reached).toMatchObject(sockets.map(() => [{ seq: 201 }]));
  }, 60_000);

  test('are let in in order, a few at a time, and one that fails holds nobody up', async () => {
    const admission = createAdmission(3);
    let inside = 0;
    let most = 0;
    const order: number[] = [];
    const jobs = Array.from({ length: 50 }, (_, i) =>
      admission.run(async () => {
        order.push(i);
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside--;
        if (i % 5 === 0) throw new Error('refused');
        return i;
      }),
    );
    const results = await Promise.allSettled(jobs);
    expect(order).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(most).toBe(3);
    expect(results.filter(({ status }) => status === 'rejected').length).toBe(10);
  });

  test('and have gone again before it was their turn cost the log nothing', async () => {
    const gate = Promise.withResolvers<void>();
    let begun = 0;
    const log = troubled(await openLog(), {
      snapshot:
        (pass) =>
        async (...call) => {
          if (call[0] !== 'default') return pass(...call);
          begun++;
          await gate.promise;
          return pass(...call);
        },
    });
    const bench = await startBench({}, { log, ...UNTIMED });
    const subscribe = async () => {
      const socket = await bench.sdk('alice');
      await heard(socket, 'ready');
      return { socket, answer: socket.timeout(60_000).emitWithAck('subscribe', { rooms: ['user:alice'] }) };
    };
    const first = await Promise.all(Array.from({ length: 32 }, subscribe));
    await until(() => begun).toBe(32);
    const late = await Promise.all(Array.from({ length: 20 }, subscribe));
    for (const { socket, answer } of late) {
      answer.catch(() => undefined);
      socket.disconnect();
    }
    const figures = async () => (await fetch(`${bench.url}/metrics`)).text();
    await until(figures).toMatch(/_connections\{.*kind="sdk".*\} 32\n/);
    gate.resolve();
    for (const { answer } of first) expect(await answer).toMatchObject({ success: true });
    const last = await subscribe();
    expect(await last.answer).toMatchObject({ success: true });
    expect(begun).toBe(33);
  });

  test('further back than recent events reach are served from the log', async () => {
    const bench = await startBench({}, { delivery: { recentBytes: 5000 } });
    const { epoch } = await ask(await bench.sdk('alice'), 'subscribe', { rooms: ['user:alice'] });
    await bench.publish(
      'default',
      Array.from({ length: 50 }, (_, i) => fact('task:created', { taskId: `t${i}`, assignee: 'alice' })),
    );
    for (const seq of [0, 25, 49, 50]) {
      const since = `${epoch}:${seq}`;
      const answer = await ask(await bench.sdk('alice'), 'subscribe', { rooms: ['user:alice'], since });
      expect(answer).toMatchObject({ recovered: true, seq: 50 });
      expect(answer.events.length).toBe(50 - seq);
    }
  });
});
