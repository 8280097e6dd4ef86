import { type Room, room } from '@netbuild/realtime-protocol';

/** Who acts: what a token says of its bearer. */
export interface Actor {
  userId: string;
  domainId: string;
  groups: string[];
  /** When the token ends, epoch seconds. */
  expires: number;
}

/** The rooms that are a person's own by the token alone. */
export function ownRooms(actor: Actor): Room[] {
  return [
    room('user', actor.userId),
    room('domain', actor.domainId),
    ...actor.groups.map((group) => room('group', group)),
  ];
}
