import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { lockFolder } from './lock.ts';
import { prepareSchema } from './schema.ts';

/**
 * - A commit is on the disk when it returns (FULL).
 * - The journal is brought home every 16 MB (4096 pages) instead of 4: indexes of random ids make each commit
 *   touch pages all over the file, and a page that was written ten times meanwhile is brought home once.
 *   That gives a third more events a second; beyond 64 MB a single pause would be felt.
 */
const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 4096;
  PRAGMA cache_size = -65536;
`;

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
      // The schema first: what a newer version wrote is left as it is.
      prepareSchema(this.database);
      this.database.exec(SETTINGS);
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
