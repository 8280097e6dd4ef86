import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Lifting } from '../lifting.ts';
import type { Log } from '../log.ts';
import { LogError } from '../log-error.ts';
import { KEEP_KEYS, type LogOptions } from '../options.ts';
import { checkOptions } from '../usage.ts';
import type { Opened, WorkerData } from './messages.ts';
import { SqliteLog } from './sqlite-log.ts';

/** Where the embedded log keeps its files, and what it is told. */
export interface SqliteLogOptions extends LogOptions {
  /** The folder; made where there is none. It belongs to one process at a time. */
  directory: string;
}

/**
 * Opens the embedded log: SQLite in a thread of its own, so that the event loop never waits for the disk.
 * What it acknowledges is on the disk (`settle` is 0). Each opening begins a new life of each domain.
 *
 * @throws LogError `locked` where another process has the folder (one that was killed holds nothing),
 *   `unwritable` where files cannot be made there, `newer` where a newer version wrote them,
 *   `failed` where they are damaged.
 * @example
 * const log = await openSqliteLog({ directory: './data' });
 * const { seq } = await log.head('acme');
 */
export async function openSqliteLog(options: SqliteLogOptions): Promise<Log> {
  checkOptions(options);
  const directory = resolve(options.directory);
  // Sources run as they are, and what is published is built: the worker lies beside this file in both.
  const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
  const lifting = new Lifting(options.schema);
  const workerData: WorkerData = {
    directory,
    keepKeys: options.keepKeys ?? KEEP_KEYS,
    version: lifting.version,
  };
  const worker = new Worker(new URL(file, import.meta.url), { workerData, name: 'log' });
  const opened = await firstWord(worker);
  if ('opened' in opened) return new SqliteLog(worker, lifting);
  const { code, message } = opened.failure;
  await worker.terminate();
  throw new LogError(
    code,
    code === 'locked' ? message : `The log in ${directory} cannot be opened: ${message}`,
  );
}

/** What the worker says first. Listeners are taken off by name: `removeAllListeners` would make it deaf for good. */
function firstWord(worker: Worker): Promise<Opened> {
  return new Promise((resolve) => {
    const done = (opened: Opened) => {
      worker.off('message', done).off('error', failed).off('exit', ended);
      resolve(opened);
    };
    const failed = (error: unknown) => done({ failure: { code: 'failed', message: String(error) } });
    const ended = () => failed('its thread ended');
    worker.on('message', done).on('error', failed).on('exit', ended);
  });
}
