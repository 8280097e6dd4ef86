import type { Room } from '@netbuild/realtime-protocol';
import type { Actor } from '../auth/actor.ts';
import type { Policy } from '../auth/policy.ts';
import type { Channel } from '../delivery/delivery.ts';
import type { Grant } from '../delivery/grant.ts';
import type { Member } from '../delivery/member.ts';

/**
 * Has a member be where it is by what its new token says: each of its rooms is asked for anew. Those that it may not
 * enter any more, or of which that could not be found out, are left and told by `room:left`.
 */
export async function recheck(
  policy: Pick<Policy, 'grant'>,
  { audience, tail, standing }: Channel,
  member: Member,
  actor: Actor,
): Promise<void> {
  const asked = await Promise.allSettled(
    [...member.rooms].map((name) => policy.grant(actor, name, { tail, standing })),
  );
  const granted = asked.flatMap((one): Grant[] => (one.status === 'fulfilled' ? [one.value] : []));
  const stays = new Set<Room>(audience.regrant(member, granted));
  const lost = [...member.rooms].filter((name) => !stays.has(name));
  if (lost.length > 0) audience.expel(member, lost, { epoch: tail.epoch, seq: tail.seq });
}
