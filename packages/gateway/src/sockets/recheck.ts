import type { Room, RoomsLeft } from '@netbuild/realtime-protocol';
import { type Actor, ownRooms } from '../auth/actor.ts';
import type { Policy } from '../auth/policy.ts';
import type { Member } from '../delivery/audience.ts';
import type { Channel } from '../delivery/delivery.ts';
import { errorOf } from '../error.ts';
import type { WireSocket } from './wire-socket.ts';

/** Whose rooms are checked again. */
export interface Rechecked {
  socket: WireSocket;
  member: Member;
  channel: Channel;
  policy: Policy;
}

/**
 * Takes a socket out of the rooms that it may not enter as who it is now, and tells it by `room:left`. A plain one
 * enters what has become its own by itself, as at its connect.
 *
 * @throws where it can not be said of a room; then it stays in all of them
 */
export async function recheck(
  { socket, member, channel: { audience, tail }, policy }: Rechecked,
  actor: Actor,
): Promise<void> {
  const rooms: Room[] = [];
  for (const name of member.rooms) if (!(await mayEnter(policy, actor, name))) rooms.push(name);
  if (!socket.connected) return;
  if (!socket.data.isSdk) {
    const missing = ownRooms(actor).filter((name) => !member.rooms.has(name));
    if (missing.length > 0) audience.enter(member, missing);
  }
  if (rooms.length === 0) return;
  audience.leave(member, rooms);
  const left: RoomsLeft = { rooms, revision: member.revision, epoch: tail.epoch, seq: tail.seq };
  socket.emit('room:left', socket.data.isSdk ? left : { rooms });
}

async function mayEnter(policy: Policy, actor: Actor, name: Room): Promise<boolean> {
  try {
    await policy.assertMayEnter(actor, name);
    return true;
  } catch (thrown) {
    const error = errorOf(thrown);
    if (error.code === 'forbidden' || error.code === 'invalid_room') return false;
    throw error;
  }
}
