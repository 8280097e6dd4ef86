import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LogError } from '../log-error.ts';
import { isBusy } from './failure.ts';

/**
 * Takes a folder for this process until the returned connection is closed.
 *
 * The lock is a transaction that never ends, on an empty database of its own. The kernel drops it with the
 * process, however that dies, so none is ever left behind. It is not the log's own database in
 * `locking_mode=EXCLUSIVE`, for then nobody could look at, or back up, the log of a running node.
 *
 * @throws LogError `locked` where it is taken.
 */
export function lockFolder(directory: string): DatabaseSync {
  const database = new DatabaseSync(join(directory, 'lock.db'));
  try {
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    throw new LogError(
      'locked',
      `The log in ${directory} is in use by another process; each needs its own folder.`,
    );
  }
}
