import { z } from 'zod';
import { RealtimeError } from '../error.ts';
import type { Change, Fact, Rows } from '../fact.ts';
import { type Subject, subject } from '../subject.ts';
import { defined, peopleRooms, processRooms, unlessSame } from './change.ts';
import type { CommandData } from './command.ts';
import { typesOf } from './entry.ts';
import { withParticipant } from './execution.ts';
import { id, line, linkFields, processFields, reasonText, time } from './fields.ts';
import { linksOf } from './span.ts';
import type { TaskData } from './task.ts';

/** What an approver can say. */
export const DECISIONS = ['approved', 'rejected'] as const;

/** What an approver has said. */
export type Decision = (typeof DECISIONS)[number];

const decision = z.enum(DECISIONS);

/** What a model says of a user task that it makes an approval of. */
export const approvalOfTask = z.object({
  /** The variable that gets `true` or `false`. Default: `approved`. */
  variable: id.optional(),
  /** The variable that gets the reason. Default: `approvalReason`. */
  reasonVariable: id.optional(),
  /** Who rejects has to say why. */
  reasonRequired: z.literal(true).optional(),
  /** The run of the multi-instance that asks several people; what it asks each of them bears it. */
  among: id.optional(),
  /** Of so many, as the run began. */
  of: z.int().positive().optional(),
});

/** The variables by which a process hears of a decision. */
export function variablesOfApproval({
  variable = 'approved',
  reasonVariable = 'approvalReason',
}: z.infer<typeof approvalOfTask> = {}): { variable: string; reasonVariable: string } {
  return { variable, reasonVariable };
}

/** What was decided about a task, by what its variables say. */
export function decisionOfVariables(
  settings: z.infer<typeof approvalOfTask> | undefined,
  saidOf: (name: string) => unknown,
): { decision?: Decision | undefined; reason?: string | undefined } {
  const { variable, reasonVariable } = variablesOfApproval(settings);
  const approved = saidOf(variable);
  if (typeof approved !== 'boolean') return {};
  const reason = reasonText.safeParse(saidOf(reasonVariable));
  return { decision: approved ? 'approved' : 'rejected', reason: reason.data };
}

const asked = {
  title: line.optional(),
  description: line.optional(),
  /** Who asks. */
  requestedBy: id.optional(),
  /** When it should be decided; nothing happens here when that has passed. */
  due: time.optional(),
  /** Who rejects has to say why. */
  reasonRequired: z.literal(true).optional(),
};

/** Where an approval belongs; an engine's is told by its task. */
const place = {
  executionId: id.optional(),
  processInstanceId: id.optional(),
};

const approvalData = z.object({
  approvalId: id,
  /**
   * `decided`: it was decided, and nobody has said how: the task was completed by other means than `approval:decide`.
   */
  state: z.enum(['requested', ...DECISIONS, 'decided', 'cancelled']),
  ...asked,
  /** The one who has to decide, where it is one. */
  assignee: id.optional(),
  candidateUsers: z.array(id),
  candidateGroups: z.array(id),
  /** When it was asked. */
  requested: time.optional(),
  /** The task by which an engine asks; its id is the approval's. */
  taskId: id.optional(),
  taskDefinitionKey: id.optional(),
  among: id.optional(),
  of: z.int().positive().optional(),
  decidedBy: id.optional(),
  reason: reasonText.optional(),
  /** When it was decided or cancelled. */
  ended: time.optional(),
  /** When an outside source has last said what it asks, by its clock. */
  updated: time.optional(),
  ...processFields,
  ...linkFields,
});

/** An approval as it now is. */
export type ApprovalData = z.infer<typeof approvalData>;

/** Approvals: what a person is asked to say yes or no to, by a user task or from outside. */
export const approval = {
  kind: 'approval' as const,
  data: approvalData,
  rooms: (data: ApprovalData) => [...processRooms(data), ...peopleRooms(data, isOpen(data))],
  isOpen,
  people: {
    fields: ['assignee', 'candidateUsers', 'requestedBy', 'decidedBy'] as const,
    type: 'approval:updated' as const,
  },
};

function isOpen({ state }: ApprovalData): boolean {
  return state === 'requested';
}

const people = {
  assignee: id.optional(),
  candidateUsers: z.array(id).max(50).optional(),
  candidateGroups: z.array(id).max(50).optional(),
};

const type = typesOf(approval);
const nameOf = (approvalId: string): Subject => subject('approval', approvalId);

/** The types of event that an approval has. */
export const approvalTypes = [
  type({
    type: 'approval:requested',
    doc: 'Somebody is asked to approve something.',
    fact: z.object({ approvalId: id, ...asked, ...people, ...place }),
    fold: (fact, rows) => foldAsked(fact, rows),
  }),
  type({
    type: 'approval:updated',
    doc: 'What is asked, whom, until when, or where it belongs has changed.',
    publishable: false,
    fact: z.object({ approvalId: id }),
    fold: ({ data }, rows) => {
      const before = rows<ApprovalData>(nameOf(data.approvalId));
      // A task's follows its task.
      if (!before || !isOpen(before) || before.taskId !== undefined) return [];
      return [...change('approval:updated', before, defined({ ...before, ...placed(before, rows) }))];
    },
  }),
  type({
    type: 'approval:completed',
    doc: 'An approval was decided, or is not asked for any more.',
    fact: z.object({
      approvalId: id,
      state: z.enum([...DECISIONS, 'cancelled']),
      decidedBy: id.optional(),
      reason: reasonText.optional(),
      ...place,
    }),
    fold: (fact, rows) => foldCompleted(fact, rows),
  }),
];

type Asked = Fact & {
  data: { approvalId: string } & Partial<z.infer<z.ZodObject<typeof asked & typeof people & typeof place>>>;
};

/**
 * What a source asks. Of two words the later one by its clock counts, and what is over stays so: of a late one
 * remains what was asked, which nobody has said.
 */
function foldAsked({ data, time }: Asked, rows: Rows): Change[] {
  const before = rows<ApprovalData>(nameOf(data.approvalId));
  assertOutside(before);
  if (before?.updated !== undefined && Date.parse(before.updated) >= Date.parse(time))
    return change('approval:updated', before, { ...before, requested: earlier(before.requested, time) });
  const { candidateUsers = [], candidateGroups = [], ...said } = data;
  const { state = 'requested', decidedBy, reason, ended, requested } = before ?? {};
  const after = defined({
    ...said,
    state,
    candidateUsers: [...new Set(candidateUsers)],
    candidateGroups: [...new Set(candidateGroups)],
    requested: earlier(requested, time),
    updated: time,
    decidedBy,
    reason,
    ended,
    ...placed(withPlace(said, before), rows),
  });
  return change(before ? 'approval:updated' : 'approval:requested', before, after);
}

type Completed = Fact & {
  data: {
    approvalId: string;
    state: Decision | 'cancelled';
    decidedBy?: string | undefined;
    reason?: string | undefined;
    executionId?: string | undefined;
    processInstanceId?: string | undefined;
  };
};

/** The first word that comes in decides. Whoever decides here is told that another one was faster. */
function foldCompleted({ data, time, source }: Completed, rows: Rows): Change[] {
  const before = rows<ApprovalData>(nameOf(data.approvalId));
  assertOutside(before);
  if (before && !isOpen(before)) {
    if (source === 'user') throw closed(before);
    return [];
  }
  const { approvalId, state, decidedBy, reason } = data;
  const after = defined({
    candidateUsers: [],
    candidateGroups: [],
    ...before,
    approvalId,
    state,
    decidedBy,
    reason,
    ended: time,
    ...placed(withPlace(data, before), rows),
  });
  // As who completes a task of it does, who decides in an execution belongs to it from then on.
  const participant = state === 'cancelled' ? undefined : decidedBy;
  return [
    ...change('approval:completed', before, after),
    ...withParticipant(rows, after.executionId, participant),
  ];
}

/** What an engine's task asks only its task answers. */
function assertOutside(before: ApprovalData | undefined): void {
  if (before?.taskId === undefined) return;
  throw new RealtimeError('invalid', {
    field: 'data.approvalId',
    message: 'data.approvalId: a task of an engine asks for this approval, and nobody else speaks for it.',
  });
}

/** An approval is over: with what it has come to. */
export function closed(row: ApprovalData): RealtimeError {
  const { approvalId, state, decidedBy, reason, ended } = row;
  const who = decidedBy === undefined ? '' : ` by ${decidedBy}`;
  return new RealtimeError('approval_closed', {
    field: 'approvalId',
    message: `The approval is over: ${state}${who}.`,
    current: defined({ approvalId, state, decidedBy, reason, ended }),
  });
}

/** What was said once of where it belongs stays said. */
function withPlace(
  { executionId, processInstanceId }: Pick<ApprovalData, 'executionId' | 'processInstanceId'>,
  before: ApprovalData | undefined,
) {
  return {
    executionId: executionId ?? before?.executionId,
    processInstanceId: processInstanceId ?? before?.processInstanceId,
  };
}

type Links = Pick<ApprovalData, 'executionId' | 'businessKey' | 'rootProcessInstanceId'>;

/** Where it belongs; by its process instance, where that is linked. */
function placed(
  { executionId, processInstanceId }: Pick<ApprovalData, 'executionId' | 'processInstanceId'>,
  rows: Rows,
) {
  const { executionId: linked, ...links }: Partial<Links> = linksOf(rows, processInstanceId);
  return { processInstanceId, ...links, executionId: linked ?? executionId };
}

function change(
  type: `approval:${string}`,
  before: ApprovalData | undefined,
  data: ApprovalData,
  commandId?: string,
): Change[] {
  return unlessSame(before, defined({ type, subject: nameOf(data.approvalId), data, commandId }) as Change);
}

function earlier(one: string | undefined, other: string): string {
  return one !== undefined && Date.parse(one) <= Date.parse(other) ? one : other;
}

/** How a task's approval has ended. */
export interface Outcome {
  decision?: Decision | undefined;
  decidedBy?: string | undefined;
  reason?: string | undefined;
}

/**
 * What a task's change comes to for the approval that it is: in the same append, so that nobody sees a half.
 *
 * @param outcome where the task was completed: what was decided, as far as anybody knows
 */
export function approvalOf(task: Change & { data: TaskData }, outcome: Outcome, rows: Rows): Change[] {
  const { data, commandId } = task;
  if (data.approval === undefined || data.origin !== undefined) return [];
  const known = rows<ApprovalData>(nameOf(data.taskId));
  // What a publisher has said under an engine's id is not the engine's.
  const before = known?.taskId === undefined ? undefined : known;
  if (before && !isOpen(before)) return [];
  const { reasonRequired, among, of } = data.approval;
  const open = defined({
    approvalId: data.taskId,
    taskId: data.taskId,
    state: 'requested' as const,
    title: data.taskName ?? data.taskDefinitionKey,
    description: data.description,
    taskDefinitionKey: data.taskDefinitionKey,
    due: data.dueDate,
    requested: data.created,
    reasonRequired,
    among,
    of,
    assignee: data.assignee,
    candidateUsers: data.candidateUsers,
    candidateGroups: data.candidateGroups,
    engine: data.engine,
    processInstanceId: data.processInstanceId,
    rootProcessInstanceId: data.rootProcessInstanceId,
    processDefinitionId: data.processDefinitionId,
    processDefinitionKey: data.processDefinitionKey,
    processDefinitionName: data.processDefinitionName,
    executionId: data.executionId,
    businessKey: data.businessKey,
  });
  if (data.state === 'open')
    return change(before ? 'approval:updated' : 'approval:requested', before, open, commandId);
  const { decision = 'decided' as const, decidedBy, reason } = outcome;
  const end = data.state === 'cancelled' ? { state: data.state } : { state: decision, decidedBy, reason };
  const after = defined({ ...open, ...end, ended: data.ended });
  return change('approval:completed', before, after, commandId);
}

/**
 * What the end of a command comes to for the approval that it has decided, where its task is late: the engine has
 * said that it is done, and only the command knows what was decided.
 */
export function decidedBy(command: CommandData, at: string, rows: Rows): Change[] {
  if (command.type !== 'approval:decide') return [];
  const { approvalId, decision, reason } = outcomeOf(command);
  const before = rows<ApprovalData>(nameOf(approvalId));
  if (!before || !isOpen(before)) return [];
  return change(
    'approval:completed',
    before,
    defined({ ...before, state: decision, decidedBy: command.userId, reason, ended: at }),
    command.commandId,
  );
}

function outcomeOf({ payload }: Pick<CommandData, 'payload'>) {
  const {
    approvalId,
    decision: said,
    reason,
  } = payload as {
    approvalId: string;
    decision: Decision;
    reason?: string;
  };
  return { approvalId, decision: decision.parse(said), reason };
}

/** What a command has decided about a task's approval, if it has. */
export function outcomeBy(command: CommandData, task: Pick<TaskData, 'approval'>): Outcome {
  if (command.type === 'approval:decide') {
    const { decision, reason } = outcomeOf(command);
    return { decision, reason, decidedBy: command.userId };
  }
  const { variables = {} } = (command.payload ?? {}) as { variables?: Record<string, unknown> };
  const own = (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
  return { ...decisionOfVariables(task.approval, own), decidedBy: command.userId };
}
