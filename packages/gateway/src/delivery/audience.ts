import type { Entry } from '@netbuild/realtime-log';
import type { CloseCode, Room } from '@netbuild/realtime-protocol';
import { type Outgoing, type Owed, outgoing } from './outgoing.ts';
import { createRecent, type Recent } from './recent.ts';

/** A place in one life of the log. */
export interface Place {
  epoch: string;
  seq: number;
}

/** Who gets events: a socket or a stream, seen from the delivery. */
export interface Member {
  /** The rooms that it is in; kept by the audience. */
  readonly rooms: Set<Room>;
  /** Counts the changes of its rooms; kept by the audience. */
  revision: number;
  /** Takes what it is owed of one batch, in order. */
  take(owed: Owed[], epoch: string): void;
  /** Hears that it was given everything up to here. Members without it ask for no proof. */
  prove?(place: Place, isRebuilding: boolean): void;
  /** Ends it; its connection says why, if it still can. */
  close(code: CloseCode): void;
}

/** A member that stands still: what happens meanwhile comes to it afterwards. */
export interface Pause {
  /**
   * Goes on: sends what its rooms so far are owed up to a place, enters the new rooms, lets the caller
   * answer, and sends what has happened since.
   */
  resume(upTo: Place, enter: Room[], answer: () => void): void;
  /** Goes on as if nothing had been. */
  abandon(): void;
}

/** The members of one domain and their rooms. */
export interface Audience {
  /** Takes in a member that is in no room yet; it was told of this life. */
  add(member: Member, epoch?: string): void;
  enter(member: Member, rooms: Room[]): void;
  leave(member: Member, rooms: Room[]): void;
  remove(member: Member): void;
  pause(member: Member): Pause;
  deliver(entries: Entry[], epoch: string): void;
  /**
   * Proves to the members whose turn it is that they have everything up to here, each about every so many
   * milliseconds; to none that was given a proof since the log's head was last looked at.
   */
  prove(place: Place, lookedAt: number, every: number): void;
  /** Ends them all. */
  close(code: CloseCode): void;
  readonly size: number;
  /** Rooms in which somebody is. */
  readonly rooms: number;
  /** What members were given since the beginning: events, and words that one has left. */
  readonly delivered: number;
}

/** What the audience knows of a member. */
interface Seat {
  /** It stands still since this place. */
  hold: { after: number } | undefined;
  /** The life that it was last told of. */
  epoch: string | undefined;
  provedAt: number;
  /** When it is its turn again; none before its first. */
  due: number | undefined;
}

/** Bytes of recent events where nobody says otherwise. */
const RECENT_BYTES = 4 * 1024 * 1024;

/**
 * Makes an empty audience. What stands still is served from `recent`, so it holds nothing of its own.
 *
 * @param isRebuilding whether the log may lack what is about to be sent again; each proof says it
 */
export function createAudience(
  recent: Recent = createRecent(RECENT_BYTES),
  isRebuilding: () => boolean = () => false,
): Audience {
  const rooms = new Map<Room, Set<Member>>();
  const seats = new Map<Member, Seat>();
  /** Those that have gone: what was still under way for them must not bring them back. */
  const gone = new WeakSet<Member>();
  let delivered = 0;

  function seatOf(member: Member): Seat | undefined {
    let seat = seats.get(member);
    if (!seat && !gone.has(member)) {
      seat = { hold: undefined, epoch: undefined, provedAt: performance.now(), due: undefined };
      seats.set(member, seat);
    }
    return seat;
  }

  function enter(member: Member, names: Room[]): void {
    if (!seatOf(member)) return;
    member.revision++;
    for (const name of names) {
      member.rooms.add(name);
      const others = rooms.get(name);
      if (others) others.add(member);
      else rooms.set(name, new Set([member]));
    }
  }

  function leave(member: Member, names: Room[]): void {
    member.revision++;
    for (const name of names) {
      member.rooms.delete(name);
      const others = rooms.get(name);
      others?.delete(member);
      if (others?.size === 0) rooms.delete(name);
    }
  }

  /** Hands over what belongs to one life. */
  function give(member: Member, seat: Seat, owed: Owed[], epoch: string): void {
    // Batches name no life, so a member hears of a new one before the first that belongs to it.
    if (seat.epoch !== undefined && seat.epoch !== epoch)
      member.prove?.({ epoch, seq: owed[0]!.item.entry.seq - 1 }, isRebuilding());
    seat.epoch = epoch;
    delivered += owed.length;
    member.take(owed, epoch);
  }

  function send(member: Member, seat: Seat, items: Outgoing[]): void {
    let batch: Owed[] = [];
    for (const [i, item] of items.entries()) {
      const owed = owedOf(member, item);
      if (owed) batch.push(owed);
      const isLast = items[i + 1]?.epoch !== item.epoch;
      if (isLast && batch.length > 0) {
        give(member, seat, batch, item.epoch);
        batch = [];
      }
    }
  }

  function remove(member: Member): void {
    gone.add(member);
    leave(member, [...member.rooms]);
    seats.delete(member);
  }

  return {
    add(member, epoch) {
      const seat = seatOf(member);
      if (seat) seat.epoch = epoch;
    },
    enter,
    leave,
    remove,
    pause(member) {
      const hold = { after: recent.seq };
      const sitting = seatOf(member);
      if (sitting) sitting.hold = hold;
      /** @returns what it has missed, or nothing if there is nobody to give it to */
      const wake = (): { seat: Seat; items: Outgoing[] } | undefined => {
        const seat = seats.get(member);
        if (seat?.hold !== hold) return undefined; // It has gone meanwhile.
        seat.hold = undefined;
        const items = recent.since(hold.after);
        if (items) return { seat, items };
        // It stood still for longer than events are kept.
        member.close('behind');
        return undefined;
      };
      return {
        resume({ epoch, seq }, names, answer) {
          const woken = wake();
          if (!woken) return;
          const { seat, items } = woken;
          send(
            member,
            seat,
            items.filter(({ entry }) => entry.seq <= seq),
          );
          enter(member, names);
          seat.epoch = epoch;
          answer();
          send(
            member,
            seat,
            items.filter(({ entry }) => entry.seq > seq),
          );
        },
        abandon() {
          const woken = wake();
          if (woken) send(member, woken.seat, woken.items);
        },
      };
    },
    deliver(entries, epoch) {
      const items = entries.map((entry) => outgoing(entry, epoch));
      recent.add(items);
      const owed = new Map<Member, Owed[]>();
      const owe = (names: Room[], one: Owed): void => {
        for (const name of names) {
          for (const member of rooms.get(name) ?? []) {
            const batch = owed.get(member);
            if (!batch) owed.set(member, [one]);
            // In several of the rooms, or in one of the row's beside one that it left: once, and whole.
            else if (batch.at(-1)!.item !== one.item) batch.push(one);
          }
        }
      };
      for (const item of items) {
        owe(item.entry.rooms, { item, left: false });
        owe(item.entry.left, { item, left: true });
      }
      for (const [member, batch] of owed) {
        const seat = seats.get(member);
        if (!seat || seat.hold) continue;
        try {
          give(member, seat, batch, epoch);
        } catch (error) {
          // It is a bug, and must be seen; the others still get theirs, and this one can not be whole any more.
          process.emitWarning(`A member of an audience threw: ${String(error)}`);
          member.close('behind');
        }
      }
    },
    prove(place, lookedAt, every) {
      const now = performance.now();
      for (const [member, seat] of seats) {
        if (!member.prove || member.revision === 0) continue;
        // The first turn falls anywhere in the interval, so that thousands don't have theirs at once.
        seat.due ??= now + Math.random() * every;
        if (seat.hold || now < seat.due || lookedAt <= seat.provedAt) continue;
        seat.due = now + every;
        seat.provedAt = now;
        seat.epoch = place.epoch;
        member.prove(place, isRebuilding());
      }
    },
    close(code) {
      for (const member of [...seats.keys()]) member.close(code);
    },
    get size() {
      return seats.size;
    },
    get rooms() {
      return rooms.size;
    },
    get delivered() {
      return delivered;
    },
  };
}

function owedOf(member: Member, item: Outgoing): Owed | undefined {
  if (item.entry.rooms.some((name) => member.rooms.has(name))) return { item, left: false };
  return item.entry.left.some((name) => member.rooms.has(name)) ? { item, left: true } : undefined;
}
