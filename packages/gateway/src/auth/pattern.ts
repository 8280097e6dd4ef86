import { parseRoom, type Room } from '@netbuild/realtime-protocol';

/**
 * Whether a pattern names a room: its name, or the beginning of it with a `*` at the end. The kind of room stands
 * before that, so that no pattern names all rooms there are: `definition:invoice*`, `process:*`.
 */
export function names(pattern: string, room: Room): boolean {
  if (!pattern.endsWith('*')) return pattern === room;
  return pattern.includes(':') && room.startsWith(pattern.slice(0, -1));
}

/** Whether a text can be a pattern of rooms at all. */
export function isPattern(text: string): boolean {
  return parseRoom(text.replace(/\*$/, 'x')) !== undefined;
}
