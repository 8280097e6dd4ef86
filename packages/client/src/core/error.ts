import type { ErrorCode, WireError } from '@netbuild/realtime-protocol';

/**
 * Codes of the protocol's table, and five that only a client can know:
 * `timeout`: no answer in time, so it is not known whether the request took effect;
 * `expired`: no connection in time, so it was not sent and had no effect;
 * `outbox_full`: too much waits for a connection already, so it was not taken and had no effect;
 * `disconnected`: it was given up unsent, or unanswered, because somebody else has signed in;
 * `life_changed`: a position belongs to another life of the log, so it can not be waited for.
 */
export type ClientErrorCode =
  | ErrorCode
  | 'timeout'
  | 'expired'
  | 'outbox_full'
  | 'disconnected'
  | 'life_changed';

/** An error as screens get it: what the server told, or what the client knows by itself. */
export interface ErrorDetails extends Omit<WireError, 'code'> {
  code: ClientErrorCode;
}

/** Says what a client knows by itself. */
export const failure = (code: ClientErrorCode, message: string, retryable = true): ErrorDetails => ({
  code,
  message,
  retryable,
});

/**
 * A refusal, thrown.
 *
 * @example
 * try {
 *   await client.command('task:claim', { taskId });
 * } catch (error) {
 *   if (!(error instanceof RealtimeError) || error.code !== 'task_taken') throw error;
 *   say('Somebody else was faster.');
 * }
 */
export class RealtimeError extends Error {
  readonly code: ClientErrorCode;
  /** The same request may succeed later, unchanged. */
  readonly retryable: boolean;
  /** Everything that is known of it, as plain data: how long to wait, the field at fault. */
  readonly details: ErrorDetails;

  constructor(details: ErrorDetails) {
    super(details.message);
    this.name = 'RealtimeError';
    this.code = details.code;
    this.retryable = details.retryable;
    this.details = details;
  }
}
