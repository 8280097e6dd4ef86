import { RealtimeError } from '@netbuild/realtime-protocol';
import { backoff } from './backoff.ts';
import type { ExternalTask, Failure } from './external-tasks.ts';

/**
 * Thrown by a handler: the task stands where a BPMN error of this code is caught.
 *
 * @example throw new BpmnError('OUT_OF_STOCK', 'There is none left of 0815.');
 */
export class BpmnError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'BpmnError';
    this.code = code;
  }
}

/**
 * Thrown by a handler whose task would fail at each try: it is an incident at once.
 *
 * @example if (typeof task.variables.text !== 'string') throw new Hopeless('There is no text to summarise.');
 */
export class Hopeless extends Error {
  override readonly name = 'Hopeless';
}

/** Tries that a task has which has never failed. */
const TRIES = 3;

/** Milliseconds from a failure to the next try: the first, and the longest. */
const FIRST = 1000;
const LONGEST = 60_000;

/** How often the engine is told to try again, and when, by what a handler has thrown. */
export function failureOf(thrown: unknown, { retries }: Pick<ExternalTask, 'retries'>): Failure {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const details = thrown instanceof Error ? thrown.stack : undefined;
  const left = retries ?? TRIES;
  if (thrown instanceof Hopeless) return { message, retries: 0, retryTimeout: 0 };
  // What passes by itself (a log that can not be written now) is not the task's fault, and costs it no try.
  const isTheirs = !(thrown instanceof RealtimeError && thrown.toWire().retryable);
  return {
    message,
    details,
    retries: isTheirs ? Math.max(0, left - 1) : Math.max(1, left),
    retryTimeout: backoff(isTheirs ? TRIES - left : TRIES, FIRST, LONGEST),
  };
}
