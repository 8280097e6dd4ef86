import type { Change } from '../fact.ts';
import type { Subject } from '../subject.ts';
import { defined } from './change.ts';
import type { SubjectEntry } from './entry.ts';
import type { TaskData } from './task.ts';
import { withVariables } from './variables.ts';

/**
 * Whether an engine waits for a person here: that is for the engine to change, or it would be told anew.
 *
 * @param row of a task, or of whatever
 */
export function isAwaited(row: object, user: string): boolean {
  const { taskId, state, origin, assignee, candidateUsers } = row as Partial<TaskData>;
  if (taskId === undefined || state !== 'open' || origin !== undefined) return false;
  return assignee === user || (candidateUsers ?? []).includes(user);
}

/** What becomes of a subject when a person is erased: it goes, it is said anew without them, or it stays as it is. */
export function withoutPerson(
  entry: SubjectEntry<object>,
  name: Subject,
  data: object,
  user: string,
): 'gone' | Change | undefined {
  const row = data as Record<string, unknown>;
  if (entry.author !== undefined && row[entry.author] === user) return 'gone';
  if (!entry.people || isAwaited(row, user)) return undefined;
  const { type } = entry.people;
  const fields: readonly string[] = entry.people.fields;
  const after = { ...row };
  for (const field of fields) {
    const value = row[field];
    if (Array.isArray(value)) after[field] = value.filter((one) => one !== user);
    else if (value === user) after[field] = undefined;
  }
  for (const [text, writer] of Object.entries(entry.people.texts ?? {}) as [string, string][])
    if (row[writer] === user) after[text] = undefined;
  const variables = Object.entries(row.variables ?? {});
  // That there is a variable is nobody's name.
  const omit = variables.filter(([, value]) => value === user).map(([variable]) => variable);
  const said = typeof type === 'function' ? type(data) : type;
  return { type: said, subject: name, data: defined({ ...after, ...withVariables(row, { omit }) }) };
}
