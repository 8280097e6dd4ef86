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
 * - What is deleted is overwritten, so that what was erased is not left in pages that happen to be free.
 */
const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 4096;
  PRAGMA cache_size = -65536;
  PRAGMA secure_delete = ON;
`;

/** Milliseconds for which a tool that looks at the log from outside is waited for. */
const PATIENCE = 5000;

/** The database of a log, and the lock on its folder. */
export class Store {
  readonly database: DatabaseSync;
  readonly #lock: DatabaseSync;

  /** @throws LogError `locked` or `failed`; errors of SQLite and the file system as they come. */
  constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    this.#lock = lockFolder(directory);
    try {
      this.database = new DatabaseSync(join(directory, 'log.db'), { timeout: PATIENCE });
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

  /**
   * Brings the journal home and empties it, so that nothing stands in it that is gone from the tables.
   *
   * @returns false where somebody looks at the log from outside just now
   */
  sweep(): boolean {
    this.database.exec('PRAGMA busy_timeout = 0');
    try {
      return this.database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy === 0;
    } finally {
      this.database.exec(`PRAGMA busy_timeout = ${PATIENCE}`);
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
