import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  numbers,
  startService,
  subscription,
  subscriptions,
} from '../packages/gateway/test/support/service.ts';
import { startRedis, whyNoRedis } from '../packages/log/test/redis-server.ts';
import { startGateway } from '../scripts/stack/gateway.mjs';
import { startStorage } from './support/failing-storage.mjs';

/** When all of it happens, so that what comes again says the same. */
const time = new Date().toISOString();

/** A way to start gateways that tell a service, on what they share or find again. */
async function gatewaysOf(service, settings = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'webhooks-out-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [JWT_SECRET, PUBLISH_KEY] = [0, 1].map(() => randomBytes(32).toString('hex'));
  let started = 0;
  return async () => {
    const gateway = await startGateway({
      log: path.join(folder, `${++started}.txt`),
      env: {
        PORT: '0',
        DATA_DIR: path.join(folder, 'data'),
        JWT_SECRET,
        PUBLISH_KEY,
        ...subscriptions(subscription(service)),
        ...settings,
      },
    });
    onTestFinished(() => gateway.stop());
    return {
      ...gateway,
      /** Publishes so many events, numbered from `first` on. */
      async publish(first, count) {
        const events = Array.from({ length: count }, (_, i) => ({
          specversion: '1.0',
          id: `${first + i}`,
          source: 'test',
          type: 'x:tick',
          time,
          executionid: 'e1',
          data: { n: first + i },
        }));
        const answer = await fetch(`${gateway.url}/v1/events`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${PUBLISH_KEY}`,
            'content-type': 'application/cloudevents-batch+json',
          },
          body: JSON.stringify(events),
        });
        expect(answer.status).toBe(200);
      },
      /** Whether it is the one that delivers. */
      async delivers() {
        const text = await (await fetch(`${gateway.url}/metrics`)).text();
        return text.includes('netbuild_subscription_behind_events{');
      },
    };
  };
}

const upTo = (count) => Array.from({ length: count }, (_, i) => i + 1);

/** What a receiver makes of it that drops what it knows by its id. */
function withoutRepeats(heard) {
  const seen = new Map();
  for (const one of heard) {
    if (!seen.has(one.id)) seen.set(one.id, one);
    else expect(one.event).toEqual({ ...seen.get(one.id).event, position: one.event.position });
  }
  return numbers([...seen.values()]);
}

test('A gateway that is killed while it delivers, and before it has noted that, tells it again under the same id', async () => {
  const service = await startService();
  const start = await gatewaysOf(service);
  const gateway = await start();
  service.answer = () => service.asked.length === 17 && gateway.kill('SIGKILL');
  await gateway.publish(1, 25);
  await gateway.exited;
  await start();
  await expect.poll(() => withoutRepeats(service.heard).length, { timeout: 20_000 }).toBe(25);
  expect(withoutRepeats(service.heard)).toEqual(upTo(25));
  // What it was about to note was told twice.
  expect(service.heard.length).toBeGreaterThan(25);
}, 60_000);

describe.skipIf(whyNoRedis() !== undefined)('Of two gateways on one Redis', () => {
  test('one delivers, and when it is killed the other one goes on from there', async () => {
    const service = await startService();
    const redis = await startRedis();
    onTestFinished(() => redis[Symbol.asyncDispose]());
    const start = await gatewaysOf(service, { REDIS_URL: redis.url });
    const nodes = await Promise.all([start(), start()]);
    await nodes[0].publish(1, 20);
    await nodes[1].publish(21, 20);
    await expect.poll(() => numbers(service.heard)).toEqual(upTo(40));
    const delivering = await Promise.all(nodes.map((node) => node.delivers()));
    expect(delivering.filter(Boolean)).toHaveLength(1);
    const [dying, other] = delivering[0] ? nodes : nodes.toReversed();
    service.answer = () => service.asked.length === 50 && dying.kill('SIGKILL');
    await other.publish(41, 40);
    await dying.exited;
    await other.publish(81, 10);
    await expect.poll(() => withoutRepeats(service.heard).length, { timeout: 30_000 }).toBe(90);
    expect(withoutRepeats(service.heard)).toEqual(upTo(90));
    expect(await other.delivers()).toBe(true);
  }, 60_000);
});

test.skipIf(whyNoRedis() !== undefined)(
  'After a failover of Redis what stands in the place of what was lost is told, and what comes again under its old id',
  async () => {
    const service = await startService();
    const storage = await startStorage();
    const start = await gatewaysOf(service, { REDIS_URL: storage.url });
    const gateway = await start();
    await gateway.publish(1, 10);
    await expect.poll(() => numbers(service.heard)).toEqual(upTo(10));
    await storage.replicated();
    storage.hold();
    await gateway.publish(11, 10);
    await expect.poll(() => numbers(service.heard)).toEqual(upTo(20));
    await storage.failOver();
    // The source keeps what was acknowledged, and sends it again: but for the first five, which it could not keep.
    await expect
      .poll(() =>
        gateway.publish(16, 5).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await gateway.publish(21, 5);
    await expect.poll(() => numbers(service.heard).at(-1), { timeout: 30_000 }).toBe(25);
    expect(numbers(service.heard).slice(20)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25]);
    expect(withoutRepeats(service.heard)).toEqual(upTo(25));
    expect(gateway.tail.text).toContain('the log has lost what was told last');
  },
  60_000,
);
