import { describe, expect, onTestFinished, test } from 'vitest';
import { createDelivery } from '../src/delivery/delivery.ts';
import { createHeartbeat } from '../src/ops/heartbeat.ts';
import { heard, startBench, until } from './support/gateway.ts';
import { openLog } from './support/log.ts';
import { troubled } from './support/troubled.ts';

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

describe('A node', () => {
  test('is ready once what it appends comes back to it', async () => {
    const bench = await startBench();
    expect(await statusOf(`${bench.url}/live`)).toBe(200);
    expect(await (await fetch(`${bench.url}/ready`)).json()).toEqual({ status: 'ready' });
    // Tenants hear nothing of it.
    expect((await bench.log.head('default')).seq).toBe(0);
  });

  test('lives, and is not ready, where its log can not be used', async () => {
    const bench = await startBench();
    await bench.log.close();
    expect(await statusOf(`${bench.url}/live`)).toBe(200);
    const answer = await fetch(`${bench.url}/ready`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ error: { code: 'storage_unavailable', retryable: true } });
  });

  test('is not ready while it stops, and lives', async () => {
    const bench = await startBench({ DRAIN_PER_SECOND: '1' });
    const sockets = [await bench.sdk('alice'), await bench.sdk('alice'), await bench.sdk('alice')];
    await Promise.all(sockets.map((socket) => heard(socket, 'ready')));
    expect(await statusOf(`${bench.url}/ready`)).toBe(200);
    const first = Promise.race(sockets.map((socket) => heard(socket, 'closing')));
    const closed = bench.close();
    await first;
    expect(await statusOf(`${bench.url}/ready`)).toBe(503);
    expect(await statusOf(`${bench.url}/live`)).toBe(200);
    await closed;
  });
});

describe('A heartbeat', () => {
  async function start(trouble: Parameters<typeof troubled>[1], goodFor: number, within = 10_000) {
    const log = await openLog();
    const delivery = createDelivery(troubled(log, trouble), 'default');
    onTestFinished(() => delivery.close());
    return {
      log,
      heartbeat: createHeartbeat(troubled(log, trouble), delivery, { within, goodFor, kept: 3 }),
    };
  }

  test('that does not come back is told, and the next one may', async () => {
    let isSilent = true;
    const { heartbeat } = await start(
      {
        append:
          (pass) =>
          (...call) =>
            isSilent ? new Promise(() => {}) : pass(...call),
      },
      0,
      1500,
    );
    await expect(heartbeat.beat()).rejects.toMatchObject({ code: 'failed' });
    expect(heartbeat.took).toBeUndefined();
    isSilent = false;
    await heartbeat.beat();
    expect(heartbeat.took).toBeGreaterThan(0);
  });

  test('is good for a while, so that whoever asks often writes little', async () => {
    let appends = 0;
    const counting = {
      append:
        (pass) =>
        (...call) => {
          appends++;
          return pass(...call);
        },
    } satisfies Parameters<typeof troubled>[1];
    const { heartbeat } = await start(counting, 1000);
    await Promise.all(Array.from({ length: 20 }, () => heartbeat.beat()));
    for (let i = 0; i < 20; i++) await heartbeat.beat();
    expect(appends).toBe(1);
    await until(async () => {
      await heartbeat.beat();
      return appends;
    }).toBe(2);
  });

  test('is forgotten by the log when there are newer ones', async () => {
    const { log, heartbeat } = await start({}, 0);
    for (let i = 0; i < 10; i++) await heartbeat.beat();
    const [domain] = (await log.domains()).filter((name) => name !== 'default');
    await until(async () => {
      const { seq, floor } = await log.head(domain!);
      return [seq, floor];
    }).toEqual([10, 7]);
  });
});
