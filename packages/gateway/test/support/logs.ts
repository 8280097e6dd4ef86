import { type Log, openRedisLog } from '@netbuild/realtime-log';
import { afterAll, onTestFinished } from 'vitest';
import type { LogUnderTest } from '../../../log/test/contract/subject.ts';
import { type RedisServer, startRedis, whyNoRedis } from '../../../log/test/redis-server.ts';
import { openRedisUnderTest } from '../../../log/test/redis-under-test.ts';
import { openSqliteUnderTest } from '../../../log/test/sqlite-under-test.ts';
import { openLog } from './log.ts';

/** A kind of log, and a way to an empty one. */
type Kind<Opened> = readonly [name: string, open: () => Promise<Opened>];

/** Both kinds of log for the tests of a file; what is opened is gone when its test ends. */
export function useLogs(): readonly Kind<Log>[] {
  let logs = 0;
  return useKinds(openLog, async ({ url }) => {
    const log = await openRedisLog({ url, prefix: `logs-${++logs}:` });
    onTestFinished(() => log.close());
    return log;
  });
}

/** The same, with a look at the bytes that are stored; who opens one disposes of it. */
export function useStoredLogs(): readonly Kind<LogUnderTest>[] {
  return useKinds(openSqliteUnderTest, openRedisUnderTest);
}

/** One Redis for all tests of the file, from the first that needs it on. */
function useKinds<Opened>(
  openOnSqlite: () => Promise<Opened>,
  openOnRedis: (server: RedisServer) => Promise<Opened>,
): readonly Kind<Opened>[] {
  if (whyNoRedis() !== undefined) return [['SQLite', openOnSqlite]];
  let server: Promise<RedisServer> | undefined;
  afterAll(async () => (await server)?.[Symbol.asyncDispose]());
  return [
    ['SQLite', openOnSqlite],
    [
      'Redis',
      async () => {
        server ??= startRedis();
        return openOnRedis(await server);
      },
    ],
  ];
}
