import {
  createEngineClient,
  createEngineRest,
  createExternalTasks,
  type EngineClient,
  type EngineClientOptions,
  type ExternalTasks,
} from '@netbuild/realtime-engine';
import { type LeavingLog, type Log, openRedisLog, openSqliteLog } from '@netbuild/realtime-log';
import { LOG_SCHEMA } from '@netbuild/realtime-protocol';
import type { Logger } from 'pino';
import { type Archive, createArchive } from './archive/archive.ts';
import { createMongoStore } from './archive/mongo-store.ts';
import type { Config } from './config/config.ts';
import { createDatabase, type Database } from './database.ts';
import { inMilliseconds } from './retention/retention.ts';

/** Opens the log that a configuration names. */
export function openLog(config: Config): Promise<Log> {
  const options = { keepKeys: inMilliseconds(config.KEEP_KEYS_DAYS), schema: LOG_SCHEMA };
  return config.REDIS_URL === undefined
    ? openSqliteLog({ directory: config.DATA_DIR, ...options })
    : openRedisLog({ url: config.REDIS_URL, ...options });
}

/** NetBuild's database, where a configuration names one. */
export function reachDatabase({ MONGODB_URL: url }: Config): Database | undefined {
  return url === undefined ? undefined : createDatabase(url);
}

/**
 * Where messages are kept for good beside the log that {@link openLog} has opened, or opens: in the database, where the
 * log is in Redis. SQLite keeps them itself.
 */
export function archiveOf(
  config: Config,
  log: Log,
  database: Database | undefined,
  logger: Logger,
): Archive | undefined {
  if (config.REDIS_URL === undefined) return undefined;
  return createArchive({ log: log as LeavingLog, store: database && createMongoStore(database), logger });
}

/** An engine that can be reached. */
export interface ReachableEngine {
  client: EngineClient;
  tasks: ExternalTasks;
}

/** The engine at an address. */
export function reachEngine(options: EngineClientOptions): ReachableEngine {
  return { client: createEngineClient(options), tasks: createExternalTasks(createEngineRest(options)) };
}
