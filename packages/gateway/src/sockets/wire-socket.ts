import type { EventMeta } from '@netbuild/realtime-protocol';
import type { Socket } from 'socket.io';
import type { Actor } from '../auth/actor.ts';
import type { Member } from '../delivery/audience.ts';

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
export function createMember(socket: WireSocket): Member {
  const rooms: Member['rooms'] = new Set();
  if (socket.data.isSdk) {
    return {
      rooms,
      take: (owed) =>
        socket.emit(
          'events',
          owed.map(({ delivery: { entry, event }, left }) =>
            left ? { seq: entry.seq, subject: entry.subject, left: entry.left } : event,
          ),
        ),
    };
  }
  return {
    rooms,
    take(owed, epoch) {
      for (const { delivery, left } of owed) {
        const { seq, id, type, time, subject, data, commandId, committedAt } = delivery.event;
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
  };
}
