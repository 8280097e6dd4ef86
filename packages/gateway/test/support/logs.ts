import { type Log, openRedisLog } from '@netbuild/realtime-log';
import { afterAll, onTestFinished } from 'vitest';
import { type RedisServer, startRedis, whyNoRedis } from '../../../log/test/redis-server.ts';
import { openLog } from './log.ts';

/** Both kinds of log, each as a way to an empty one that is gone when the test ends. */
export const LOGS: readonly (readonly [name: string, open: () => Promise<Log>])[] = [
  ['SQLite', openLog],
  ...(whyNoRedis() === undefined ? [['Redis', openOnRedis] as const] : []),
];

/** One for all tests of a file. */
let server: Promise<RedisServer> | undefined;
let logs = 0;

async function openOnRedis(): Promise<Log> {
  server ??= startRedis();
  const log = await openRedisLog({ url: (await server).url, prefix: `test-${++logs}:` });
  onTestFinished(() => log.close());
  return log;
}

afterAll(async () => (await server)?.[Symbol.asyncDispose]());
