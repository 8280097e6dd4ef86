import type { Entry } from '@netbuild/realtime-log';
import type { Room, Subject } from '@netbuild/realtime-protocol';

/** What a member saw, in the order in which it did. */
export type Seen =
  | { is: 'entered'; room: Room; at: number }
  | { is: 'gone'; room: Room; at: number }
  | { is: 'event'; seq: number; left: boolean }
  | { is: 'left'; rooms: Room[]; at: number };

type Rows = ReadonlyMap<Subject, Pick<Entry, 'rooms' | 'open'>>;

/** A log read again, from which it is told what everybody had a right to at each place. */
export class RightsOracle {
  readonly #entries: readonly Entry[];
  /** The rows after each group, by the place of its last entry. */
  readonly #rows = new Map<number, Rows>([[0, new Map()]]);

  constructor(entries: readonly Entry[]) {
    this.#entries = entries;
    let rows = new Map<Subject, Pick<Entry, 'rooms' | 'open'>>();
    for (const [i, entry] of entries.entries()) {
      rows = new Map(rows);
      if (entry.subject) rows.set(entry.subject, entry);
      if (groupOf(entry) !== groupOf(entries[i + 1])) this.#rows.set(entry.seq, rows);
    }
  }

  /** Whether a place lies between two groups. */
  isBetween = (at: number): boolean => this.#rows.has(at);

  linksAt(room: Room, at: number): Room[] {
    const row = this.#rows.get(at)?.get(room.replace(':', '/') as Subject);
    return (row?.rooms ?? []).filter((one) => one.startsWith('execution:'));
  }

  /** @param links the executions through which a right to a process counts */
  has(mine: readonly Room[], room: Room, at: number, links = this.linksAt(room, at)): boolean {
    const rows = this.#rows.get(at)!;
    const own = room.replace(':', '/');
    for (const [subject, { rooms, open }] of rows) {
      if ((open || subject === own) && rooms.includes(room) && rooms.some((one) => mine.includes(one)))
        return true;
    }
    const still = this.linksAt(room, at);
    return links.some((link) => still.includes(link) && this.has(mine, link, at, []));
  }

  /** Whether somebody was without a right at any time between two places. */
  wasWithout(mine: readonly Room[], room: Room, from: number, to: number): boolean {
    const places = [...this.#rows.keys()].sort((a, b) => a - b);
    const first = places.findLast((at) => at <= from) ?? 0;
    return places.some((at) => at >= first && at <= to && !this.has(mine, room, at));
  }

  /** What a member must have seen, given what it entered and left of its own, and up to where it was there. */
  expected(mine: readonly Room[], seen: readonly Seen[], upTo: number): Seen[] {
    const expected: Seen[] = [];
    const rooms = new Map<Room, Room[]>();
    let next = 1;
    const goOn = (to: number): void => {
      for (; next <= to; next++) {
        const entry = this.#entries[next - 1]!;
        const isIn = (one: Room) => rooms.has(one);
        if (entry.rooms.some(isIn)) expected.push({ is: 'event', seq: next, left: false });
        else if (entry.left.some(isIn)) expected.push({ is: 'event', seq: next, left: true });
        if (!this.isBetween(next)) continue;
        const lost = [...rooms].filter(([room, links]) => !this.has(mine, room, next, links));
        for (const [room] of lost) rooms.delete(room);
        for (const room of rooms.keys()) rooms.set(room, this.linksAt(room, next));
        if (lost.length > 0)
          expected.push({ is: 'left', rooms: lost.map(([room]) => room).sort(), at: next });
      }
    };
    for (const one of seen) {
      if (one.is !== 'entered' && one.is !== 'gone') continue;
      goOn(one.at);
      expected.push(one);
      if (one.is === 'entered') rooms.set(one.room, this.linksAt(one.room, one.at));
      else rooms.delete(one.room);
    }
    goOn(upTo);
    return expected;
  }
}

function groupOf(entry: Entry | undefined): string | undefined {
  return entry && (JSON.parse(entry.body) as { id: string }).id.replace(/#\d+$/, '');
}
