import { LogError, type LogErrorCode } from '../log-error.ts';

/** An error as it travels from the worker. */
export interface Failure {
  code: LogErrorCode;
  message: string;
}

/** Primary result codes of SQLite after which the same write may work again later. */
const UNWRITABLE = new Map([
  [8, 'the database is read-only'],
  [10, 'the disk failed to read or write'],
  [13, 'there is no room on the disk'],
  [14, 'a file cannot be opened'],
]);

/** Errors of the file system with the same meaning. */
const UNWRITABLE_FILES = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'EDQUOT',
  'ENOTDIR',
  'EEXIST',
  'EIO',
]);

/** What the storage's error means to who uses the log. */
export function toFailure(error: unknown): Failure {
  if (error instanceof LogError) return { code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  const { errcode, code } = error as { errcode?: number; code?: string };
  // The low byte is the primary code; the rest tells variants of it apart.
  const reason = errcode === undefined ? undefined : UNWRITABLE.get(errcode & 0xff);
  if (reason) return { code: 'unwritable', message: `${reason} (${message})` };
  if (code !== undefined && UNWRITABLE_FILES.has(code)) return { code: 'unwritable', message };
  return { code: 'failed', message };
}

/** Whether SQLite says that another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && (errcode & 0xff) === 5;
}
