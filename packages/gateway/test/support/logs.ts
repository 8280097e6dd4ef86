import { type Log, openRedisLog } from '@netbuild/realtime-log';
import { afterAll, onTestFinished } from 'vitest';
import type { LogUnderTest } from '../../../log/test/contract/subject.ts';
import { type RedisServer, startRedis, whyNoRedis } from '../../../log/test/redis-server.ts';
import { openRedisUnderTest } from '../../../log/test/redis-under-test.ts';
import { openSqliteUnderTest } from '../../../log/test/sqlite-under-test.ts';
import { openLog } from './log.ts';

/** Both kinds of log, each as a way to an empty one that is gone when the test ends. */
export const LOGS: readonly (readonly [name: string, open: () => Promise<Log>])[] = [
  ['SQLite', openLog],
  ...(whyNoRedis() === undefined ? [['Redis', openOnRedis] as const] : []),
];

/** One for all tests of a file. */
let server: Promise<RedisServer> | undefined;
let logs = 0;

function redisServer(): Promise<RedisServer> {
  server ??= startRedis();
  return server;
}

async function openOnRedis(): Promise<Log> {
  const log = await openRedisLog({ url: (await redisServer()).url, prefix: `logs-${++logs}:` });
  onTestFinished(() => log.close());
  return log;
}

/** The same, with a look at the bytes that are stored; who opens one disposes of it. */
export const STORED_LOGS: readonly (readonly [name: string, open: () => Promise<LogUnderTest>])[] = [
  ['SQLite', openSqliteUnderTest],
  ...(whyNoRedis() === undefined
    ? [['Redis', async () => openRedisUnderTest(await redisServer())] as const]
    : []),
];

afterAll(async () => (await server)?.[Symbol.asyncDispose]());
