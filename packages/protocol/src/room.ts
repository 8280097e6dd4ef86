/** The kinds of audience that a domain has. */
export const ROOM_KINDS = ['domain', 'user', 'group', 'process', 'execution', 'definition'] as const;

/** A kind of room. */
export type RoomKind = (typeof ROOM_KINDS)[number];

/**
 * Where the commands that are under way stand, for the nodes that take them up again. It is no audience:
 * {@link parseRoom} takes it for no room, so nobody enters it.
 */
export const UNDER_WAY = 'commands:open';

/** Where the runs of agents stand that are at work, for the nodes that end those which have fallen silent. No audience. */
export const AT_WORK = 'agents:open';

/** Where revocations stand, by which each node hears of them. It is no audience either. */
export const REVOKED = 'tokens:revoked';

/** An audience in a domain, such as `process:4711` or `user:alice`. */
export type Room = `${RoomKind}:${string}` | typeof UNDER_WAY | typeof AT_WORK | typeof REVOKED;

/** The longest id that a room may have, in UTF-16 units; engine ids and business keys have at most 255. */
export const MAX_ROOM_ID = 255;

/** Names a room. */
export function room(kind: RoomKind, id: string): Room {
  return `${kind}:${id}`;
}

/** Takes a room's name apart; `undefined` where it is none (an unknown kind, an empty or overlong id). */
export function parseRoom(name: unknown): { kind: RoomKind; id: string } | undefined {
  if (typeof name !== 'string') return undefined;
  const colon = name.indexOf(':');
  // Without one, all but the last letter would be taken for the kind: "users".
  if (colon < 0) return undefined;
  const kind = ROOM_KINDS.find((known) => known === name.slice(0, colon));
  const id = name.slice(colon + 1);
  if (!kind || id.length === 0 || id.length > MAX_ROOM_ID || hasControlCharacter(id)) return undefined;
  return { kind, id };
}

/** Rooms once each, in the order of their first mention. */
export function uniqueRooms(rooms: readonly (Room | undefined)[]): Room[] {
  return [...new Set(rooms.filter((name) => name !== undefined))];
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}
