import type { Checkpoint, Ephemeral, EphemeralMeta, EventMeta, RoomLeft } from '@netbuild/realtime-protocol';
import type { Socket } from 'socket.io';
import type { Actor } from '../auth/actor.ts';
import type { Member } from '../delivery/member.ts';
import { type Owed, textOf } from '../delivery/outgoing.ts';
import { createHearing } from './hearing.ts';
import { type Packet, packetOf, send } from './packet.ts';

/** What the handshake has found out about a socket. */
export interface SocketData {
  actor: Actor;
  /** An SDK gets batches; plain clients get each event under its own name. */
  isSdk: boolean;
}

/** A socket of ours. */
// biome-ignore lint/suspicious/noExplicitAny: Socket.IO's own defaults; names and payloads of both sides are checked at run time.
export type WireSocket = Socket<any, any, any, SocketData>;

/** The delivery's view of a socket. */
export function createMember(socket: WireSocket, close: Member['close']): Member {
  return socket.data.isSdk ? sdkMember(socket, close) : plainMember(socket, close);
}

function sdkMember(socket: WireSocket, close: Member['close']): Member {
  /** Elements of batches since the last checkpoint. */
  let count = 0;
  const { hear, flush } = createHearing(socket, wordsOf);
  const member: Member = {
    rooms: new Set(),
    userId: socket.data.actor.userId,
    revision: 0,
    take(owed, epoch) {
      count += owed.length;
      flush();
      for (const packet of batchOf(owed, epoch)) send(socket, packet);
    },
    hear,
    left(rooms, { epoch, seq }) {
      const left: RoomLeft = { rooms, revision: member.revision, epoch, seq };
      send(socket, packetOf('"room:left"', JSON.stringify(left)));
    },
    prove({ epoch, seq }, isRebuilding) {
      // Those that waited for a transport that has been left.
      flush();
      const checkpoint: Checkpoint = {
        epoch,
        seq,
        count,
        rooms: member.revision,
        ...(isRebuilding ? { rebuilding: true } : {}),
      };
      count = 0;
      send(socket, packetOf('"checkpoint"', JSON.stringify(checkpoint)));
    },
    close,
  };
  return member;
}

function plainMember(socket: WireSocket, close: Member['close']): Member {
  const { hear, flush } = createHearing(socket, singleWordsOf);
  return {
    rooms: new Set(),
    userId: socket.data.actor.userId,
    revision: 0,
    hear,
    take(owed, epoch) {
      flush();
      for (const packet of singlesOf(owed, epoch)) send(socket, packet);
    },
    left(rooms) {
      send(socket, packetOf('"room:left"', JSON.stringify({ rooms })));
    },
    close,
  };
}

/** For SDK sockets: `events`, with all of it. */
const batchOf = encodedOnce((owed) => [packetOf('"events"', `[${owed.map(textOf).join(',')}]`)]);

/** For plain sockets: each under its own name. */
const singlesOf = encodedOnce((owed, epoch) => owed.map((one) => singleOf(one, epoch)));

function singleOf({ item, left }: Owed, epoch: string): Packet {
  const { seq, id, type, time, subject, data, commandId, committedAt } = item.event;
  if (left) return packetOf('"left"', JSON.stringify({ subject }), JSON.stringify({ epoch, seq }));
  const meta: EventMeta = {
    id,
    type,
    time,
    epoch,
    seq,
    ...(subject === undefined ? {} : { subject }),
    ...(commandId === undefined ? {} : { commandId }),
    ...(committedAt === undefined ? {} : { committedAt }),
  };
  // Plain clients hear a custom event under its bare name, as the screens that exist expect it.
  const name = type.startsWith('x:') ? type.slice(2) : type;
  return packetOf(JSON.stringify(name), JSON.stringify(data ?? null), JSON.stringify(meta));
}

/** For SDK sockets: `ephemeral`, with all of them. */
const wordsOf = wordsEncodedOnce((words) => [packetOf('"ephemeral"', JSON.stringify(words))]);

/** For plain sockets: each under its own name. */
const singleWordsOf = wordsEncodedOnce((words) =>
  words.map(({ type, time, data }) => {
    const meta: EphemeralMeta = { type, time };
    return packetOf(JSON.stringify(type), JSON.stringify(data), JSON.stringify(meta));
  }),
);

/** Remembers the last words that it was asked for, as {@link encodedOnce} does. */
function wordsEncodedOnce(encode: (words: Ephemeral[]) => Packet[]) {
  let last: { words: Ephemeral[]; packets: Packet[] } = { words: [], packets: [] };
  return (words: Ephemeral[]): Packet[] => {
    const isSame = words.length === last.words.length && words.every((word, n) => word === last.words[n]);
    if (!isSame) last = { words, packets: encode(words) };
    return last.packets;
  };
}

/** Remembers the last that it was asked for: members of a room are owed the same, one after the other. */
function encodedOnce(encode: (owed: Owed[], epoch: string) => Packet[]) {
  let last: { owed: Owed[]; epoch: string; packets: Packet[] } = { owed: [], epoch: '', packets: [] };
  return (owed: Owed[], epoch: string): Packet[] => {
    const isSame =
      epoch === last.epoch &&
      owed.length === last.owed.length &&
      owed.every(({ item, left }, n) => item === last.owed[n]!.item && left === last.owed[n]!.left);
    if (!isSame) last = { owed, epoch, packets: encode(owed, epoch) };
    return last.packets;
  };
}
