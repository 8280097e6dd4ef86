/** What a publisher holds at most; what comes beyond it is refused. */
export interface BufferLimits {
  /**
   * Events. Default 100 000. Where the gateway's log is in Redis, what was acknowledged counts for `settle`
   * (5 s) more: a steady rate can be a fifth of this a second.
   */
  events: number;
  /** Bytes of them, as they are sent. Default 64 MiB. */
  bytes: number;
}

/** An event that is held. */
export interface Entry {
  readonly json: string;
  readonly bytes: number;
}

/** Acknowledged events that the gateway's storage may still lose. */
interface Kept<E> {
  entries: E[];
  /** Whoever is in the same life of the log then has them for good. */
  until: number;
}

/** Events of a publisher: those that wait, in order, and those that are kept. */
export type Buffer<E extends Entry> = ReturnType<typeof createBuffer<E>>;

/** Makes an empty one. */
export function createBuffer<E extends Entry>(most: BufferLimits) {
  let waiting: E[] = [];
  let kept: Kept<E>[] = [];
  let events = 0;
  let bytes = 0;

  function count(entries: readonly E[], sign: 1 | -1): void {
    events += sign * entries.length;
    for (const entry of entries) bytes += sign * entry.bytes;
  }

  return {
    /** All that is held. */
    get events() {
      return events;
    },
    get bytes() {
      return bytes;
    },
    get waiting() {
      return waiting.length;
    },
    get firstKept() {
      return kept[0]?.entries[0];
    },
    /** When all that is kept is likely to have been kept for long enough, so that one ask is enough for it. */
    get keptUntil() {
      return Math.max(...[kept[0], kept.at(-1)].map((one) => one?.until ?? 0));
    },
    /** @returns whether there was room */
    add(entry: E): boolean {
      if (events >= most.events || bytes + entry.bytes > most.bytes) return false;
      waiting.push(entry);
      count([entry], 1);
      return true;
    },
    /** From the front, as many as fit together, and one in any case. They go on waiting. */
    next(events: number, bytes: number): E[] {
      let end = 0;
      for (let sum = 0; end < Math.min(events, waiting.length); end++) {
        sum += waiting[end]!.bytes + 1;
        if (end > 0 && sum > bytes) break;
      }
      return waiting.slice(0, end);
    },
    /** So many wait no longer. */
    drop(number: number): void {
      count(waiting.splice(0, number), -1);
    },
    keep(entries: E[], until: number): void {
      kept.push({ entries, until });
      count(entries, 1);
    },
    /** Lets go of what is kept and has been refused all the same. */
    dropFirstKept(): void {
      const [{ entries }] = kept as [Kept<E>];
      count(entries.splice(0, 1), -1);
      if (entries.length === 0) kept.shift();
    },
    /** The life was the same at that moment: what had waited long enough by then can no longer be lost. */
    sameLifeAt(time: number): void {
      while (kept[0] && kept[0].until <= time) count(kept.shift()!.entries, -1);
    },
    /** The life is over: what may be lost with it waits as if it had never been sent, before all else. */
    lifeIsOver(): void {
      waiting = [...kept.flatMap(({ entries }) => entries), ...waiting];
      kept = [];
    },
    /** Gives everything up. */
    clear(): { waiting: E[]; kept: number } {
      const left = { waiting, kept: events - waiting.length };
      [waiting, kept, events, bytes] = [[], [], 0, 0];
      return left;
    },
  };
}
