import type { Change } from '../fact.ts';
import type { Room } from '../room.ts';
import { room } from '../room.ts';

/** Drops what is undefined, so that rows compare by what they say. */
export function defined<T extends object>(data: T): T {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)) as T;
}

/** Drops what is `null` too: a row does not hold what a source has called empty. */
export function stated<T extends object>(data: T): { [K in keyof T]: Exclude<T[K], null> } {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value != null)) as {
    [K in keyof T]: Exclude<T[K], null>;
  };
}

/** Whether two rows say the same. They are small, so their canonical text is compared. */
function same(a: object | undefined, b: object): boolean {
  return a !== undefined && canonical(a) === canonical(b);
}

/** The change, unless the row says it already. */
export function unlessSame(before: object | undefined, change: Change): Change[] {
  return same(before, change.data) ? [] : [change];
}

/** The rooms that a row inherits from its process instance. */
export function processRooms(data: {
  processInstanceId?: string | undefined;
  rootProcessInstanceId?: string | undefined;
  executionId?: string | undefined;
  processDefinitionKey?: string | undefined;
}): (Room | undefined)[] {
  return [
    data.processInstanceId === undefined ? undefined : room('process', data.processInstanceId),
    data.rootProcessInstanceId === undefined ? undefined : room('process', data.rootProcessInstanceId),
    data.executionId === undefined ? undefined : room('execution', data.executionId),
    data.processDefinitionKey === undefined ? undefined : room('definition', data.processDefinitionKey),
  ];
}

/** The rooms of those who have something, and of those who may take it, as long as it is open. */
export function peopleRooms(
  data: { assignee?: string | undefined; candidateUsers: string[]; candidateGroups: string[] },
  isOpen: boolean,
): Room[] {
  return [
    ...(data.assignee === undefined ? [] : [room('user', data.assignee)]),
    ...(isOpen ? data.candidateUsers.map((user) => room('user', user)) : []),
    ...(isOpen ? data.candidateGroups.map((group) => room('group', group)) : []),
  ];
}

/** JSON with sorted keys and without what is undefined. */
function canonical(data: object): string {
  return JSON.stringify(data, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
