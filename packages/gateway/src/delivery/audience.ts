import type { Entry } from '@netbuild/realtime-log';
import type { CloseCode, Ephemeral, Room } from '@netbuild/realtime-protocol';
import type { Presence } from '../presence/presence.ts';
import { type Grant, release } from './grant.ts';
import { isSameGroup } from './group.ts';
import { createHoldings } from './holdings.ts';
import type { Member, Place } from './member.ts';
import { type Outgoing, type Owed, outgoing } from './outgoing.ts';
import { createRecent, type Recent } from './recent.ts';
import { createStanding, type Standing, type Watch } from './standing.ts';

/** A member that stands still: what happens meanwhile comes to it afterwards. */
export interface Pause {
  /**
   * Goes on: sends what its rooms so far are owed up to a place, enters the new rooms, lets the caller
   * answer, and sends what has happened since. Of a grant that was lost after that place, up to there.
   */
  resume(upTo: Place, enter: readonly Grant[], answer: () => void): void;
  /** Goes on as if nothing had been. */
  abandon(): void;
}

/** The members of one domain and their rooms. */
export interface Audience {
  /** Takes in a member that is in no room yet; it was told of this life. */
  add(member: Member, epoch?: string): void;
  enter(member: Member, grants: readonly Grant[]): void;
  leave(member: Member, rooms: readonly Room[]): void;
  /** Has other grants in the place of those of rooms that a member is in; answers where that could be done. */
  regrant(member: Member, grants: readonly Grant[]): Room[];
  /** Takes rooms from a member and tells it so: at once, or in its turn where it stands still. */
  expel(member: Member, rooms: readonly Room[], place: Place): void;
  remove(member: Member): void;
  pause(member: Member): Pause;
  deliver(entries: Entry[], epoch: string): void;
  /** Says words to who is in one of their rooms; to who stands still, afterwards. */
  whisper(words: readonly Ephemeral[]): void;
  /**
   * Proves to the members whose turn it is that they have everything up to here, each about every so many
   * milliseconds; to none that was given a proof since the log's head was last looked at.
   */
  prove(place: Place, lookedAt: number, every: number): void;
  /** Asks again for the grants that are due. */
  renew(place: () => Place): void;
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
  hold: Hold | undefined;
  /** The life that it was last told of. */
  epoch: string | undefined;
  provedAt: number;
  /** When it is its turn again; none before its first. */
  due: number | undefined;
}

/** A member stands still. */
interface Hold {
  /** Since this place. */
  after: number;
  /** What it has lost meanwhile, in the log's order. */
  lost: Loss[];
  /** The last words that it has not heard meanwhile. */
  words: Ephemeral[];
}

/** Rooms that a member has no right to any more, from the next place on. */
interface Loss {
  rooms: readonly Room[];
  place: Place;
}

/** Words that are kept for a member that stands still. */
const MOST_WORDS = 50;

/** Bytes of recent events where nobody says otherwise. */
const RECENT_BYTES = 4 * 1024 * 1024;

/**
 * Makes an empty audience. What stands still is served from `recent`, so it holds nothing of its own.
 *
 * @param isRebuilding whether the log may lack what is about to be sent again; each proof says it
 * @param standing looks after the rows by which members are where they are
 * @param presence hears who comes and goes
 */
export function createAudience(
  recent: Recent = createRecent(RECENT_BYTES),
  isRebuilding: () => boolean = () => false,
  standing: Standing = createStanding(),
  presence?: Pick<Presence, 'came' | 'went'>,
): Audience {
  const rooms = new Map<Room, Set<Member>>();
  const seats = new Map<Member, Seat>();
  const holdings = createHoldings();
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

  function enter(member: Member, grants: readonly Grant[]): void {
    if (!seatOf(member)) {
      grants.forEach(release);
      return;
    }
    member.revision++;
    for (const grant of grants) {
      const { room: name } = grant;
      holdings.keep(member, grant);
      if (member.userId !== undefined && !member.rooms.has(name)) presence?.came(name, member.userId);
      member.rooms.add(name);
      const others = rooms.get(name);
      if (others) others.add(member);
      else rooms.set(name, new Set([member]));
    }
  }

  function leave(member: Member, names: readonly Room[]): void {
    member.revision++;
    for (const name of names) {
      holdings.drop(member, name);
      if (member.rooms.delete(name) && member.userId !== undefined) presence?.went(name, member.userId);
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

  /** Takes from a member what it has lost; what it was owed before, it has got. */
  function takeAway(member: Member, { rooms: names, place }: Loss): void {
    const held = names.filter((name) => member.rooms.has(name));
    if (held.length === 0) return;
    leave(member, held);
    member.left?.(held, place);
  }

  /** Sends what a member has missed of what it is owed, and takes from it what it has lost, each in its place. */
  function send(member: Member, seat: Seat, items: Outgoing[], losses: readonly Loss[]): void {
    const lost = [...losses];
    let batch: Owed[] = [];
    const flush = (epoch: string): void => {
      if (batch.length > 0) give(member, seat, batch, epoch);
      batch = [];
    };
    for (const [i, item] of items.entries()) {
      while (lost[0] && lost[0].place.seq < item.entry.seq) {
        flush(item.epoch);
        takeAway(member, lost.shift()!);
      }
      const owed = owedOf(member, item);
      if (owed) batch.push(owed);
      if (items[i + 1]?.epoch !== item.epoch) flush(item.epoch);
    }
    for (const loss of lost) takeAway(member, loss);
  }

  /** What one throws is a bug, and must be seen; the others still get theirs, and this one can not be whole any more. */
  function guarded(member: Member, act: () => void): void {
    try {
      act();
    } catch (error) {
      process.emitWarning(`A member of an audience threw: ${String(error)}`);
      member.close('behind');
    }
  }

  function hand(member: Member, batch: Owed[], epoch: string): void {
    const seat = seats.get(member);
    if (seat && !seat.hold) guarded(member, () => give(member, seat, batch, epoch));
  }

  /** Says words to one member: those of the rooms that it is in. */
  function say(member: Member, words: readonly Ephemeral[]): void {
    const hold = seats.get(member)?.hold;
    if (hold) {
      hold.words = [...hold.words, ...words].slice(-MOST_WORDS);
      return;
    }
    const isHeard = (word: Ephemeral): boolean =>
      word.rooms.some((name) => member.rooms.has(name)) &&
      // Nobody has to be told of themselves.
      !(word.type === 'typing' && word.data.userId === member.userId);
    const heard = words.filter(isHeard);
    if (heard.length > 0) guarded(member, () => member.hear?.(heard));
  }

  function expel(member: Member, names: readonly Room[], place: Place): void {
    const hold = seats.get(member)?.hold;
    if (!hold) {
      guarded(member, () => takeAway(member, { rooms: names, place }));
      return;
    }
    for (const name of names) holdings.drop(member, name);
    hold.lost.push({ rooms: names, place });
  }

  /** Ends what the rows no longer justify: after the whole group of an entry, and before the next. */
  function settle(owed: Map<Member, Owed[]>, place: Place): void {
    const losing = new Map<Member, Room[]>();
    for (const watch of standing.lost()) {
      watch.lostAt ??= place;
      const [member] = holdings.holderOf(watch) ?? [];
      if (member) losing.set(member, [...(losing.get(member) ?? []), watch.room]);
    }
    for (const [member, names] of losing) {
      const batch = owed.get(member);
      owed.delete(member);
      if (batch) hand(member, batch, place.epoch);
      expel(member, names, place);
    }
  }

  /** Has a grant in the place of another one, unless it was lost since it was given. */
  function replace(member: Member, grant: Grant): boolean {
    const isGood = member.rooms.has(grant.room) && !grant.watch?.lostAt;
    if (isGood) holdings.keep(member, grant);
    else release(grant);
    return isGood;
  }

  /** Asks for a grant again. */
  function renew(member: Member, grant: Grant, orElse: () => void): void {
    const isStill = () => holdings.has(member, grant);
    grant.again?.().then(
      (next) => {
        if (!isStill()) release(next);
        else if (!replace(member, next)) orElse();
      },
      () => isStill() && orElse(),
    );
  }

  /** Of a matter that was linked elsewhere, what gives a right there has yet to be read; what is known holds meanwhile. */
  function complete(watches: readonly Watch[]): void {
    for (const watch of watches) {
      const [member, grant] = holdings.holderOf(watch) ?? [];
      if (member && grant) renew(member, grant, () => undefined);
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
    regrant: (member, grants) => grants.filter((grant) => replace(member, grant)).map(({ room }) => room),
    expel,
    remove,
    pause(member) {
      const hold: Hold = { after: recent.seq, lost: [], words: [] };
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
        resume({ epoch, seq }, grants, answer) {
          const woken = wake();
          if (!woken) {
            grants.forEach(release);
            return;
          }
          const { seat, items } = woken;
          const isBefore = ({ place }: Loss) => place.seq <= seq;
          send(
            member,
            seat,
            items.filter(({ entry }) => entry.seq <= seq),
            hold.lost.filter(isBefore),
          );
          enter(member, grants);
          seat.epoch = epoch;
          answer();
          complete(grants.flatMap(({ watch }) => (watch?.isComplete() === false ? [watch] : [])));
          const lost = lossesOf(grants);
          const still = new Set(grants.map(({ room }) => room));
          for (const loss of hold.lost)
            if (!isBefore(loss)) lost.push({ ...loss, rooms: loss.rooms.filter((name) => !still.has(name)) });
          send(
            member,
            seat,
            items.filter(({ entry }) => entry.seq > seq),
            inOrder(lost),
          );
          say(member, hold.words);
        },
        abandon() {
          const woken = wake();
          if (!woken) return;
          send(member, woken.seat, woken.items, hold.lost);
          say(member, hold.words);
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
      for (const [i, item] of items.entries()) {
        const { entry } = item;
        owe(entry.rooms, { item, left: false });
        owe(entry.left, { item, left: true });
        standing.hear(entry);
        if (standing.isInDoubt && !isSameGroup(entry, items[i + 1]?.entry))
          settle(owed, { epoch, seq: entry.seq });
      }
      for (const [member, batch] of owed) hand(member, batch, epoch);
      complete(standing.relinked());
    },
    whisper(words) {
      const here = new Set(
        words.flatMap((word) => word.rooms).flatMap((name) => [...(rooms.get(name) ?? [])]),
      );
      for (const member of here) if (member.hear) say(member, words);
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
    renew(place) {
      // Also where nobody could be asked it ends: what is not known to be right is not.
      for (const [grant, member] of holdings.due(Date.now()))
        renew(member, grant, () => expel(member, [grant.room], place()));
    },
    close(code) {
      standing.forget();
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

function lossesOf(grants: readonly Grant[]): Loss[] {
  return grants.flatMap(({ room, watch }) =>
    watch?.lostAt === undefined ? [] : [{ rooms: [room], place: watch.lostAt }],
  );
}

/** What was lost at one place is told as one. */
function inOrder(losses: readonly Loss[]): Loss[] {
  const places = new Map<number, Loss>();
  for (const { rooms, place } of losses) {
    const before = places.get(place.seq)?.rooms ?? [];
    places.set(place.seq, { rooms: [...before, ...rooms], place });
  }
  return [...places.values()].sort((a, b) => a.place.seq - b.place.seq);
}

function owedOf(member: Member, item: Outgoing): Owed | undefined {
  if (item.entry.rooms.some((name) => member.rooms.has(name))) return { item, left: false };
  return item.entry.left.some((name) => member.rooms.has(name)) ? { item, left: true } : undefined;
}
