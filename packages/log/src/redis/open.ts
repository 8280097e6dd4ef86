import { randomUUID } from 'node:crypto';
import type { LeavingLog } from '../log.ts';
import { LogError } from '../log-error.ts';
import { checkOptions } from '../usage.ts';
import { Connection, createClient } from './connection.ts';
import { RedisLog } from './redis-log.ts';
import { type RedisLogOptions, toSettings } from './settings.ts';
import { Subscriber } from './subscriber.ts';

export type { RedisLogOptions };

/**
 * Opens the log in Redis (7 or later), which any number of processes may share. Its watchers hear what other
 * processes write to the domains that were used here, too.
 *
 * Redis must not evict (`maxmemory-policy noeviction`), since what it evicts would be a hole in the log.
 *
 * @throws LogError `failed` where Redis cannot be reached or refuses.
 * @example
 * const log = await openRedisLog({ url: 'redis://localhost:6379' });
 * const { seq } = await log.head('acme');
 */
export async function openRedisLog(options: RedisLogOptions): Promise<LeavingLog> {
  checkOptions(options);
  const settings = toSettings(options, randomUUID());
  const patience = { answer: settings.answerWithin, connection: settings.connectWithin };
  const commands = createClient(settings.url, patience);
  const wakeUps = createClient(settings.url, patience);
  const connection = new Connection(commands, patience);
  const subscriber = new Subscriber(wakeUps, connection, settings.prefix);
  let reason: Error | undefined;
  commands.on('error', (error: Error) => {
    reason ??= error;
  });
  try {
    await Promise.all([commands.connect(), wakeUps.connect()]);
    await warnOfEviction(connection);
  } catch (error) {
    commands.disconnect();
    wakeUps.disconnect();
    // What the call rejects with is no more than that the connection was closed.
    const { message } = reason ?? (error as Error);
    // The address may hold a password.
    throw new LogError('failed', `The log in Redis at ${hostOf(settings.url)} cannot be opened: ${message}`, {
      cause: error,
    });
  }
  return new RedisLog(connection, subscriber, settings);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an address that is none';
}

async function warnOfEviction(connection: Connection): Promise<void> {
  const memory = String(await connection.command('INFO', ['memory']));
  const policy = /maxmemory_policy:(\S+)/.exec(memory)?.[1] ?? 'noeviction';
  if (policy === 'noeviction' || /maxmemory:0\s/.test(memory)) return;
  process.emitWarning(`Redis may evict parts of the log: its maxmemory-policy is ${policy}, not noeviction.`);
}
