import type { Checkpoint, EventMeta } from '@netbuild/realtime-protocol';
import type { Socket } from 'socket.io';
import type { Actor } from '../auth/actor.ts';
import type { Member } from '../delivery/audience.ts';
import { textOf } from '../delivery/outgoing.ts';

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
  const member: Member = {
    rooms: new Set(),
    revision: 0,
    take(owed) {
      count += owed.length;
      // The packet of socket.emit('events', […]), from texts that were encoded once for all sockets.
      socket.conn.write(`2["events",[${owed.map(textOf).join(',')}]]`);
    },
    prove({ epoch, seq }, isRebuilding) {
      const checkpoint: Checkpoint = {
        epoch,
        seq,
        count,
        rooms: member.revision,
        ...(isRebuilding ? { rebuilding: true } : {}),
      };
      count = 0;
      socket.emit('checkpoint', checkpoint);
    },
    close,
  };
  return member;
}

function plainMember(socket: WireSocket, close: Member['close']): Member {
  return {
    rooms: new Set(),
    revision: 0,
    take(owed, epoch) {
      for (const { item, left } of owed) {
        const { seq, id, type, time, subject, data, commandId, committedAt } = item.event;
        if (left) {
          socket.emit('left', { subject }, { epoch, seq });
          continue;
        }
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
        socket.emit(type.startsWith('x:') ? type.slice(2) : type, data, meta);
      }
    },
    close,
  };
}
