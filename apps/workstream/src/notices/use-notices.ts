import { useEvent, useTasks } from '@netbuild/realtime-react';
import { useCallback, useDeferredValue, useEffect, useMemo, useSyncExternalStore } from 'react';
import { executionHref, go, myWorkHref, type Route, useRoute } from '../routing/route.ts';
import { useSettings } from '../settings/settings-provider.tsx';
import { type Book, type Notice, unseen, withMessage, withoutErased, withSeen, withTasks } from './book.ts';
import { keptBook } from './kept-book.ts';
import { showCount } from './outside.ts';
import { useNotifier } from './use-notifier.ts';
import { useNoticeWords } from './words.ts';

/** What a person is told of, and what they have done about it. */
export interface Notices {
  all: Book['notices'];
  unseen: readonly Notice[];
  markAllSeen: () => void;
}

/** Where a notice leads. */
export function hrefOf({ kind, executionId, taskId }: Notice): string {
  if (executionId === undefined) return myWorkHref();
  return executionHref(
    executionId,
    kind === 'task' && taskId ? { tab: 'tasks', task: taskId } : { tab: 'chat' },
  );
}

/** Tells a person of their tasks and of what mentions them: once, in the page and outside of it. */
export function useNotices(userId: string): Notices {
  const kept = useMemo(() => keptBook(userId), [userId]);
  const book = useSyncExternalStore(kept.subscribe, kept.getSnapshot);
  const route = useRoute();
  const { settings } = useSettings();
  const words = useNoticeWords();

  // Both at once: with what is known of the one, the other may not be taken for whole.
  const { data: tasks, status } = useDeferredValue(useTasks());
  useEffect(() => {
    // Before the list is whole, what lacks in it is not gone.
    if (status !== 'live') return;
    const mine = tasks.filter(({ data }) => data.assignee === userId);
    kept.write((before) => withTasks(before, mine, userId));
  }, [kept, tasks, status, userId]);
  useEvent('data:erased', ({ data }) => kept.write((before) => withoutErased(before, data.subjects)));
  useEvent('message:new', (event) => kept.write((before) => withMessage(before, event, userId)));

  const isLooking = useSyncExternalStore(onLook, looks);
  useEffect(() => {
    if (isLooking) kept.write((before) => withSeen(before, (notice) => isShown(notice, route)));
  }, [kept, isLooking, route, book]);

  const waiting = useMemo(() => unseen(book), [book]);
  useEffect(() => showCount(waiting.length), [waiting]);
  useEffect(() => () => showCount(0), []);
  useNotifier(userId, settings.notify, waiting, words.title, (notice) => go(hrefOf(notice)));

  const markAllSeen = useCallback(() => kept.write((before) => withSeen(before, () => true)), [kept]);
  return useMemo(() => ({ all: book.notices, unseen: waiting, markAllSeen }), [book, waiting, markAllSeen]);
}

/** Whether a page shows what a notice is about. */
function isShown({ kind, executionId }: Notice, route: Route): boolean {
  if (route.page === 'execution') return route.executionId === executionId;
  return route.page === 'my-work' && kind === 'task';
}

const looks = () => document.visibilityState === 'visible' && document.hasFocus();

function onLook(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  window.addEventListener('focus', listener);
  window.addEventListener('blur', listener);
  return () => {
    document.removeEventListener('visibilitychange', listener);
    window.removeEventListener('focus', listener);
    window.removeEventListener('blur', listener);
  };
}
