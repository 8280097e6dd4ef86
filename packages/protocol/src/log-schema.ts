import type { Subject } from './subject.ts';

/**
 * The shape of the events that the log holds. Each is stored with the version that wrote it, and lifted to this
 * one whenever it is read, so that everybody else knows this one alone.
 *
 * Raise `version` when rows that were written before no longer fit their schema, or would be misunderstood, and
 * let `lift` bring the body of an event (the JSON text of a `RealtimeEvent` without `seq`) of any earlier version
 * to the new one. What is merely added, and may be missing, needs neither.
 */
export const LOG_SCHEMA = {
  version: 1,
  lift: (body: string, _from: number, _subject: Subject | undefined): string => body,
};
