import { openRedisLog } from '../src/index.ts';
import type { LogUnderTest } from './contract/subject.ts';
import type { RedisServer } from './redis-server.ts';

let count = 0;

/** An empty log in a Redis that other tests may use too. */
export async function openRedisUnderTest(server: RedisServer): Promise<LogUnderTest> {
  const options = { url: server.url, prefix: `test-${++count}:` };
  let log = await openRedisLog(options);
  return {
    log,
    async reopen() {
      await log.close();
      log = await openRedisLog(options);
      return log;
    },
    async dispose() {
      await log.close();
      await server.admin.flushall();
    },
  };
}
