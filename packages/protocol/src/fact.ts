import type { RealtimeEvent } from './event.ts';
import type { Room } from './room.ts';
import type { Subject, SubjectKind } from './subject.ts';

/** What a source reports: something happened. `publish` folds it into rows and appends events. */
export interface Fact {
  /** Where it comes from: `engine/default`, `user` (a command), or the source of a CloudEvent. */
  source: string;
  /** Names the occurrence, unique in its source: a fact enters once. */
  id: string;
  /** A type of the catalogue, or a custom one (`x:…`). */
  type: string;
  /** When it happened, ISO 8601. */
  time: string;
  /** What happened, by the type's `fact` schema. */
  data: unknown;
  /** The command that this is the effect of, where the source knows. */
  commandId?: string;
  /** The source's clock at its commit, epoch milliseconds. */
  committedAt?: number;
  /**
   * The position that the log had before the source looked: what it saw was so then, or later. Where the row has
   * changed since, the fact may be older than what stands there, and does not enter; look again.
   */
  asOf?: number;
  /** Rooms of a custom (`x:`) event, or of those that are erased; catalogue types derive theirs from the row. */
  rooms?: Room[];
  /**
   * Digest of the body, where the same id with another body is a mistake of the caller and must be refused.
   * The engine's facts have none: their fold decides.
   */
  digest?: string;
}

/** The row of a subject: its newest event. */
export type Row = RealtimeEvent & { subject: Subject };

/** One event that a fold wants to append. */
export interface Change {
  type: `${SubjectKind | 'data'}:${string}`;
  subject: Subject;
  /** The whole row after the fact. */
  data: object;
  /**
   * Subjects whose rows and events are gone with it, and places of events without a subject. It asked for the rows,
   * and goes to their rooms too.
   */
  erases?: (Subject | number)[];
  /** Rooms that do not hear of it all the same: even their names are of what is erased. */
  untold?: Room[];
  commandId?: string;
  /** A step on the way: whoever looks back needs no more than the newest of them, and none once there is more to say. */
  passing?: true;
}

/**
 * What a fold may look at. Every row that it asks for is compared in the append,
 * so that a decision made on a row that has moved on since is never written.
 */
export type Rows = <T extends object = Record<string, unknown>>(
  /** Its row's data is the answer; `undefined` where the subject has no row. */
  subject: Subject,
) => T | undefined;

/** The key of a fact in its domain. */
export function factKey(fact: Pick<Fact, 'source' | 'id'>): string {
  return `${fact.source}/${fact.id}`;
}
