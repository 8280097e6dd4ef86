import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openRedisLog, openSqliteLog } from '@netbuild/realtime-log';
import { describe, expect, onTestFinished, test } from 'vitest';
import { whyNoRedis } from '../packages/log/test/redis-server.ts';
import { createPublisher } from '../packages/publisher/src/index.ts';
import { freePort } from '../scripts/lib/ports.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';
import { startStorage } from './support/failing-storage.mjs';

/** Times that the gateway is killed. */
const KILLS = 5;

/** A gateway as it is served, on a port of its own that stays the same. */
async function startServed(env = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'publisher-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const key = randomBytes(16).toString('hex');
  const data = path.join(folder, 'data');
  const settings = {
    PORT: `${await freePort()}`,
    JWT_SECRET: randomBytes(32).toString('hex'),
    PUBLISH_KEY: key,
    DATA_DIR: data,
    ...env,
  };
  const served = { key, data };
  served.start = async () => {
    served.gateway = await startGateway({ env: settings, log: path.join(folder, 'gateway.txt') });
  };
  await served.start();
  onTestFinished(() => served.gateway.stop());
  return served;
}

function startPublisher({ gateway, key }, options) {
  const dropped = [];
  const publisher = createPublisher({
    url: gateway.url,
    key,
    source: 'shop',
    backoff: { base: 20, limit: 200 },
    // What is left at the end goes over in many requests, each of which waits for a disk that others use, too.
    closeTimeout: 60_000,
    onRefused: (event, error) => dropped.push([event.id, error.code]),
    onRetry: () => {},
    ...options,
  });
  onTestFinished(() => publisher.close());
  let last = 0;
  return {
    publisher,
    dropped,
    /** Publishes so many numbers more; answers the last one. */
    publish(count) {
      for (let i = 0; i < count; i++)
        publisher.publish('x:parcel', { n: ++last }, { id: `${last}`, executionId: 'order-7' });
      return last;
    },
  };
}

/** The numbers in the log, in its order. */
async function numbersIn(log) {
  const all = [];
  for (let after = 0; ; ) {
    const { entries, more } = await log.read('default', { after, limit: 1000 });
    all.push(...entries.map(({ body }) => JSON.parse(body).data.n));
    if (!more) return all;
    after = entries.at(-1).seq;
  }
}

const upTo = (last) => Array.from({ length: last }, (_, i) => i + 1);

test('What is published while the gateway is killed again and again is in the log once, in order', {
  timeout: 120_000,
}, async () => {
  const served = await startServed();
  const { publisher, dropped, publish } = startPublisher(served, { batch: { events: 5 } });
  for (let kill = 0; kill < KILLS; kill++) {
    const before = publish(500) - 500;
    // In the midst of it: something was answered, and much was not.
    await expect.poll(() => publisher.buffered.events, { timeout: 30_000, interval: 1 }).toBeLessThan(450);
    expect(publisher.buffered.events).toBeGreaterThan(0);
    served.gateway.kill('SIGKILL');
    publish(before % 7);
    // Until then it has the port, and the log.
    await served.gateway.exited;
    await served.start();
  }
  const last = publish(100);
  expect(await publisher.close()).toEqual({ unanswered: 0, unsettled: 0 });
  await served.gateway.stop();
  const log = await openSqliteLog({ directory: served.data });
  onTestFinished(() => log.close());
  expect(await numbersIn(log)).toEqual(upTo(last));
  expect(dropped).toEqual([]);
});

describe.skipIf(whyNoRedis())('When Redis fails over to a replica that lags behind', () => {
  test('what was acknowledged and is lost comes again, once and in order', {
    timeout: 120_000,
  }, async () => {
    const storage = await startStorage();
    const served = await startServed({ REDIS_URL: storage.url });
    const { publisher, dropped, publish } = startPublisher(served);
    const log = await openRedisLog({ url: storage.url });
    onTestFinished(() => log.close());

    publish(50);
    await publisher.flush();
    await storage.replicated();
    storage.hold();
    publish(200);
    await publisher.flush();
    expect(await numbersIn(log)).toEqual(upTo(250));
    const { epoch } = await log.head('default');
    await storage.failOver();
    await expect
      .poll(async () => (await log.head('default').catch(() => ({ epoch }))).epoch, { timeout: 60_000 })
      .not.toBe(epoch);
    expect(await numbersIn(log)).toEqual(upTo(50));

    const last = publish(100);
    await publisher.flush();
    expect(await publisher.close()).toEqual({ unanswered: 0, unsettled: 0 });
    const numbers = await numbersIn(log);
    const isLost = (n) => n > 50 && n <= 250;
    expect(numbers.filter(isLost)).toEqual(upTo(250).filter(isLost));
    expect(numbers.filter((n) => !isLost(n))).toEqual(upTo(last).filter((n) => !isLost(n)));
    expect(dropped).toEqual([]);
  });
});
