import type { RealtimeEvent } from '@netbuild/realtime-protocol';
import { mentionsIn, type Row } from '@netbuild/realtime-react';

/** One thing that a person is told of. */
export interface Notice {
  /** The same in every tab, and after a reload. */
  id: string;
  kind: 'task' | 'mention';
  /** The task's name, or what was said. */
  what: string;
  /** Who gave or said it, where that is known. */
  by?: string | undefined;
  executionId?: string | undefined;
  taskId?: string;
  /** ISO 8601. */
  at: string;
  isSeen?: true;
}

/** What a person was told of in this browser. */
export interface Book {
  /** Newest first. */
  notices: readonly Notice[];
  /** The tasks that were theirs when it was written; left out: nobody has looked yet, and what is there is no news. */
  tasks?: readonly string[];
}

/** Notices that are kept; the oldest go. */
const MOST = 100;

/** Characters of a message that are told. */
const SHORT = 140;

export const EMPTY: Book = { notices: [] };

/**
 * The book with the tasks that a person has. What somebody takes for themselves is no news to them; a task that is
 * theirs no longer is not told of any more.
 *
 * @param mine their open tasks, all of them
 */
export function withTasks(book: Book, mine: readonly Row<'task'>[], me: string): Book {
  const known = new Set(book.tasks);
  const now = mine.map(({ subject }) => subject as string);
  if (book.tasks && now.length === known.size && now.every((id) => known.has(id))) return book;
  const news = mine.filter(({ subject, data }) => book.tasks && !known.has(subject) && data.by !== me);
  const added = news.map(
    ({ subject, data, time }): Notice => ({
      id: subject,
      kind: 'task',
      what: data.taskName ?? data.taskDefinitionKey ?? data.taskId,
      by: data.by,
      executionId: data.executionId,
      taskId: data.taskId,
      at: time,
    }),
  );
  const theirs = new Set(now);
  const kept = book.notices.filter(({ kind, id }) => kind !== 'task' || theirs.has(id));
  return { tasks: now, notices: newest([...added, ...kept]) };
}

/** The book with what was said, where it names the person and is not their own. */
export function withMessage(
  book: Book,
  { subject, data, time }: RealtimeEvent<'message:new'>,
  me: string,
): Book {
  const { userId, content, executionId } = data;
  if (userId === me || subject === undefined || content === undefined) return book;
  if (!data.mentions?.includes(me) && mentionsIn(content, [me]).length === 0) return book;
  if (book.notices.some(({ id }) => id === subject)) return book;
  const what = content.length > SHORT ? `${content.slice(0, SHORT)} …` : content;
  const notice: Notice = {
    id: subject,
    kind: 'mention',
    what,
    by: data.agent ?? userId,
    executionId,
    at: time,
  };
  return { ...book, notices: newest([notice, ...book.notices]) };
}

/** The book without what was erased: nothing of it may stay in a browser. */
export function withoutErased(book: Book, subjects: readonly string[]): Book {
  const erased = new Set(subjects);
  const notices = book.notices.filter(({ id }) => !erased.has(id));
  return notices.length === book.notices.length ? book : { ...book, notices };
}

/** The book after a person has seen some of it. */
export function withSeen(book: Book, isSeen: (notice: Notice) => boolean): Book {
  if (!book.notices.some((notice) => !notice.isSeen && isSeen(notice))) return book;
  return {
    ...book,
    notices: book.notices.map((notice) => (isSeen(notice) ? { ...notice, isSeen: true as const } : notice)),
  };
}

/** What the person has not seen yet, newest first. */
export function unseen({ notices }: Book): readonly Notice[] {
  return notices.filter(({ isSeen }) => !isSeen);
}

const newest = (notices: readonly Notice[]): Notice[] =>
  [...notices].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, MOST);
