import type { Subject } from '@netbuild/realtime-protocol';
import { type Outgoing, outgoing } from './outgoing.ts';

/** The newest of a domain's events, without holes; what is in here touches no storage. */
export interface Recent {
  /** The last one's place. */
  readonly seq: number;
  /** Adds what follows. */
  add(items: Outgoing[]): void;
  /** All after a place; `undefined` if some of them are no longer here. */
  since(seq: number): Outgoing[] | undefined;
  /** Leaves nothing but the places of what was erased before a place: as the log itself has them now. */
  erase(erased: ReadonlySet<Subject | number>, before: number): void;
  /** Forgets all, and goes on after a place. */
  begin(seq: number): void;
}

/** What an entry costs beside its body's characters: names, numbers, the event once it was parsed. */
const OVERHEAD = 500;

/** @param most bytes that it may hold, roughly */
export function createRecent(most: number): Recent {
  let items: Outgoing[] = [];
  /** Those before it have been dropped. */
  let start = 0;
  let bytes = 0;
  let seq = 0;

  function drop(): void {
    while (bytes > most && start < items.length) bytes -= costOf(items[start++]!);
    // Now and then, so that dropping one costs the same however many there are.
    if (start * 2 > items.length) {
      items = items.slice(start);
      start = 0;
    }
  }

  const recent: Recent = {
    get seq() {
      return seq;
    },
    add(more) {
      if (more.length === 0) return;
      if (more[0]!.entry.seq !== seq + 1) recent.begin(more[0]!.entry.seq - 1);
      for (const item of more) {
        items.push(item);
        bytes += costOf(item);
      }
      seq = more.at(-1)!.entry.seq;
      drop();
    },
    since(after) {
      const missing = seq - after;
      const held = items.length - start;
      if (missing < 0 || missing > held) return undefined;
      return items.slice(items.length - missing);
    },
    erase(erased, before) {
      items = items.slice(start).map((item) => {
        const { seq: place, subject } = item.entry;
        if (!erased.has(subject ?? place) || place >= before) return item;
        bytes -= costOf(item) - OVERHEAD;
        return outgoing({ seq: place, erased: true, rooms: [], left: [], open: false, body: '' }, item.epoch);
      });
      start = 0;
    },
    begin(place) {
      items = [];
      start = 0;
      bytes = 0;
      seq = place;
    },
  };
  return recent;
}

function costOf({ entry }: Outgoing): number {
  return OVERHEAD + entry.body.length * 2;
}
