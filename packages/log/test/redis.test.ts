import { afterAll, beforeAll, describe, test } from 'vitest';
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

  test('the Redis log does what its model does', () => expectLikeModel(() => openRedisUnderTest(server)));
});
