import { openRedisLog } from '../src/index.ts';
import type { LogUnderTest } from './contract/subject.ts';
import type { RedisServer } from './redis-server.ts';

let count = 0;

/** An empty log in a Redis that other tests may use too. */
export async function openRedisUnderTest(server: RedisServer): Promise<LogUnderTest> {
  const options = { url: server.url, prefix: `test-${++count}:` };
  const keys = () => server.admin.keysBuffer(`${options.prefix}*`);
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
      const names = await keys();
      const values = await Promise.all(names.map((name) => server.admin.dumpBuffer(name)));
      return Buffer.concat([...names, ...values].filter((part) => part !== null));
    },
    async dispose() {
      await log.close();
      // Its own alone: a test that was too slow ends while the next one is under way.
      const names = await keys();
      if (names.length > 0) await server.admin.unlink(...names);
    },
  };
}
