import type { Source } from './kind.ts';

/** What the history tells of something that begins and ends. */
interface Span {
  id: string;
  startTime: string;
  endTime?: string | null | undefined;
  tenantId?: string | null | undefined;
}

/**
 * The three lists of a history: what has begun since, what has ended since, and what is open.
 *
 * @param source makes a source of a list
 */
export function spansOf<Item extends Span>(
  source: (listing: Omit<Source<Item>['listing'], 'path'>) => Source<Item>,
): Record<'begun' | 'ended' | 'open', Source<Item>> {
  const byStart = {
    sortBy: 'startTime',
    since: 'startedAfter',
    timeOf: ({ startTime }: Item) => startTime,
  };
  return {
    begun: source(byStart),
    ended: source({ sortBy: 'endTime', since: 'finishedAfter', timeOf: ({ endTime }) => endTime }),
    open: source({ query: { unfinished: true }, ...byStart }),
  };
}
