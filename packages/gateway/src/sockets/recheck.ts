import { type Actor, ownRooms } from '../auth/actor.ts';
import type { Policy } from '../auth/policy.ts';
import type { Channel } from '../delivery/delivery.ts';
import { type Grant, lasting, release } from '../delivery/grant.ts';
import type { Member } from '../delivery/member.ts';
import { errorOf } from '../error.ts';

/** Whose rooms are checked again. */
export interface Rechecked {
  member: Member;
  /** Whether there is still somebody to be in rooms. */
  isHere: () => boolean;
  /** It is in the rooms that are its own without having asked for them. */
  isPlain: boolean;
  channel: Pick<Channel, 'audience' | 'tail' | 'standing'>;
  policy: Pick<Policy, 'grant'>;
}

/**
 * Has a member be where it is by what its new token says: each of its rooms is asked for anew. Those that it may not
 * enter any more are left and told by `room:left`. A plain one enters what has become its own by itself, as at its
 * connect.
 *
 * @throws where it can not be said of a room; then it stays in all of them, as who it was
 */
export async function recheck(
  { member, isHere, isPlain, channel: { audience, tail, standing }, policy }: Rechecked,
  actor: Actor,
): Promise<void> {
  const asked = await Promise.allSettled(
    [...member.rooms].map((name) => policy.grant(actor, name, { tail, standing })),
  );
  const granted = asked.flatMap((one): Grant[] => (one.status === 'fulfilled' ? [one.value] : []));
  const undecided = asked.find((one) => one.status === 'rejected' && !isRefusal(one.reason));
  if (undecided?.status === 'rejected' || !isHere()) {
    granted.forEach(release);
    if (undecided?.status === 'rejected') throw undecided.reason;
    return;
  }
  const stays = new Set(audience.regrant(member, granted));
  const lost = [...member.rooms].filter((name) => !stays.has(name));
  if (isPlain) {
    const missing = ownRooms(actor).filter((name) => !member.rooms.has(name));
    if (missing.length > 0) audience.enter(member, lasting(missing));
  }
  if (lost.length > 0) audience.expel(member, lost, { epoch: tail.epoch, seq: tail.seq });
}

function isRefusal(thrown: unknown): boolean {
  const { code } = errorOf(thrown);
  return code === 'forbidden' || code === 'invalid_room';
}
