import type { Unread, UnreadAnswer } from '@netbuild/realtime-protocol';
import { RealtimeError, useEvent, useIdentity, useStatus, useWebSocket } from '@netbuild/realtime-react';
import { useCallback, useEffect, useState } from 'react';

/** Milliseconds between two looks, while somebody looks. */
const EVERY = 30_000;

/** Pages of the answer that are asked for. */
const PAGES = 4;

/**
 * What a person has yet to read, by execution. It is asked for when the list is shown, when somebody comes back to the
 * window, and now and then; what is said or read in rooms that we are in counts at once.
 */
export function useUnread(): ReadonlyMap<string, Unread> {
  const { client } = useWebSocket();
  const me = useIdentity()?.userId;
  const isLive = useStatus().state === 'live';
  const [unread, setUnread] = useState<ReadonlyMap<string, Unread>>(new Map());
  const ask = useCallback(async () => {
    try {
      const found = new Map<string, Unread>();
      let more: string | undefined = '';
      for (let page = 0; page < PAGES && more !== undefined; page++) {
        const query: string = more === '' ? '' : `?more=${encodeURIComponent(more)}`;
        const answer: UnreadAnswer = await client.get<UnreadAnswer>(`/v1/unread${query}`);
        for (const one of answer.executions) found.set(one.executionId, one);
        more = answer.more;
      }
      setUnread(found);
    } catch (error) {
      // What was known is better than nothing. Of a network that is away, or an answer that is none, fetch throws these.
      if (!(error instanceof RealtimeError || error instanceof TypeError || error instanceof SyntaxError))
        throw error;
    }
  }, [client]);
  useEffect(() => {
    if (!isLive) return;
    void ask();
    const look = () => {
      if (document.visibilityState === 'visible') void ask();
    };
    const timer = setInterval(look, EVERY);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [ask, isLive]);
  const count = (executionId: string, change: (before: Unread) => Unread) =>
    setUnread((before) => {
      const known = before.get(executionId) ?? { executionId, read: 0, unread: 0 };
      const after = change(known);
      return after === known ? before : new Map(before).set(executionId, after);
    });
  useEvent('message:new', (event) => {
    if (event.data.userId === me) return;
    count(event.data.executionId, (known) =>
      event.seq > known.read ? { ...known, unread: known.unread + 1 } : known,
    );
  });
  useEvent('message:read', (event) => {
    if (event.data.userId === me)
      count(event.data.executionId, (known) =>
        event.data.seq > known.read
          ? { executionId: known.executionId, read: event.data.seq, unread: 0 }
          : known,
      );
  });
  return unread;
}
