import type { ErrorCode, WireError } from '@netbuild/realtime-protocol';

/**
 * Codes of the protocol's table, and four that only a publisher can know:
 * `buffer_full`: there was no room for it, and it was never sent;
 * `closed`: it was given up, unsent or unanswered, because the publisher was closed or the process ended;
 * `timeout`: no answer in time, so it is not known whether it took effect;
 * `unreachable`: no connection, or an answer that is not a gateway's.
 */
export type PublishErrorCode = ErrorCode | 'buffer_full' | 'closed' | 'timeout' | 'unreachable';

/** What is known of an error, as plain data. */
export interface PublishErrorDetails extends Omit<WireError, 'code'> {
  code: PublishErrorCode;
  /** Of the HTTP answer, where a whole request was refused. */
  status?: number;
}

/**
 * Why an event was refused, or a request failed.
 *
 * @example
 * try {
 *   await publisher.send('x:shipped', { parcel }, { executionId });
 * } catch (error) {
 *   if (!(error instanceof PublishError)) throw error;
 *   if (!error.retryable) report(error.code, error.field);
 * }
 */
export class PublishError extends Error {
  readonly code: PublishErrorCode;
  /** The same event may be taken later, unchanged. */
  readonly retryable: boolean;
  /** The field of the event at fault, as a path: `data.taskId`. */
  readonly field: string | undefined;
  /** Everything that is known of it. */
  readonly details: PublishErrorDetails;

  constructor(details: PublishErrorDetails, cause?: unknown) {
    super(details.message, { cause });
    this.name = 'PublishError';
    this.code = details.code;
    this.retryable = details.retryable;
    this.field = details.field;
    this.details = details;
  }
}
