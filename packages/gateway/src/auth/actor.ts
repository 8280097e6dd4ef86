import { type Room, room } from '@netbuild/realtime-protocol';

/** Who acts: what a token says of its bearer. */
export interface Actor {
  userId: string;
  domainId: string;
  groups: string[];
  /** What the bearer is in the domain: `operations`, say. */
  roles: string[];
  /** Rooms that the token itself opens; a `*` at the end stands for any end: `definition:invoice*`. */
  rooms: string[];
  /** When the token ends, epoch seconds. */
  expires: number;
  /** When it was made, epoch seconds. */
  issuedAt?: number | undefined;
  /** Its own id (`jti`). */
  tokenId?: string | undefined;
  /** Who made it (`iss`). */
  issuer?: string | undefined;
}

/** The rooms that are a person's own by the token alone. */
export function ownRooms(actor: Actor): Room[] {
  return [
    room('user', actor.userId),
    room('domain', actor.domainId),
    ...actor.groups.map((group) => room('group', group)),
  ];
}
