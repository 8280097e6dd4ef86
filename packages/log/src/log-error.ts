/** Why the storage could not do it. */
export type LogErrorCode =
  /** Another process has this log open. */
  | 'locked'
  /** There is no room, or it is read-only; the event is not written. May work again later. */
  | 'unwritable'
  /** The log was closed. */
  | 'closed'
  /** What is stored was written by a newer version than this one, and is not guessed at. */
  | 'newer'
  /** A call that the interface does not allow, such as a body that is no object. */
  | 'misused'
  /** Anything else the storage said. */
  | 'failed';

/** An error of the log. Whatever was to be appended is not acknowledged and may be tried again with the same keys. */
export class LogError extends Error {
  readonly code: LogErrorCode;

  constructor(code: LogErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'LogError';
    this.code = code;
  }
}
