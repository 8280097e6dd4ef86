import { RealtimeError } from '@netbuild/realtime-protocol';
import type { Rest } from '../rest.ts';
import { candidatesOfMany, tasksOf } from './candidates-of-many.ts';

/** Who may take a task. */
export interface Candidates {
  users: string[];
  groups: string[];
}

/** From so many tasks on they are asked about together. */
const MANY = 10;

/**
 * The candidates of tasks, each as they were at one moment after the call.
 *
 * The engine tells them of one task at a time. What can be known of many from fewer questions is found out so; the
 * others are asked about one by one.
 *
 * @returns by the task's id; those that are gone meanwhile are left out
 */
export async function candidatesOf(
  rest: Pick<Rest, 'read'>,
  taskIds: string[],
): Promise<Map<string, Candidates>> {
  const found: Map<string, Candidates> =
    taskIds.length < MANY ? new Map() : await candidatesOfMany(rest, taskIds);
  const alone = taskIds.filter((id) => !found.has(id));
  await Promise.all(
    alone.map(async (id) => {
      const candidates = await candidatesOfOne(rest, id);
      if (candidates) found.set(id, candidates);
    }),
  );
  // The engine reads a task and then its links: of one that ends in between it tells none.
  const without = alone.filter((id) => isNobody(found.get(id)));
  const open = new Set((await tasksOf(rest, without)).map(({ id }) => id));
  for (const id of without) if (!open.has(id)) found.delete(id);
  return found;
}

function isNobody(candidates: Candidates | undefined): boolean {
  return candidates !== undefined && candidates.users.length + candidates.groups.length === 0;
}

async function candidatesOfOne(
  { read }: Pick<Rest, 'read'>,
  taskId: string,
): Promise<Candidates | undefined> {
  try {
    const links = await read<Link[]>(`/task/${encodeURIComponent(taskId)}/identity-links`, {
      type: 'candidate',
    });
    const named = (field: 'userId' | 'groupId') =>
      links.flatMap((link) => (link.type === 'candidate' && link[field] ? [link[field]] : [])).sort();
    return { users: named('userId'), groups: named('groupId') };
  } catch (error) {
    if (error instanceof RealtimeError && error.code === 'not_found') return undefined;
    throw error;
  }
}

interface Link {
  type?: string;
  userId?: string | null;
  groupId?: string | null;
}
