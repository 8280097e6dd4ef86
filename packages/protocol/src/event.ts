import type { EventData, EventType } from './catalogue/index.ts';
import type { Room } from './room.ts';
import type { Subject } from './subject.ts';

/**
 * What the log holds and clients receive: a subject as it is after a fact.
 * The newest event of a subject *is* its row, so nobody but `publish` ever folds.
 */
export interface RealtimeEvent<T extends string = EventType | `x:${string}`> {
  /** The fact's key and the event's place in it, `<source>/<id>#<n>`; unique in the domain. */
  id: string;
  /** Place in the domain's one sequence, from 1, without holes. */
  seq: number;
  type: T;
  /** When it happened, ISO 8601, by the source's clock. */
  time: string;
  /** What it is about; custom events without a row have none. */
  subject?: Subject;
  /** The rooms that show the subject from now on. */
  rooms: Room[];
  /** The rooms that showed it before and no longer do. */
  left: Room[];
  /** Not open, or no longer: a completed task, a finished process; a message from birth. Views of what is open lack it. */
  ended?: true;
  /** A step on the way, which a newer event of its subject replaces in histories: a text that grows, a renewed lease. */
  passing?: true;
  /** The whole row after the fact. */
  data: T extends EventType ? EventData<T> : unknown;
  /** The command whose effect this is. */
  commandId?: string;
  /** The source's own clock at its commit, epoch milliseconds with fractions. Only sources that know it say it. */
  committedAt?: number;
}

/** What a client gets of an event when none of its rooms shows the subject any more. */
export interface Left {
  seq: number;
  subject: Subject;
  left: Room[];
}

/** One element of a batch on the wire. */
export type Delivered = RealtimeEvent | Left;

/** What plain Socket.IO clients get beside the data of an event. */
export interface EventMeta {
  id: string;
  type: string;
  time: string;
  subject?: Subject;
  epoch: string;
  seq: number;
  commandId?: string;
  committedAt?: number;
}

/** Tells an event from a {@link Left}. */
export function isEvent(delivered: Delivered): delivered is RealtimeEvent {
  return 'type' in delivered;
}
