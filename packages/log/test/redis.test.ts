import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { event, group, upTo } from './contract/samples.ts';
import { describeLogContract } from './contract.ts';
import { expectLikeModel } from './log-property.ts';
import { type RedisServer, startRedis, whyNoRedis } from './redis-server.ts';
import { openRedisUnderTest } from './redis-under-test.ts';

const missing = whyNoRedis();
if (missing) console.warn(`The log in Redis is not tested: ${missing}.`);

describe.skipIf(missing)('with a real Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  describeLogContract('the Redis log', () => openRedisUnderTest(server));

  test('what was open before all of it could be asked for is found, too', async () => {
    const current = await openRedisUnderTest(server);
    onTestFinished(() => current.dispose());
    const { log } = current;
    await log.append('acme', [group(upTo(1200).map((n) => event(`${n}`, { open: n % 3 > 0 })))]);
    // As a version that did not know of it has left the domain.
    const [room] = (await server.admin.keys('*:o:')).filter((key) => key.includes('{acme}'));
    expect(await server.admin.del(room!)).toBe(1);
    await log.append('acme', [group([event('1', { open: false }), event('3')])]);
    const { rows } = await log.snapshot('acme', { limit: 2000 });
    expect(rows).toHaveLength(800);
    expect(rows.map(({ subject }) => subject)).toContain('task/3');
    expect(rows.map(({ subject }) => subject)).not.toContain('task/1');
  });

  test('the Redis log does what its model does', () => expectLikeModel(() => openRedisUnderTest(server)));
});
