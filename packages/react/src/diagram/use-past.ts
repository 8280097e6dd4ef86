import { isOf, type Row } from '@netbuild/realtime-client';
import type { EventsAnswer } from '@netbuild/realtime-protocol';
import { useEffect, useState } from 'react';
import { useWebSocket } from '../context.ts';

/** Pages of events that are looked through, of 500 each: an instance that has done more has been everywhere. */
const MOST_PAGES = 10;

const NONE: readonly Row<'activity'>[] = [];

/**
 * The activities of an instance that had ended before anybody looked: a room's snapshot has what is open. It is read
 * once whenever the room is live anew, since what ended while nobody listened is in no snapshot either. Where it can
 * not be had, what is done is not shown, and what goes on is.
 */
export function usePast(processInstanceId: string, isLive: boolean): readonly Row<'activity'>[] {
  const { client } = useWebSocket();
  const [past, setPast] = useState(NONE);
  useEffect(() => {
    if (!isLive) return;
    let isOver = false;
    const room = encodeURIComponent(`process:${processInstanceId}`);
    async function read(): Promise<void> {
      const found = new Map<string, Row<'activity'>>();
      let before = '';
      for (let page = 0; page < MOST_PAGES && !isOver; page++) {
        const { epoch, events, more, recovered } = await client.get<EventsAnswer>(
          `/v1/events?room=${room}${before}`,
        );
        for (const event of events)
          if ('type' in event && isOf('activity', event) && event.ended) found.set(event.subject, event);
        const [first] = events;
        // The first page is the last ones, and knows of no older ones; later ones do.
        if (!first || (before !== '' && !(more && recovered))) break;
        before = `&before=${encodeURIComponent(`${epoch}:${first.seq}`)}`;
      }
      if (!isOver) setPast([...found.values()]);
    }
    read().catch(() => undefined);
    return () => {
      isOver = true;
    };
  }, [client, processInstanceId, isLive]);
  return past;
}

/** Rows of both, of each subject the newer one. */
export function newestOf(
  past: readonly Row<'activity'>[],
  now: readonly Row<'activity'>[],
): Row<'activity'>[] {
  const newest = new Map(past.map((row) => [row.subject, row]));
  for (const row of now) if ((newest.get(row.subject)?.seq ?? 0) <= row.seq) newest.set(row.subject, row);
  return [...newest.values()];
}
