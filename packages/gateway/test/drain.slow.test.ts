import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createDrain } from '../src/drain.ts';
import { ask, execution, heard, startBench, until } from './support/gateway.ts';
import { openLog } from './support/log.ts';
import { troubled } from './support/troubled.ts';

describe('A gateway that stops', () => {
  test('sends its connections away at the set pace', async () => {
    const drain = createDrain(100);
    const left: number[] = [];
    for (let i = 0; i < 30; i++) drain.add(async () => void left.push(performance.now()));
    const gone = drain.add(async () => void left.push(0));
    gone();
    const run = drain.run();
    // The first wave leaves at once, and no more.
    expect(left.length).toBe(10);
    await run;
    expect(left.length).toBe(30);
    // Three waves of ten, a tenth of a second apart; timers are never early by more than a millisecond.
    expect(left[29]! - left[0]!).toBeGreaterThanOrEqual(195);
  });

  test('tells each when to come back, not all at the same moment', async () => {
    const bench = await startBench();
    const sockets = await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 ? bench.plain('alice') : bench.sdk('alice'))),
    );
    await Promise.all(sockets.map((socket) => heard(socket, 'ready')));
    const closings = sockets.map((socket) => heard(socket, 'closing'));
    await bench.close();
    const told = (await Promise.all(closings)).map(([closing]) => closing as { retryAfter: number });
    for (const closing of told) expect(closing).toMatchObject({ code: 'stopping', comeBack: true });
    expect(new Set(told.map(({ retryAfter }) => retryAfter)).size).toBeGreaterThan(1);
  });

  test('tells polling clients, too', async () => {
    const bench = await startBench();
    const socket = await bench.sdk('alice', { transports: ['polling'] });
    await heard(socket, 'ready');
    const closing = heard(socket, 'closing');
    await bench.close();
    expect((await closing)[0]).toMatchObject({ code: 'stopping' });
  });

  test('ends the connection of a stock client in a way that makes it come back by itself', async () => {
    const bench = await startBench();
    const sockets = [await bench.plain('alice'), await bench.plain('alice', { transports: ['polling'] })];
    await Promise.all(sockets.map((socket) => heard(socket, 'ready')));
    const ends = sockets.map((socket) => heard(socket, 'disconnect'));
    await bench.close();
    for (const [reason] of await Promise.all(ends)) {
      // After `io server disconnect` it would wait to be told.
      expect(['transport close', 'transport error']).toContain(reason);
    }
  });

  test('does not wait for a connection on which nothing was ever asked', async () => {
    const bench = await startBench();
    const socket = connect(Number(new URL(bench.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const begun = performance.now();
    await bench.close();
    expect(performance.now() - begun).toBeLessThan(4000);
    socket.destroy();
  });

  test('still acknowledges the commands that are under way', async () => {
    const appending = Promise.withResolvers<void>();
    const mayAppend = Promise.withResolvers<void>();
    let isSlow = false;
    const log = troubled(await openLog(), {
      append: (pass) => async (domain, groups) => {
        if (isSlow) {
          appending.resolve();
          await mayAppend.promise;
        }
        return pass(domain, groups);
      },
    });
    const bench = await startBench({}, { log });
    await execution(bench, 'e1', ['alice']);
    const socket = await bench.sdk('alice');
    await heard(socket, 'ready');
    isSlow = true;
    const order: string[] = [];
    const closing = heard(socket, 'closing').then(() => order.push('closing'));
    for (const content of ['under way', 'in line'])
      socket.emit('message:send', { executionId: 'e1', content }, ({ success }: { success: boolean }) =>
        order.push(`${content}: ${success}`),
      );
    await appending.promise;
    const closed = bench.close();
    await until(async () => (await fetch(`${bench.url}/ready`)).status).toBe(503);
    const late = await ask(socket, 'message:send', { executionId: 'e1', content: 'too late' });
    expect(late).toMatchObject({ success: false, error: { code: 'busy', retryable: true } });
    mayAppend.resolve();
    await Promise.all([closing, closed]);
    expect(order).toEqual(['under way: true', 'in line: true', 'closing']);
  });

  test('lets nobody new in meanwhile', async () => {
    const bench = await startBench({ DRAIN_PER_SECOND: '2' });
    const sockets = [await bench.sdk('alice'), await bench.sdk('alice')];
    await Promise.all(sockets.map((socket) => heard(socket, 'ready')));
    const first = Promise.race(sockets.map((socket) => heard(socket, 'closing')));
    const closed = bench.close();
    await first;
    const late = await bench.sdk('alice');
    await heard(late, 'connect_error');
    const ready = await fetch(`${bench.url}/ready`).catch(() => undefined);
    expect(ready?.ok ?? false).toBe(false);
    await closed;
  });

  test('refuses a handshake with 503 and says when to come back', async () => {
    const bench = await startBench({ DRAIN_PER_SECOND: '1' });
    const sockets = [await bench.sdk('alice'), await bench.sdk('alice'), await bench.sdk('alice')];
    await Promise.all(sockets.map((socket) => heard(socket, 'ready')));
    const first = Promise.race(sockets.map((socket) => heard(socket, 'closing')));
    const closed = bench.close();
    await first;
    const handshake = await fetch(`${bench.url}/socket.io/?EIO=4&transport=polling`);
    const request = await fetch(`${bench.url}/v1/state?room=user:alice`);
    for (const answer of [handshake, request]) {
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await answer.json()).toMatchObject({ error: { code: 'stopping', retryable: true } });
    }
    expect((await fetch(`${bench.url}/live`)).status).toBe(200);
    await closed;
  });
});
