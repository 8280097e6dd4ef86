import { RealtimeError } from '@netbuild/realtime-protocol';
import type { Rest } from '../rest.ts';
import { inParts } from './parts.ts';

/** Asks which of some tasks something is true of. */
export type Having = (what: object, taskIds: string[]) => Promise<string[]>;

/** Into so many parts groups are divided: more parts are more questions, fewer are more answers about the same task. */
const PARTS = 8;

/**
 * The candidate groups of tasks that nobody is assigned to: an engine's report names all groups that such tasks have,
 * and then the engine is asked which tasks have one of some groups, of ever fewer.
 *
 * @returns by the task's id; left out are those of which to ask one by one is less
 */
export async function groupsOf(
  rest: Pick<Rest, 'read'>,
  having: Having,
  taskIds: string[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const all = await groupsInReport(rest);
  if (await isBlind(having, all, taskIds)) return found;
  const left = new Set<string>();

  async function divide(groups: string[], ids: string[]): Promise<void> {
    if (ids.length <= groups.length) {
      for (const id of ids) left.add(id);
      return;
    }
    const size = Math.ceil(groups.length / PARTS);
    const parts = Array.from({ length: PARTS }, (_, n) => groups.slice(n * size, (n + 1) * size));
    await Promise.all(
      parts
        .filter(({ length }) => length > 0)
        .map(async (candidateGroups) => {
          const those = await having({ candidateGroups }, ids);
          if (candidateGroups.length > 1) return divide(candidateGroups, those);
          for (const id of those) found.set(id, [...(found.get(id) ?? []), ...candidateGroups]);
        }),
    );
  }

  await divide(all, taskIds);
  for (const id of left) found.delete(id);
  for (const groups of found.values()) groups.sort();
  return found;
}

/** None where the account may not read it, or the engine has none: whether it is there at all, the next question tells. */
async function groupsInReport({ read }: Pick<Rest, 'read'>): Promise<string[]> {
  try {
    const report = await read<{ groupName?: unknown }[]>('/task/report/candidate-group-count');
    const names = Array.isArray(report) ? report.map((line) => line?.groupName) : [];
    return names.filter((name) => typeof name === 'string');
  } catch (error) {
    if (error instanceof RealtimeError) return [];
    throw error;
  }
}

/** Whether `sales` is `Sales` to the engine's database: then it can't be told by these questions which of them it is. */
async function isBlind(having: Having, groups: string[], taskIds: string[]): Promise<boolean> {
  if (groups.length >= taskIds.length) return false;
  const known = new Set(groups);
  const others = groups.map(inOtherCase).filter((name) => !known.has(name));
  const seen = await Promise.all(
    inParts(others).map((candidateGroups) => having({ candidateGroups }, taskIds)),
  );
  return seen.some(({ length }) => length > 0);
}

function inOtherCase(name: string): string {
  return [...name]
    .map((sign) => (sign === sign.toUpperCase() ? sign.toLowerCase() : sign.toUpperCase()))
    .join('');
}
