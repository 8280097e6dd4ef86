import { RealtimeError } from '@netbuild/realtime-protocol';
import type { Rest } from '../rest.ts';
import { candidatesOfMany } from './candidates-of-many.ts';

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
  const found = taskIds.length < MANY ? new Map() : await candidatesOfMany(rest, taskIds);
  await Promise.all(
    taskIds.map(async (id) => {
      if (found.has(id)) return;
      const candidates = await candidatesOfOne(rest, id);
      if (candidates) found.set(id, candidates);
    }),
  );
  return found;
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
