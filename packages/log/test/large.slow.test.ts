import { afterAll, beforeAll, describe } from 'vitest';
import { describeLargeContract } from './contract.ts';
import { type RedisServer, startRedis, whyNoRedis } from './redis-server.ts';
import { openRedisUnderTest } from './redis-under-test.ts';
import { openSqliteUnderTest } from './sqlite-under-test.ts';

describeLargeContract('the SQLite log', openSqliteUnderTest);

describe.skipIf(whyNoRedis())('with a real Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  describeLargeContract('the Redis log', () => openRedisUnderTest(server));
});
