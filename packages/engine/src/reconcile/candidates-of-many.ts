import type { Rest } from '../rest.ts';
import { groupsOf, type Having } from './candidate-groups.ts';
import type { Candidates } from './candidates.ts';
import { instantOf } from './dates.ts';
import { itemsOf } from './listing.ts';
import { inParts } from './parts.ts';
import type { RuntimeTask } from './shapes.ts';

/** For so many tasks a report is worth its price: the engine goes through all that are open. */
const WORTH_A_REPORT = 100;

/** Milliseconds in which a database of whole seconds, which may round up, shows two changes as one. */
const BLUR = 2000;

/**
 * The candidates of those of many tasks of which few questions tell them: who has none, and who has groups alone and
 * no assignee.
 *
 * A task may change between two of these questions, and what they say together would never have been. So each task is
 * read before the first of them and after the last: the engine notes when a task or its candidates have changed. Where
 * that is the same, all answers are about the same candidates; of other tasks nothing is told.
 */
export async function candidatesOfMany(
  rest: Pick<Rest, 'read'>,
  taskIds: string[],
): Promise<Map<string, Candidates>> {
  const read = await tasksOf(rest, taskIds);
  const newest = read.reduce((latest, task) => Math.max(latest, changedAt(task)), 0);
  const before = new Map(read.filter((task) => isSharp(task, newest)).map((task) => [task.id, task]));
  const ids = [...before.keys()];
  const having: Having = async (what, some) =>
    (await tasksOf(rest, some, { ...what, includeAssignedTasks: true })).map(({ id }) => id);

  const withUsers = new Set(await having({ withCandidateUsers: true }, ids));
  const withGroups = new Set(await having({ withCandidateGroups: true }, ids));
  const found = new Map<string, Candidates>();
  for (const id of ids)
    if (!withUsers.has(id) && !withGroups.has(id)) found.set(id, { users: [], groups: [] });
  // The report knows nothing of those that are assigned: they may have groups that no other task has.
  const free = ids.filter((id) => withGroups.has(id) && !withUsers.has(id) && !before.get(id)!.assignee);
  if (free.length >= WORTH_A_REPORT)
    for (const [id, groups] of await groupsOf(rest, having, free)) found.set(id, { users: [], groups });

  const after = new Map((await tasksOf(rest, [...found.keys()])).map((task) => [task.id, task]));
  for (const id of [...found.keys()]) if (!isSame(before.get(id)!, after.get(id))) found.delete(id);
  return found;
}

/** Those of these tasks that are open, and fit. */
export async function tasksOf(
  { read }: Pick<Rest, 'read'>,
  ids: string[],
  what: object = {},
): Promise<RuntimeTask[]> {
  const parts = inParts(ids).map(async (taskIdIn) => {
    const page = { maxResults: taskIdIn.length };
    return itemsOf<RuntimeTask>('/task', await read('/task', page, { taskIdIn, ...what }));
  });
  return (await Promise.all(parts)).flat();
}

/** Whether another change of a task would show; engines before 7.18 tell no times of changes. */
function isSharp(task: RuntimeTask, newest: number): boolean {
  if (task.lastUpdated === undefined) return false;
  if (task.lastUpdated === null) return true;
  const changed = changedAt(task);
  return changed % 1000 !== 0 || changed <= newest - BLUR;
}

function changedAt({ created, lastUpdated }: RuntimeTask): number {
  return instantOf(lastUpdated ?? created) ?? 0;
}

function isSame(before: RuntimeTask, after: RuntimeTask | undefined): boolean {
  return after?.lastUpdated === before.lastUpdated && after?.assignee === before.assignee;
}
