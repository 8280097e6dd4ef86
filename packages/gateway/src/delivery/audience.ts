import type { Entry } from '@netbuild/realtime-log';
import type { RealtimeEvent, Room, Subject } from '@netbuild/realtime-protocol';

/** One thing to send, made once for all who get it. */
export interface Delivery {
  entry: Entry;
  /** The event whole; parsed once. */
  readonly event: RealtimeEvent;
}

/** Who gets events: a socket, seen from the delivery. */
export interface Member {
  /** The rooms that it is in; kept by the audience. */
  readonly rooms: Set<Room>;
  /** Takes what it is owed of one batch, in order. `left`: none of its rooms shows the subject any more. */
  take(owed: { delivery: Delivery; left: boolean }[], epoch: string): void;
}

/** A member that stands still: what happens meanwhile is kept for it. */
export interface Pause {
  /**
   * Goes on: sends what its rooms so far are owed up to a position, lets the caller answer, enters the new
   * rooms, and sends what has happened since.
   */
  resume(upTo: number, enter: Room[], answer: () => void): void;
  /** Goes on as if nothing had been. */
  abandon(): void;
}

/** The members of one domain and their rooms. */
export interface Audience {
  enter(member: Member, rooms: Room[]): void;
  leave(member: Member, rooms: Room[]): void;
  remove(member: Member): void;
  pause(member: Member): Pause;
  deliver(entries: Entry[], epoch: string): void;
  readonly size: number;
}

/** Makes an empty audience. */
export function createAudience(): Audience {
  const rooms = new Map<Room, Set<Member>>();
  const members = new Set<Member>();
  /** Those that have gone: what was still under way for them must not bring them back. */
  const gone = new WeakSet<Member>();
  const paused = new Map<Member, { kept: Delivery[]; epoch: string }>();

  function enter(member: Member, names: Room[]): void {
    if (gone.has(member)) return;
    members.add(member);
    for (const name of names) {
      member.rooms.add(name);
      const others = rooms.get(name);
      if (others) others.add(member);
      else rooms.set(name, new Set([member]));
    }
  }

  function leave(member: Member, names: Room[]): void {
    for (const name of names) {
      member.rooms.delete(name);
      const others = rooms.get(name);
      others?.delete(member);
      if (others?.size === 0) rooms.delete(name);
    }
  }

  function owed(member: Member, deliveries: Delivery[]) {
    return deliveries.flatMap((delivery) => {
      if (delivery.entry.rooms.some((name) => member.rooms.has(name))) return [{ delivery, left: false }];
      return delivery.entry.left.some((name) => member.rooms.has(name)) ? [{ delivery, left: true }] : [];
    });
  }

  function send(member: Member, deliveries: Delivery[], epoch: string): void {
    const mine = owed(member, deliveries);
    if (mine.length > 0) member.take(mine, epoch);
  }

  return {
    enter,
    leave,
    remove(member) {
      gone.add(member);
      leave(member, [...member.rooms]);
      members.delete(member);
      paused.delete(member);
    },
    pause(member) {
      const hold: { kept: Delivery[]; epoch: string } = { kept: [], epoch: '' };
      if (!gone.has(member)) paused.set(member, hold);
      const goOn = (upTo: number, names: Room[], answer: () => void): void => {
        if (paused.get(member) !== hold) return; // It has gone meanwhile.
        paused.delete(member);
        send(
          member,
          hold.kept.filter((delivery) => delivery.entry.seq <= upTo),
          hold.epoch,
        );
        answer();
        enter(member, names);
        send(
          member,
          hold.kept.filter((delivery) => delivery.entry.seq > upTo),
          hold.epoch,
        );
      };
      return { resume: goOn, abandon: () => goOn(Number.MAX_SAFE_INTEGER, [], () => undefined) };
    },
    deliver(entries, epoch) {
      const deliveries = entries.map(once);
      for (const hold of paused.values()) {
        hold.kept.push(...deliveries);
        hold.epoch = epoch;
      }
      const touched = new Set<Member>();
      for (const entry of entries) {
        for (const name of entry.rooms) for (const member of rooms.get(name) ?? []) touched.add(member);
        for (const name of entry.left) for (const member of rooms.get(name) ?? []) touched.add(member);
      }
      for (const member of touched) if (!paused.has(member)) send(member, deliveries, epoch);
    },
    get size() {
      return members.size;
    },
  };
}

function once(entry: Entry): Delivery {
  let event: RealtimeEvent | undefined;
  return {
    entry,
    get event() {
      event ??= eventOf(entry);
      return event;
    },
  };
}

/** An entry, or a row, of the log as the event that it is. */
export function eventOf(stored: { seq: number; body: string; subject?: Subject }): RealtimeEvent {
  return { seq: stored.seq, ...(JSON.parse(stored.body) as Omit<RealtimeEvent, 'seq'>) };
}
