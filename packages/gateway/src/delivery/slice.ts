import type { Entry } from '@netbuild/realtime-log';

/** Entries that are read first: they tell how large the others are likely to be. */
export const FIRST_SLICE = 20;

/** Characters of bodies that are taken from the log at once: many may read at the same time, and an event may be large. */
export const MOST_CHARACTERS = 4 * 1024 * 1024;

/** How many entries like these have so many characters; at least one. */
export function sliceOf(entries: readonly Entry[], characters: number): number {
  const seen = entries.reduce((sum, { body }) => sum + body.length, 0);
  return Math.max(1, Math.floor((characters * entries.length) / Math.max(seen, 1)));
}
