import type { Entry } from '@netbuild/realtime-log';

/**
 * Whether an entry is of the same group as the one before it: of the same fact, so that both were written in one
 * step. Its events' ids are `<key>#1`, `<key>#2`, ….
 */
export function isSameGroup({ body }: Entry, next: Entry | undefined): boolean {
  const place = next && placeIn(next.body);
  // The first of its own, as nearly all are.
  if (!place || place.n === 1) return false;
  return placeIn(body)?.key === place.key;
}

/** The last entries of a page that may be cut off in the middle of a group: they are left to the next page. */
export function withoutCut(entries: readonly Entry[]): Entry[] {
  let end = entries.length - 1;
  while (end > 0 && isSameGroup(entries[end - 1]!, entries[end])) end--;
  return entries.slice(0, end);
}

function placeIn(body: string): { key: string; n: number } | undefined {
  // An event's id comes first in its text, as `publish` writes it.
  const found = /^\{"id":"((?:[^"\\]|\\.)*)#(\d+)"/.exec(body);
  return found ? { key: found[1]!, n: Number(found[2]) } : undefined;
}
