import type { Entry, StoredRow } from '@netbuild/realtime-log';
import { type ErasureData, parseRoom, type Room, type Subject, subject } from '@netbuild/realtime-protocol';
import { dataOf } from '../rows.ts';
import type { Place } from './member.ts';

/**
 * Who has a right to which room by open rows, as of the last entry that was handed on.
 *
 * A row stands in rooms of two kinds: those of a matter (`process:`, `execution:`), and those of the people whose
 * matter it is (`user:`, `group:`). Whoever owns one of the latter has a right to the former, for as long as the row
 * stands in both. Each entry says where its row stands now and where it stood before, so what is known is kept true by
 * the entries alone, without a question to the log; and it is true at each place of the log, not only at its head.
 */
export interface Standing {
  /** Looks after the right to a room of who owns others. What gives it is not known before its rows are learned. */
  watch(room: Room, mine: readonly Room[]): Watch;
  /** Takes in the next entry. */
  hear(entry: Entry): void;
  /** Whether a right may have ended since `lost` was last asked. */
  readonly isInDoubt: boolean;
  /** The watches whose right may have ended since this was last asked, and has. */
  lost(): Watch[];
  /** The watches of a matter that was linked elsewhere, since this was last asked: what gives a right there is not known. */
  relinked(): Watch[];
  /** Forgets all rows: the log has lost some of what was heard. */
  forget(): void;
}

/** A right that is looked after. */
export interface Watch {
  readonly room: Room;
  /** Where it has ended; one that has does not come back. */
  lostAt: Place | undefined;
  /** Whether a row that is known gives it. */
  holds(): boolean;
  /** Whether all is known that could give it. */
  isComplete(): boolean;
  /** Who may use an execution may see the process, while that is linked to it: looks after that, too. */
  through(execution: Room): void;
  /** Takes in what was read since the watch began. Everything up to the place of the reading must have been heard. */
  learn(rows: readonly StoredRow[]): void;
  release(): void;
}

/** A matter that has a room, and who has a right to it. */
interface Matter {
  readonly room: Room;
  /** The row that the room is of: whose it is has the right after its end, too. */
  readonly own: Subject;
  /** By the room of people: the rows that stand there as well, and how many watches ask. */
  readonly owners: Map<Room, { rows: Set<Subject>; watches: number }>;
  readonly watches: Set<Watch>;
  /** By who is reading: what was heard of meanwhile. What is read of these may be old. */
  readonly readings: Set<Set<Subject>>;
  /** The executions that the process is linked to. */
  links: readonly Room[];
}

/** Makes a standing in which no right is looked after. */
export function createStanding(): Standing {
  const matters = new Map<Room, Matter>();
  let doubtful = new Set<Matter>();
  let moved = new Set<Matter>();

  function matterOf(room: Room): Matter {
    const known = matters.get(room);
    if (known) return known;
    const { kind, id } = parseRoom(room)!;
    const matter: Matter = {
      room,
      own: subject(kind === 'execution' ? kind : 'process', id),
      owners: new Map(),
      watches: new Set(),
      readings: new Set(),
      links: [],
    };
    matters.set(room, matter);
    return matter;
  }

  /** @param all the rooms of the row before, too */
  function put(
    matter: Matter,
    name: Subject,
    row: { rooms: ReadonlySet<Room>; open: boolean },
    all: Iterable<Room>,
  ) {
    const isHere = row.rooms.has(matter.room) && (row.open || name === matter.own);
    for (const room of all) {
      const owner = matter.owners.get(room);
      if (!owner) continue;
      if (isHere && row.rooms.has(room)) owner.rows.add(name);
      else if (owner.rows.delete(name) && owner.rows.size === 0) doubtful.add(matter);
    }
    if (name !== matter.own) return;
    const links = isHere ? [...row.rooms].filter((room) => room.startsWith('execution:')) : [];
    if (matter.links.some((link) => !links.includes(link))) doubtful.add(matter);
    if (links.some((link) => !matter.links.includes(link))) moved.add(matter);
    matter.links = links;
  }

  function hear({ subject: name, rooms, left, open, body }: Entry): void {
    if (matters.size === 0 || name === undefined) return;
    const row = { rooms: new Set(rooms), open };
    const all = left.length === 0 ? row.rooms : new Set([...rooms, ...left]);
    // An erasure stands in the rooms of what it erases.
    const erased = name.startsWith('erasure/') ? (dataOf<ErasureData>({ body }).subjects as Subject[]) : [];
    for (const room of all) {
      const matter = matters.get(room);
      if (!matter) continue;
      for (const heard of matter.readings) for (const one of [name, ...erased]) heard.add(one);
      put(matter, name, row, all);
      for (const one of erased) put(matter, one, GONE, all);
    }
  }

  function watch(room: Room, mine: readonly Room[]): Watch {
    /** Where rows give the right, and what was heard of there while they are read. */
    const asked = new Map<Matter, Set<Subject>>();
    const isMine = ({ owners }: Matter) => mine.some((own) => (owners.get(own)?.rows.size ?? 0) > 0);

    function ask(matter: Matter): Matter {
      const heard = new Set<Subject>();
      asked.set(matter, heard);
      matter.readings.add(heard);
      for (const own of mine) {
        const owner = matter.owners.get(own);
        if (owner) owner.watches++;
        else matter.owners.set(own, { rows: new Set(), watches: 1 });
      }
      return matter;
    }

    const matter = ask(matterOf(room));
    const one: Watch = {
      room,
      lostAt: undefined,
      holds: () =>
        isMine(matter) ||
        matter.links.some((link) => asked.has(matters.get(link)!) && isMine(matters.get(link)!)),
      isComplete: () => matter.links.every((link) => asked.has(matters.get(link)!)),
      through: (execution) => void ask(matterOf(execution)),
      learn(rows) {
        for (const { subject: name, rooms, open } of rows) {
          const row = { rooms: new Set(rooms), open };
          for (const [at, heard] of asked) if (!heard.has(name)) put(at, name, row, row.rooms);
        }
        // Before that there is nothing that could be lost.
        for (const [at, heard] of asked) {
          at.readings.delete(heard);
          at.watches.add(one);
        }
      },
      release() {
        for (const [at, heard] of asked) {
          at.readings.delete(heard);
          at.watches.delete(one);
          for (const own of mine) {
            const owner = at.owners.get(own)!;
            if (--owner.watches === 0) at.owners.delete(own);
          }
          if (at.owners.size === 0 && matters.get(at.room) === at) matters.delete(at.room);
        }
        asked.clear();
      },
    };
    return one;
  }

  function lost(): Watch[] {
    if (doubtful.size === 0) return [];
    const watches = new Set([...doubtful].flatMap((matter) => [...matter.watches]));
    doubtful = new Set();
    return [...watches].filter((one) => !one.holds());
  }

  function relinked(): Watch[] {
    if (moved.size === 0) return [];
    const watches = [...moved].flatMap((matter) => [...matter.watches]);
    moved = new Set();
    return watches.filter((one) => !one.isComplete());
  }

  return {
    watch,
    hear,
    lost,
    relinked,
    get isInDoubt() {
      return doubtful.size > 0;
    },
    forget: () => matters.clear(),
  };
}

const GONE = { rooms: new Set<Room>(), open: false };
