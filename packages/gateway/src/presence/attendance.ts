import { type Ephemeral, MAX_NAMED, type Room } from '@netbuild/realtime-protocol';
import type { PresenceTiming } from './timing.ts';

/** Somebody in a room, or out of it. */
type Move = [room: Room, userId: string, isHere: 0 | 1];

/** What nodes say to each other. Each numbers what changes of its own, so that the others see what they have missed. */
type Saying =
  /** What has changed since the one before. */
  | { say: 'moved'; node: string; n: number; moves: Move[] }
  /** It is still there, and nothing has changed since. */
  | { say: 'beat'; node: string; n: number }
  /** A part of all that it has. */
  | { say: 'all'; node: string; n: number; part: number; isLast: boolean; moves: Move[] }
  /** Wants to hear all that a node has, or each of them. */
  | { say: 'ask'; node: string; of?: string | undefined }
  /** It stops, and whoever is at it goes. */
  | { say: 'bye'; node: string };

/** Another node, as far as it is known. */
interface Peer {
  /** Of the last change that was heard; none before the first list. */
  n: number | undefined;
  heardAt: number;
  askedAt: number;
  here: Map<Room, Set<string>>;
  /** A list that is arriving, in parts. */
  arriving: { part: number; moves: Move[] };
}

/** A person in a room. */
interface Person {
  /** The nodes on which they have sockets there. */
  readonly nodes: Set<string>;
  /** Since when they have none. */
  goneAt: number;
}

/** Who is in a room. Of a large one it is only said how many they are. */
export interface Attendance {
  count: number;
  people?: string[];
}

/** A word on somebody's coming or going. */
export type PresenceWord = Omit<Ephemeral<'presence:joined'> | Ephemeral<'presence:left'>, 'time'>;

/** What the register of one node needs. */
export interface RegisterTools {
  /** The name of this node's present life: another one has other people. */
  node: string;
  /** Says something to all nodes. */
  cast: (text: string) => void;
  /** Tells who is in the room here. */
  tell: (words: PresenceWord[]) => void;
  /** Milliseconds, going forward. */
  now: () => number;
  timing: PresenceTiming;
}

/** Who is where in a domain, on all nodes, as one of them knows it. */
export interface Register {
  /** A socket of a person has come into a room here. */
  came(room: Room, userId: string): void;
  /** A socket of theirs has left it. */
  went(room: Room, userId: string): void;
  of(room: Room): Attendance;
  /** Takes in what a node has said. */
  hear(text: string): void;
  /** Does what is due. */
  tick(): void;
  /** Rooms that somebody is in, or was a moment ago. */
  readonly rooms: number;
  close(): void;
}

/** Characters of one saying, well below what a word may have. */
const MOST_CHARACTERS = 30_000;

/**
 * Keeps who is in which room: by name, on which nodes, and since when on none. Each node says what changes at once
 * and beats while nothing does; one that is not heard for the time of its lease has nobody any more. Each tells its
 * own sockets, from what it knows, so that nobody has to be the one who tells.
 */
export function createRegister({ node: own, cast, tell, now, timing }: RegisterTools): Register {
  const people = new Map<Room, Map<string, Person>>();
  /** Sockets here. */
  const sockets = new Map<Room, Map<string, number>>();
  const peers = new Map<string, Peer>();
  /** Those who are on no node, the longest gone first: whoever goes now goes behind them. */
  const leaving = new Map<Person, { room: Room; userId: string }>();
  /** Large rooms whose number has changed, and what it was. */
  const crowds = new Map<Room, number>();
  let n = 0;
  let moves: Move[] = [];
  let words: PresenceWord[] = [];
  let isListDue = false;
  let beatAt = now();

  function say(saying: Saying): void {
    cast(JSON.stringify(saying));
  }

  /** Says in one go what changes in one, and tells it in one. */
  function later(): void {
    if (moves.length + words.length > 1) return;
    queueMicrotask(() => {
      const [said, told] = [moves, words];
      moves = [];
      words = [];
      for (const part of inParts(said)) say({ say: 'moved', node: own, n: ++n, moves: part });
      if (said.length > 0) beatAt = now();
      if (told.length > 0) tell(told);
    });
  }

  function note(type: PresenceWord['type'], room: Room, userId: string, before: number): void {
    const count = people.get(room)?.size ?? 0;
    if (count > MAX_NAMED) {
      if (!crowds.has(room)) crowds.set(room, before);
      return;
    }
    words.push({ type, rooms: [room], data: { room, userId, count } });
    later();
  }

  function set(node: string, room: Room, userId: string, isHere: boolean): void {
    const there = people.get(room) ?? new Map<string, Person>();
    const person = there.get(userId);
    if (!isHere) {
      if (!person?.nodes.delete(node) || person.nodes.size > 0) return;
      person.goneAt = now();
      leaving.set(person, { room, userId });
      return;
    }
    if (person) {
      leaving.delete(person);
      person.nodes.add(node);
      return;
    }
    people.set(room, there.set(userId, { nodes: new Set([node]), goneAt: 0 }));
    note('presence:joined', room, userId, there.size - 1);
  }

  function forget({ room, userId }: { room: Room; userId: string }): void {
    const there = people.get(room)!;
    there.delete(userId);
    if (there.size === 0) people.delete(room);
    note('presence:left', room, userId, there.size + 1);
  }

  function peerOf(node: string): Peer {
    let peer = peers.get(node);
    if (!peer) {
      peer = {
        n: undefined,
        heardAt: now(),
        askedAt: Number.NEGATIVE_INFINITY,
        here: new Map(),
        arriving: { part: 0, moves: [] },
      };
      peers.set(node, peer);
    }
    return peer;
  }

  function move(node: string, { here }: Peer, [room, userId, isHere]: Move): void {
    const there = here.get(room) ?? new Set<string>();
    if (isHere) here.set(room, there.add(userId));
    else if (there.delete(userId) && there.size === 0) here.delete(room);
    set(node, room, userId, isHere === 1);
  }

  /** Has a node have these and no others. */
  function replace(node: string, peer: Peer, all: readonly Move[]): void {
    const before = peer.here;
    peer.here = new Map();
    for (const one of all) move(node, peer, one);
    for (const [room, there] of before)
      for (const userId of there) if (!peer.here.get(room)?.has(userId)) set(node, room, userId, false);
  }

  function drop(node: string, peer: Peer): void {
    peers.delete(node);
    replace(node, peer, []);
  }

  function ask(node: string, peer: Peer): void {
    if (now() - peer.askedAt < timing.tick) return;
    peer.askedAt = now();
    say({ say: 'ask', node: own, of: node });
  }

  function collect(node: string, peer: Peer, saying: Extract<Saying, { say: 'all' }>): void {
    if (saying.part === 0) peer.arriving = { part: 0, moves: [] };
    if (saying.part !== peer.arriving.part) return;
    peer.arriving.part++;
    peer.arriving.moves.push(...saying.moves);
    if (!saying.isLast) return;
    replace(node, peer, peer.arriving.moves);
    peer.arriving = { part: 0, moves: [] };
    peer.n = saying.n;
  }

  /** All that is here, for whoever has asked meanwhile. */
  function sayAll(): void {
    isListDue = false;
    const all = [...sockets].flatMap(([room, there]) =>
      [...there.keys()].map((userId): Move => [room, userId, 1]),
    );
    const parts = all.length === 0 ? [[]] : inParts(all);
    parts.forEach((part, i) => {
      say({ say: 'all', node: own, n, part: i, isLast: i === parts.length - 1, moves: part });
    });
  }

  function count(room: Room, userId: string, by: 1 | -1): void {
    const there = sockets.get(room) ?? new Map<string, number>();
    const after = (there.get(userId) ?? 0) + by;
    if (after > 0) sockets.set(room, there.set(userId, after));
    else if (there.delete(userId) && there.size === 0) sockets.delete(room);
    if (after !== (by === 1 ? 1 : 0)) return;
    set(own, room, userId, by === 1);
    moves.push([room, userId, by === 1 ? 1 : 0]);
    later();
  }

  say({ say: 'ask', node: own });

  return {
    came: (room, userId) => count(room, userId, 1),
    went: (room, userId) => count(room, userId, -1),
    of(room) {
      const there = people.get(room);
      const size = there?.size ?? 0;
      return size > MAX_NAMED ? { count: size } : { count: size, people: [...(there?.keys() ?? [])] };
    },
    hear(text) {
      const saying = JSON.parse(text) as Saying;
      const { node } = saying;
      if (node === own) return;
      if (saying.say === 'ask') {
        if (saying.of !== undefined && saying.of !== own) return;
        // Several may ask at once.
        if (!isListDue) queueMicrotask(sayAll);
        isListDue = true;
        return;
      }
      const peer = peerOf(node);
      peer.heardAt = now();
      if (saying.say === 'bye') drop(node, peer);
      else if (saying.say === 'all') collect(node, peer, saying);
      else if (saying.say === 'beat' ? saying.n !== peer.n : saying.n !== (peer.n ?? -1) + 1) {
        if (peer.n === undefined || saying.n > peer.n) ask(node, peer);
      } else if (saying.say === 'moved') {
        peer.n = saying.n;
        for (const one of saying.moves) move(node, peer, one);
      }
    },
    tick() {
      const time = now();
      if (time - beatAt >= timing.beat) {
        beatAt = time;
        say({ say: 'beat', node: own, n });
      }
      for (const [node, peer] of peers) if (time - peer.heardAt >= timing.lease) drop(node, peer);
      for (const [person, place] of leaving) {
        if (time - person.goneAt < timing.grace) break;
        leaving.delete(person);
        forget(place);
      }
      for (const [room, before] of crowds) {
        crowds.delete(room);
        const { count } = this.of(room);
        if (count === before) continue;
        const type = count > before ? 'presence:joined' : 'presence:left';
        words.push({ type, rooms: [room], data: { room, count } });
        later();
      }
    },
    get rooms() {
      return people.size;
    },
    close: () => say({ say: 'bye', node: own }),
  };
}

/** Moves in parts that are short enough to be said. */
function inParts(all: readonly Move[]): Move[][] {
  const parts: Move[][] = [];
  let left = 0;
  for (const one of all) {
    const size = JSON.stringify(one).length + 1;
    if (size > left) {
      parts.push([]);
      left = MOST_CHARACTERS;
    }
    parts.at(-1)!.push(one);
    left -= size;
  }
  return parts;
}
