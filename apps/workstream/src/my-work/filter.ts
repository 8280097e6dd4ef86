import type { Row } from '@netbuild/realtime-react';
import type { Query } from '../routing/route.ts';

/** Whose tasks: those that a person has, those that they may take, and those of their groups that others have. */
export const PARTS = ['mine', 'available', 'others'] as const;
export type Part = (typeof PARTS)[number];

/** By what tasks are sorted. */
export const SORTS = ['created', 'due', 'priority'] as const;
export type Sort = (typeof SORTS)[number];

/** Which tasks are shown, and in which order. It stands in the address, so that it can be kept and sent to others. */
export interface Filter {
  /** Left out: all. */
  part?: Part;
  /** What is looked for, as it was typed. */
  search: string;
  sort: Sort;
  overdueOnly: boolean;
}

/** A task in its place. */
export interface Item {
  row: Row<'task'>;
  part: Part;
  /** It has ended, or is for others now, and stays only until the list may move. */
  isGone?: true;
}

/** Who somebody is. */
export interface Person {
  userId: string;
  groups: readonly string[];
}

/** Engines give each task this one. */
const USUAL_PRIORITY = 50;

/** The filter that an address names; what it does not know is left out. */
export function readFilter({ show, q = '', sort, only }: Query): Filter {
  return {
    ...(isOneOf(PARTS, show) ? { part: show } : {}),
    search: q,
    sort: isOneOf(SORTS, sort) ? sort : 'created',
    overdueOnly: only === 'overdue',
  };
}

/** How the address names a filter; what is as usual is not named. */
export function queryOf({ part, search, sort, overdueOnly }: Filter): Query {
  return {
    ...(part ? { show: part } : {}),
    ...(search.trim() === '' ? {} : { q: search }),
    ...(sort === 'created' ? {} : { sort }),
    ...(overdueOnly ? { only: 'overdue' } : {}),
  };
}

/** Whose a task is, seen by a person; nothing where it is no concern of theirs. */
function partOf({ data, rooms }: Row<'task'>, { userId, groups }: Person): Part | undefined {
  const isTheirs = rooms.some(
    (room) => room === `user:${userId}` || (room.startsWith('group:') && groups.includes(room.slice(6))),
  );
  if (!isTheirs) return undefined;
  if (data.assignee === userId) return 'mine';
  return data.assignee === undefined ? 'available' : 'others';
}

/** A person's open tasks, in their parts. */
export function itemsOf(rows: readonly Row<'task'>[], person: Person): Item[] {
  return rows.flatMap((row) => {
    const part = row.data.state === 'open' ? partOf(row, person) : undefined;
    return part ? [{ row, part }] : [];
  });
}

/**
 * What a filter lets through, in its order, part by part.
 *
 * @param titles of executions, by id: what is looked for may stand there
 * @param now epoch milliseconds
 */
export function filtered(
  items: readonly Item[],
  filter: Filter,
  titles: ReadonlyMap<string, string>,
  now: number,
): Item[] {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  const compare = ORDERS[filter.sort];
  return items
    .filter(
      ({ row, part }) =>
        (filter.part === undefined || filter.part === part) &&
        (!filter.overdueOnly || isOverdue(row, now)) &&
        (words.length === 0 || has(textOf(row, titles), words)),
    )
    .sort(
      (a, b) =>
        PARTS.indexOf(a.part) - PARTS.indexOf(b.part) || compare(a.row, b.row) || byBirth(a.row, b.row),
    );
}

/** Whether a task should have been done by now. */
export function isOverdue({ data }: Row<'task'>, now: number): boolean {
  return data.state === 'open' && data.dueDate !== undefined && Date.parse(data.dueDate) < now;
}

/** How many tasks each part has. */
export function countsOf(items: readonly Item[]): Record<Part, number> {
  const counts = { mine: 0, available: 0, others: 0 };
  for (const { part } of items) counts[part]++;
  return counts;
}

type Compare = (a: Row<'task'>, b: Row<'task'>) => number;

/** Ties, and rows without what is sorted by, stand as they came into being: they must not change places by themselves. */
const byBirth: Compare = (a, b) => bornAt(a) - bornAt(b) || (a.subject < b.subject ? -1 : 1);

const ORDERS: Record<Sort, Compare> = {
  created: () => 0,
  due: (a, b) => dueAt(a) - dueAt(b) || 0,
  priority: (a, b) => (b.data.priority ?? USUAL_PRIORITY) - (a.data.priority ?? USUAL_PRIORITY),
};

const bornAt = ({ data, time }: Row<'task'>): number => Date.parse(data.created ?? time);

/** What has no due date comes last. A number, since infinities have no difference. */
const dueAt = ({ data }: Row<'task'>): number =>
  data.dueDate === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(data.dueDate);

function textOf({ data }: Row<'task'>, titles: ReadonlyMap<string, string>): string {
  const {
    taskName,
    taskDefinitionKey,
    description,
    assignee,
    candidateGroups,
    executionId,
    processDefinitionName,
  } = data;
  const title = executionId === undefined ? undefined : titles.get(executionId);
  return [
    taskName,
    taskDefinitionKey,
    description,
    assignee,
    ...candidateGroups,
    processDefinitionName,
    title,
  ]
    .filter(Boolean)
    .join(' ')
    .toLowerCase();
}

const has = (text: string, words: readonly string[]): boolean => words.every((word) => text.includes(word));

const isOneOf = <T extends string>(all: readonly T[], one: string | undefined): one is T =>
  all.includes(one as T);
