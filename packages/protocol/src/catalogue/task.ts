import { z } from 'zod';
import type { Change, Fact, Rows } from '../fact.ts';
import { subject } from '../subject.ts';
import { approvalOf, approvalOfTask, DECISIONS, type Outcome, outcomeBy } from './approval.ts';
import { defined, peopleRooms, processRooms, stated, unlessSame } from './change.ts';
import { openCommand } from './command.ts';
import { typesOf } from './entry.ts';
import { withParticipant } from './execution.ts';
import { id, line, linkFields, observedFields, processFields, reasonText, time } from './fields.ts';
import { linksOf } from './span.ts';
import { variableFields, variablesReported, withVariables } from './variables.ts';

const taskFields = {
  taskName: line.optional(),
  description: line.optional(),
  taskDefinitionKey: id.optional(),
  /** Links the task to the activity of the diagram. */
  activityInstanceId: id.optional(),
  owner: id.optional(),
  priority: z.number().int().optional(),
  dueDate: time.optional(),
  followUpDate: time.optional(),
  parentTaskId: id.optional(),
  created: time.optional(),
  /** The model makes an approval of it, which has a row of its own. */
  approval: approvalOfTask.optional(),
  /** It was announced from a diagram; the engine itself has no such task, as far as it is known. */
  origin: z.literal('task-event').optional(),
  ...processFields,
  ...observedFields,
};

const taskData = z.object({
  taskId: id,
  state: z.enum(['open', 'completed', 'cancelled']),
  assignee: id.optional(),
  candidateUsers: z.array(id),
  candidateGroups: z.array(id),
  /** When it was completed or cancelled. */
  ended: time.optional(),
  /** Who did what the event says, where the source knows. */
  by: id.optional(),
  ...taskFields,
  ...linkFields,
  /** The task's own; those of its process instance stand in that one's row. */
  ...variableFields,
});

/** A user task as it now is. */
export type TaskData = z.infer<typeof taskData>;

const reported = z.object({
  taskId: id,
  by: id.optional(),
  ended: time.optional(),
  candidates: z
    .object({
      addUsers: z.array(id).optional(),
      addGroups: z.array(id).optional(),
      removeUsers: z.array(id).optional(),
      removeGroups: z.array(id).optional(),
    })
    .optional(),
  variables: variablesReported.optional(),
  /** Of one that was completed, where it is an approval: what was decided, as far as the source knows. */
  decision: z.enum(DECISIONS).optional(),
  reason: reasonText.optional(),
  ...taskFields,
  // `null`: it has none, or no longer; left out: the source does not say.
  assignee: id.nullable().optional(),
  description: line.nullable().optional(),
  owner: id.nullable().optional(),
  dueDate: time.nullable().optional(),
  followUpDate: time.nullable().optional(),
});
type Reported = z.infer<typeof reported>;

/** User tasks. */
export const task = {
  kind: 'task' as const,
  data: taskData,
  rooms: (data: TaskData) =>
    // Nobody can do what was only announced.
    data.origin ? processRooms(data) : [...processRooms(data), ...peopleRooms(data, data.state === 'open')],
  isOpen: (data: TaskData) => data.state === 'open',
  people: { fields: ['assignee', 'owner', 'by', 'candidateUsers'] as const, type: 'task:updated' as const },
};

const type = typesOf(task);

/** The types of event that a user task has. */
export const taskTypes = [
  type({ type: 'task:created', doc: 'A user task has come into being.', fact: reported, fold: foldOpen }),
  type({
    type: 'task:assigned',
    doc: 'A user task has got an assignee, or another one.',
    fact: reported,
    fold: foldOpen,
  }),
  type({
    type: 'task:unassigned',
    doc: 'A user task has lost its assignee.',
    fact: reported,
    fold: foldOpen,
  }),
  type({
    type: 'task:updated',
    doc: 'Something else about a user task has changed.',
    fact: reported,
    fold: foldOpen,
  }),
  type({
    type: 'task:completed',
    doc: 'A user task was completed.',
    fact: reported,
    fold: (fact, rows) => foldEnd('completed', fact, rows),
  }),
  type({
    type: 'task:cancelled',
    doc: 'A user task has ended without being completed.',
    fact: reported,
    fold: (fact, rows) => foldEnd('cancelled', fact, rows),
  }),
];

/** A task that is open before and after. Its row, not the source, tells which of the types it is. */
function foldOpen(fact: Fact & { data: Reported }, rows: Rows): Change[] {
  const before = known(fact, rows);
  if (before && before.state !== 'open') return [];
  if (before && (fact.type === 'task:created' || isMereWord(fact, before))) return [];
  const after = merge(before, fact, rows);
  const change = (type: Change['type']): Change[] => {
    const changed = effect(rows, { type, subject: subject('task', after.taskId), data: after }).change;
    const news = unlessSame(before && { ...before, by: after.by, observed: after.observed }, changed);
    return news.length > 0 ? [...news, ...approvalOf(changed, {}, rows)] : [];
  };
  if (!before) return change('task:created');
  if (before.assignee === after.assignee) return change('task:updated');
  return change(after.assignee === undefined ? 'task:unassigned' : 'task:assigned');
}

function foldEnd(state: 'completed' | 'cancelled', fact: Fact & { data: Reported }, rows: Rows): Change[] {
  const before = known(fact, rows);
  if (before && (before.state !== 'open' || isMereWord(fact, before))) return [];
  const after = defined({ ...merge(before, fact, rows), state, ended: fact.data.ended ?? fact.time });
  const { change: ended, outcome } = effect(rows, {
    type: `task:${state}`,
    subject: subject('task', after.taskId),
    data: after,
  });
  const { decision = outcome.decision, reason = outcome.reason } = fact.data;
  const who = outcome.decidedBy ?? after.by ?? after.assignee;
  const changes = [ended, ...approvalOf(ended, { decision, reason, decidedBy: who }, rows)];
  return state === 'completed' && !after.origin
    ? [...changes, ...withParticipant(rows, after.executionId, after.assignee)]
    : changes;
}

/** The row that a fact builds on. What was only announced is forgotten once the engine tells of the task itself. */
function known({ data }: Fact & { data: Reported }, rows: Rows): TaskData | undefined {
  const before = rows<TaskData>(subject('task', data.taskId));
  // Who follows a link says the id alone.
  const isTold = !data.origin && Object.keys(data).length > 1;
  return before?.origin && isTold ? undefined : before;
}

/** What a diagram says of a task that the engine tells of itself: the engine's word counts. */
function isMereWord({ data }: { data: Reported }, before: TaskData): boolean {
  return data.origin !== undefined && before.origin === undefined;
}

function merge(before: TaskData | undefined, fact: Fact & { data: Reported }, rows: Rows): TaskData {
  const {
    candidates,
    variables,
    ended: _ended,
    decision: _decision,
    reason: _reason,
    by,
    observed,
    ...said
  } = fact.data;
  return stated({
    ...before,
    ...defined(said),
    state: 'open' as const,
    by,
    observed,
    created: said.created ?? before?.created ?? fact.time,
    // Of several that are asked together only the beginning tells.
    approval: said.approval ? { ...before?.approval, ...said.approval } : before?.approval,
    candidateUsers: changed(before?.candidateUsers, candidates?.addUsers, candidates?.removeUsers),
    candidateGroups: changed(before?.candidateGroups, candidates?.addGroups, candidates?.removeGroups),
    ...linksOf(rows, said.processInstanceId ?? before?.processInstanceId),
    ...withVariables(before ?? {}, variables),
  });
}

function changed(before: string[] = [], add: string[] = [], remove: string[] = []): string[] {
  return [...new Set([...before, ...add])].filter((name) => !remove.includes(name));
}

/** Names the command whose effect this change is, and the person who gave it; and what that has decided. */
function effect(
  rows: Rows,
  change: Change & { data: TaskData },
): { change: Change & { data: TaskData }; outcome: Outcome } {
  const command = openCommand(rows, change.subject, change);
  if (!command) return { change, outcome: {} };
  return {
    change: { ...change, data: { ...change.data, by: command.userId }, commandId: command.commandId },
    outcome: outcomeBy(command, change.data),
  };
}
