import type { Subject } from '@netbuild/realtime-protocol';

/** A message as it stood at one place of the log. */
export interface Archived {
  seq: number;
  subject: Subject;
  body: string;
}

/** How far a domain's log is stored. */
export interface Reached {
  epoch: string;
  seq: number;
}

/**
 * Where what is said is kept for good: the messages of each domain's log, each at its place. Every call may reject with
 * `LogError`; what has been written is durable when a call is answered.
 */
export interface ArchiveStore {
  /**
   * Takes the turn of writing a domain. Whoever had it before writes no more, also where that one was frozen and does
   * not know it yet.
   */
  take(domain: string): Promise<ArchiveTurn>;
  /** The messages at these places, as far as there are any. */
  at(domain: string, seqs: readonly number[]): Promise<Archived[]>;
  /** Which messages have one of these texts in them, at whatever place; in pages. */
  naming(domain: string, texts: readonly string[]): AsyncIterable<Subject[]>;
  /** Erases all that there is of these before a place. Anybody may. */
  erase(domain: string, subjects: readonly Subject[], before: number): Promise<void>;
}

/** The turn of writing a domain; every call rejects with {@link TurnOver} when it is somebody else's. */
export interface ArchiveTurn {
  /** As far as whoever had it before has come. */
  readonly reached: Reached | undefined;
  /** Makes of what is stored after a place, up to and with another, exactly this. */
  replace(after: number, upTo: number, messages: readonly Archived[]): Promise<void>;
  /** Stores these; what stands at their places is written over. */
  put(messages: readonly Archived[]): Promise<void>;
  /** Erases all that there is of these before a place. */
  erase(subjects: readonly Subject[], before: number): Promise<void>;
  /** Removes what stands at these places. */
  remove(seqs: readonly number[]): Promise<void>;
  /** Says how far it is stored, once all before it is. */
  reach(reached: Reached): Promise<void>;
  /** What is stored after a place, up to and with another, in order. */
  list(after: number, upTo: number, limit: number): Promise<{ seq: number; subject: Subject }[]>;
}

/** Somebody else writes this domain now. */
export class TurnOver extends Error {
  constructor() {
    super('somebody else stores the messages of this domain now');
  }
}
