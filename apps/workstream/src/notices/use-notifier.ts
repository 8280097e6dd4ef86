import { type RefObject, useEffect, useRef } from 'react';
import type { Notice } from './book.ts';
import { notify, permission } from './outside.ts';

/** Milliseconds in which another tab may say that the person is looking at it. */
const GRACE = 800;

/**
 * Shows each new notice as a notification of the device, where the person wants that and does not see it here. Of all
 * tabs one does it: the one that has the lock.
 */
export function useNotifier(
  userId: string,
  isWanted: boolean,
  unseen: readonly Notice[],
  titleOf: (notice: Notice) => string,
  open: (notice: Notice) => void,
): void {
  const isFirst = useLock(`netbuild-workstream/notifier/${userId}`, isWanted);
  const latest = useRef({ unseen, titleOf, open });
  latest.current = { unseen, titleOf, open };
  // What waits already when the page opens is told by its badge.
  const told = useRef<Set<string>>(undefined);
  told.current ??= new Set(unseen.map(({ id }) => id));
  const shown = useRef(new Map<string, () => void>());
  useEffect(() => {
    const waiting = new Set(unseen.map(({ id }) => id));
    for (const [id, close] of shown.current)
      if (!waiting.has(id)) {
        close();
        shown.current.delete(id);
      }
    const news = unseen.filter(({ id }) => !told.current!.has(id));
    for (const { id } of news) told.current!.add(id);
    if (news.length === 0 || !isFirst.current || permission() !== 'granted') return;
    // No clean-up: a change within that time must not keep silent what was new before it.
    setTimeout(() => {
      const { unseen: now, titleOf: title, open: follow } = latest.current;
      for (const notice of news.filter(({ id }) => now.some((other) => other.id === id)))
        shown.current.set(
          notice.id,
          notify(notice, title(notice), () => follow(notice)),
        );
    }, GRACE);
  }, [unseen, isFirst]);
}

/** Whether this tab holds a lock, for as long as it wants it; the next one gets it when this one goes. */
function useLock(name: string, isWanted: boolean): RefObject<boolean> {
  const isHeld = useRef(false);
  useEffect(() => {
    // Pages without encryption have no locks: then each tab is the first, and the tag of the notice joins what they show.
    if (!isWanted || !navigator.locks) {
      isHeld.current = isWanted;
      return;
    }
    const stop = new AbortController();
    let release = () => {};
    navigator.locks
      .request(name, { signal: stop.signal }, () => {
        isHeld.current = true;
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      })
      .catch(() => {});
    return () => {
      isHeld.current = false;
      stop.abort();
      release();
    };
  }, [name, isWanted]);
  return isHeld;
}
