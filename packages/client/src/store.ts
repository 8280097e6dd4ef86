import type { Delivered, ErasureData, RealtimeEvent, Room, Subject } from '@netbuild/realtime-protocol';
import { Listeners } from './core/listeners.ts';
import { insert } from './history.ts';
import type { Row } from './row.ts';

/** What a change to the store has touched: rows as they were and as they are, and rooms whose history grew. */
export interface Touched {
  rows: Row[];
  rooms: Set<Room>;
  /** Events that name the command whose effect they are, be they news or not. */
  named: RealtimeEvent[];
}

/** A change that has touched nothing yet. */
export const nothing = (): Touched => ({ rows: [], rooms: new Set(), named: [] });

/** Bounds of what a store keeps. */
export interface StoreLimits {
  /** Events of a room's history. */
  history: number;
  /** Ended rows, in all rooms together. */
  ended: number;
}

/**
 * The newest event of each subject that a room of ours shows, and the last events of each execution
 * and process among the rooms. What it holds depends on what has arrived, not on the order of arrival.
 */
export class Store {
  readonly changed = new Listeners<[Touched]>();
  /** Raised with every change; tells views that nobody watches that they are old. */
  version = 0;
  #rows = new Map<Subject, Row>();
  /** Where a subject was seen to leave us: an older row, of a page that was read before, must not bring it back. */
  #left = new Map<Subject, number>();
  /** Where a subject, or the event at a place, was erased: events of a page that was read before must not bring it back either. */
  #erased = new Map<Subject | number, number>();
  #ended = new Set<Subject>();
  #histories = new Map<Room, readonly RealtimeEvent[]>();
  #touched: Touched | undefined;
  /** Whether rows are kept for a room's sake. */
  readonly shows: (room: Room) => boolean;
  #limits: StoreLimits;

  constructor(shows: (room: Room) => boolean, limits: StoreLimits) {
    this.shows = shows;
    this.#limits = limits;
  }

  rows(): Iterable<Row> {
    return this.#rows.values();
  }

  get(subject: Subject): Row | undefined {
    return this.#rows.get(subject);
  }

  /** A subject as it is, whatever is expected of it. */
  confirmed(subject: Subject): Row | undefined {
    return this.get(subject);
  }

  history(room: Room): readonly RealtimeEvent[] {
    return this.#histories.get(room) ?? NONE;
  }

  /** Puts what a room had before its history in front of it, if that still begins with this event. */
  prepend(room: Room, first: RealtimeEvent, events: readonly Delivered[]): boolean {
    const list = this.history(room);
    if (list[0] !== first) return false;
    const older = events.filter((event): event is RealtimeEvent => 'type' in event && !this.#isErased(event));
    this.batch(() => {
      this.#histories.set(room, [...older, ...list]);
      this.#touched?.rooms.add(room);
    });
    return true;
  }

  /** Runs changes that are told as one. */
  batch(run: () => void): void {
    if (this.#touched) {
      run();
      return;
    }
    const touched = nothing();
    this.#touched = touched;
    try {
      run();
    } finally {
      this.#touched = undefined;
      if (touched.rows.length > 0 || touched.rooms.size > 0 || touched.named.length > 0) {
        this.version++;
        this.changed.tell(touched);
      }
    }
  }

  /** Takes in one element of a batch. */
  apply(item: Delivered): void {
    if (!('type' in item)) {
      this.#leave(item.subject, item.seq);
      return;
    }
    if (item.type === 'data:erased') {
      this.#erase(item.data as ErasureData, item.seq);
      return;
    }
    this.#remember(item);
    if (item.subject) this.#take(item as Row);
    else this.#name(item);
  }

  /** Takes in a row, unless a newer one is known. */
  #take(row: Row): void {
    const { subject, seq } = row;
    this.#name(row);
    if (!row.rooms.some(this.shows)) {
      this.#leave(subject, seq);
      return;
    }
    const before = this.#rows.get(subject);
    if ((before && before.seq >= seq) || (this.#left.get(subject) ?? 0) > seq) return;
    this.#left.delete(subject);
    this.#put(subject, row);
  }

  /**
   * Starts to replace what is held of some rooms by what a server read at `seq`.
   * Rows that also lie in a room of `isProved` stay: that room tells whether they are still so.
   *
   * @returns what takes the pages, and after the last one drops what none of them had.
   */
  snapshot(rooms: readonly Room[], seq: number, isProved: (room: Room) => boolean) {
    const seen = new Set<Subject>();
    const among = new Set(rooms);
    return {
      history: (events: readonly RealtimeEvent[]) => {
        for (const room of rooms) this.#forget(room);
        for (const event of events) {
          if (event.type === 'data:erased') {
            this.#erase(event.data as ErasureData, event.seq);
            continue;
          }
          // In these rooms alone: in another one it would stand before a hole.
          this.#remember(event, (room) => among.has(room));
          // What has ended is in no page. What is open is, as it is now and not as this event left it.
          if (event.ended && event.subject) {
            seen.add(event.subject);
            this.#take(event as Row);
          }
        }
      },
      page: (rows: readonly RealtimeEvent[]) => {
        for (const row of rows) {
          seen.add(row.subject!);
          this.#take(row as Row);
        }
      },
      done: () => {
        for (const [subject, row] of this.#rows) {
          if (row.seq > seq || seen.has(subject)) continue;
          if (row.rooms.some((room) => among.has(room)) && !row.rooms.some(isProved))
            this.#put(subject, undefined);
        }
      },
    };
  }

  /** Drops what no room of ours shows any more. */
  prune(): void {
    this.#keep(this.shows);
  }

  /**
   * Goes on in another life of the log, which has all that the whole rooms show. What the others have shown so far may
   * be lost, and newer by its number than what they are about to be shown with.
   */
  renew(isWhole: (room: Room) => boolean): void {
    this.#keep(isWhole);
    this.settle();
  }

  /** Nothing older than what is here can arrive from now on. */
  settle(): void {
    this.#left.clear();
    this.#erased.clear();
  }

  /** Forgets everything: the log has another life, or the user is another one. */
  clear(): void {
    this.renew(() => false);
  }

  #name(event: RealtimeEvent): void {
    if (event.commandId) this.#touched?.named.push(event);
  }

  /**
   * Drops what was erased: the rows, and their events in every history. That it was is itself no part of what was
   * said and done.
   */
  #erase({ subjects, renewed = [], events: places = [] }: ErasureData, seq: number): void {
    for (const name of subjects as Subject[]) this.#leave(name, seq);
    for (const erased of [...subjects, ...renewed, ...places]) this.#erased.set(erased as Subject, seq);
    for (const [room, events] of this.#histories) {
      const kept = events.filter((event) => !this.#isErased(event));
      if (kept.length === events.length) continue;
      this.#histories.set(room, kept);
      this.#touched?.rooms.add(room);
    }
  }

  #leave(subject: Subject | undefined, seq: number): void {
    if (!subject) return;
    const before = this.#rows.get(subject);
    if (before && before.seq >= seq) return;
    this.#left.set(subject, Math.max(seq, this.#left.get(subject) ?? 0));
    if (before) this.#put(subject, undefined);
  }

  #put(subject: Subject, row: Row | undefined): void {
    const before = this.#rows.get(subject);
    if (before) this.#touched?.rows.push(before);
    if (row) {
      this.#rows.set(subject, row);
      this.#touched?.rows.push(row);
    } else this.#rows.delete(subject);
    this.#ended.delete(subject);
    if (!row?.ended) return;
    this.#ended.add(subject);
    if (this.#ended.size > this.#limits.ended) this.#put(this.#ended.values().next().value!, undefined);
  }

  #remember(event: RealtimeEvent, isMeant = this.shows): void {
    if (this.#isErased(event)) return;
    for (const room of event.rooms) {
      if (!/^(execution|process):/.test(room) || !this.shows(room) || !isMeant(room)) continue;
      const before = this.history(room);
      const after = insert(before, event, Math.max(this.#limits.history, before.length));
      if (after === before) continue;
      this.#histories.set(room, after);
      this.#touched?.rooms.add(room);
    }
  }

  #isErased({ subject, seq }: RealtimeEvent): boolean {
    return (this.#erased.get(subject ?? seq) ?? 0) > seq;
  }

  #keep(isKept: (room: Room) => boolean): void {
    this.batch(() => {
      for (const [subject, row] of this.#rows) if (!row.rooms.some(isKept)) this.#put(subject, undefined);
      for (const room of this.#histories.keys()) if (!isKept(room)) this.#forget(room);
    });
  }

  #forget(room: Room): void {
    if (this.#histories.delete(room)) this.#touched?.rooms.add(room);
  }
}

const NONE: readonly RealtimeEvent[] = [];
