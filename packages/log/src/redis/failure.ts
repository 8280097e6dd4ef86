import { LogError } from '../log-error.ts';

/** First words of Redis's refusals after which the same write may work again later. */
const UNWRITABLE = new Map([
  ['OOM', 'there is no room in its memory'],
  ['READONLY', 'it is a replica'],
  ['MISCONF', 'it cannot save to its disk'],
  ['NOREPLICAS', 'too few replicas are connected'],
]);

/** What the error of the client or the server means to who uses the log. */
export function toLogError(error: unknown): LogError {
  if (error instanceof LogError) return error;
  const message = error instanceof Error ? error.message : String(error);
  for (const [word, reason] of UNWRITABLE) {
    if (startsWith(error, word)) {
      return new LogError('unwritable', `Redis takes no writes: ${reason} (${message})`, { cause: error });
    }
  }
  return new LogError('failed', `Redis: ${message}`, { cause: error });
}

/** Whether the server refused with this word. */
export function startsWith(error: unknown, word: string): boolean {
  return error instanceof Error && error.message.startsWith(`${word} `);
}

/** Whether the connection, and not the server, is at fault: what was sent may have been done or not. */
export function isLost(error: unknown): boolean {
  return !(error instanceof Error && error.name === 'ReplyError');
}
