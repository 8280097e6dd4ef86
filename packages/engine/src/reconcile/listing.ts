import { RealtimeError } from '@netbuild/realtime-protocol';
import type { Query, Rest } from '../rest.ts';
import { instantOf, toEngineDate } from './dates.ts';

/** A list of the engine, in the order of a time that each of its items has. */
export interface Listing<Item extends { id: string }> {
  path: string;
  query?: Query;
  sortBy: string;
  /** The parameter that leaves out what was before. */
  since: string;
  /** The item's time by which the list is sorted; none: it is in another order than `since` tells, and paged by number. */
  timeOf?: (item: Item) => string | null | undefined;
}

/**
 * The items of a list since an instant (of the engine's clock), in pages.
 *
 * Each page begins where the last one has ended by time and not by number: what leaves the list meanwhile would
 * otherwise move the rest, and something would be skipped. Items may come twice.
 */
export async function* pagesOf<Item extends { id: string }>(
  { read }: Pick<Rest, 'read'>,
  { path, query, sortBy, since, timeOf }: Listing<Item>,
  from: number | undefined,
  size: number,
): AsyncGenerator<Item[]> {
  let after = from;
  let firstResult = 0;
  let before = new Set<string>();
  for (;;) {
    const page = itemsOf<Item>(
      path,
      await read(path, {
        ...query,
        ...(after === undefined ? {} : { [since]: toEngineDate(after) }),
        sortBy,
        sortOrder: 'asc',
        firstResult,
        maxResults: size,
      }),
    );
    const fresh = page.filter(({ id }) => !before.has(id));
    if (fresh.length > 0) yield fresh;
    if (page.length < size) return;
    const last = timeOf && instantOf(timeOf(page.at(-1)!));
    // Some engines leave out what is at the instant itself, others do not.
    if (timeOf && last !== undefined && (after === undefined || last - 1 > after)) {
      after = last - 1;
      firstResult = 0;
      before = new Set(page.filter((item) => instantOf(timeOf(item)) === last).map(({ id }) => id));
    } else {
      firstResult += size;
      for (const { id } of page) before.add(id);
    }
  }
}

/** What an engine answers to a question for a list. */
export function itemsOf<Item extends { id: string }>(path: string, said: unknown): Item[] {
  const isList = Array.isArray(said) && said.every((item) => typeof item?.id === 'string');
  if (!isList) {
    const message = `${path}: the answer is no list of the engine's`;
    throw new RealtimeError('engine_unreachable', { message });
  }
  return said as Item[];
}
