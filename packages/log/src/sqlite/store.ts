import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { lockFolder } from './lock.ts';
import { prepareSchema } from './schema.ts';

/** The database of a log, and the lock on its folder. */
export class Store {
  readonly database: DatabaseSync;
  readonly #lock: DatabaseSync;

  /** @throws LogError `locked` or `failed`; errors of SQLite and the file system as they come. */
  constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    this.#lock = lockFolder(directory);
    try {
      // The timeout is for a tool that looks at the log from outside; no other process writes to it.
      this.database = new DatabaseSync(join(directory, 'log.db'), { timeout: 5000 });
    } catch (error) {
      this.#lock.close();
      throw error;
    }
    try {
      this.database.exec((process.env.PRE ?? '') + 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; ' + (process.env.PRAG ?? ''));
      prepareSchema(this.database);
      syncFolder(directory);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Does all of it or nothing, and returns only when it is on the disk. */
  transaction<T>(work: () => T): T {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      // Some errors, such as a full disk, have rolled it back already.
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.database.close();
    this.#lock.close();
  }
}

/** SQLite syncs what is in its files; that they exist is in their folder. */
function syncFolder(directory: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(directory, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
