import { parseRoom, type Room } from '@netbuild/realtime-protocol';

/** Whether a pattern is a name, or the beginning of it with a `*` at the end. */
export function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/**
 * Whether a pattern names a room. The kind of room stands before the `*`, so that no pattern names all rooms there are:
 * `definition:invoice*`, `process:*`.
 */
export function names(pattern: string, room: Room): boolean {
  return pattern.includes(':') && matches(pattern, room);
}

/** Whether a text can be a pattern of rooms at all. */
export function isPattern(text: string): boolean {
  return parseRoom(text.replace(/\*$/, 'x')) !== undefined;
}
