import { RealtimeError } from '@netbuild/realtime-protocol';
import type { Rest } from '../rest.ts';
import { itemsOf } from './listing.ts';
import { inParts } from './parts.ts';

/** Who may take a task. */
export interface Candidates {
  users: string[];
  groups: string[];
}

/** From so many tasks on it is asked first which of them have candidates at all. */
const MANY = 10;

/**
 * The candidates of tasks: the engine tells them of one task at a time.
 *
 * @returns by the task's id; those that are gone meanwhile are left out
 */
export async function candidatesOf(
  { read }: Pick<Rest, 'read'>,
  taskIds: string[],
): Promise<Map<string, Candidates>> {
  const found = new Map<string, Candidates>();
  const asked = new Set(
    taskIds.length < MANY ? taskIds : (await Promise.all(inParts(taskIds).map(withAny))).flat(),
  );
  for (const id of taskIds) if (!asked.has(id)) found.set(id, { users: [], groups: [] });
  await Promise.all(
    [...asked].map(async (id) => {
      const candidates = await one(id);
      if (candidates) found.set(id, candidates);
    }),
  );
  return found;

  async function withAny(taskIdIn: string[]): Promise<string[]> {
    const having = async (what: object) =>
      itemsOf<{ id: string }>(
        '/task',
        await read(
          '/task',
          { maxResults: taskIdIn.length },
          { taskIdIn, includeAssignedTasks: true, ...what },
        ),
      ).map(({ id }) => id);
    return [
      ...(await having({ withCandidateUsers: true })),
      ...(await having({ withCandidateGroups: true })),
    ];
  }

  async function one(taskId: string): Promise<Candidates | undefined> {
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
}

interface Link {
  type?: string;
  userId?: string | null;
  groupId?: string | null;
}
