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
    async reopen(more) {
      await log.close();
      log = await openRedisLog({ ...options, ...more });
      return log;
    },
    // As it would stand in a copy on the disk, but for the compression of long texts.
    async stored() {
      await server.admin.config('SET', 'rdbcompression', 'no');
      const keys = await server.admin.keysBuffer('*');
      return Buffer.concat(
        [...keys, ...(await Promise.all(keys.map((key) => server.admin.dumpBuffer(key))))].filter(
          (part) => part !== null,
        ),
      );
    },
    async dispose() {
      await log.close();
      await server.admin.flushall();
    },
  };
}
