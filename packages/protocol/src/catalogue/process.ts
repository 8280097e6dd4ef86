import { z } from 'zod';
import type { Change, Fact, Rows } from '../fact.ts';
import { room } from '../room.ts';
import { subject } from '../subject.ts';
import { defined, processRooms, unlessSame } from './change.ts';
import { type CommandData, startOf } from './command.ts';
import { typesOf } from './entry.ts';
import type { ExecutionData } from './execution.ts';
import { engineFields, id, line, linkFields, observedFields, time } from './fields.ts';
import { rootOf } from './span.ts';
import { variableFields, variablesReported, withVariables } from './variables.ts';

const processFields = {
  processInstanceId: id,
  rootProcessInstanceId: id.optional(),
  superProcessInstanceId: id.optional(),
  processDefinitionId: id.optional(),
  processDefinitionKey: id.optional(),
  processDefinitionName: line.optional(),
  processDefinitionVersion: z.number().int().optional(),
  businessKey: id.optional(),
  startedBy: id.optional(),
  started: time.optional(),
  ended: time.optional(),
  deleteReason: line.optional(),
  /** Who did what the event says, where the source knows. */
  by: id.optional(),
  ...engineFields,
  ...observedFields,
};

const processData = z.object({
  ...processFields,
  ...linkFields,
  ...variableFields,
  state: z.enum(['active', 'suspended', 'completed', 'cancelled']),
});

/** A process instance as it now is. */
export type ProcessData = z.infer<typeof processData>;

const reported = z.object(processFields);
type Reported = z.infer<typeof reported>;
type Updated = Reported & { variables?: z.infer<typeof variablesReported> | undefined };

/** Process instances. */
export const processInstance = {
  kind: 'process' as const,
  data: processData,
  rooms: (data: ProcessData) => [
    ...processRooms(data),
    ...(data.startedBy === undefined ? [] : [room('user', data.startedBy)]),
  ],
  isOpen: (data: ProcessData) => data.state === 'active' || data.state === 'suspended',
  people: { fields: ['startedBy', 'by'] as const, type: 'process:updated' as const },
};

const type = typesOf(processInstance);
const change =
  (of: Extract<Change['type'], `process:${string}`>, state: ProcessData['state']) =>
  (fact: Fact & { data: Reported }, rows: Rows) =>
    foldState(of, state, fact, rows);

/** The types of event that a process instance has. */
export const processTypes = [
  type({
    type: 'process:started',
    doc: 'A process instance has started.',
    fact: reported,
    fold: foldStarted,
  }),
  type({
    type: 'process:linked',
    doc: 'A process instance was linked to an execution by its business key, or to another one.',
    fact: reported,
    fold: foldLinked,
  }),
  type({
    type: 'process:updated',
    doc: 'Variables of a process instance have changed, of those that the engine names to the gateway; or it was migrated to another definition.',
    fact: reported.extend({ variables: variablesReported.optional() }),
    fold: foldUpdated,
  }),
  type({
    type: 'process:completed',
    doc: 'A process instance has reached its end.',
    fact: reported,
    fold: change('process:completed', 'completed'),
  }),
  type({
    type: 'process:cancelled',
    doc: 'A process instance was ended before its end.',
    fact: reported,
    fold: change('process:cancelled', 'cancelled'),
  }),
  type({
    type: 'process:suspended',
    doc: 'A process instance stands still.',
    fact: reported,
    fold: change('process:suspended', 'suspended'),
  }),
  type({
    type: 'process:resumed',
    doc: 'A suspended process instance goes on.',
    fact: reported,
    fold: change('process:resumed', 'active'),
  }),
];

function foldStarted(fact: Fact & { data: Reported }, rows: Rows): Change[] {
  const { data } = fact;
  const name = subject('process', data.processInstanceId);
  const before = rows<ProcessData>(name);
  // What was heard of it before its start has no start; that one is told all the same.
  if (before && (before.started !== undefined || !processInstance.isOpen(before))) return [];
  const started = defined({
    state: 'active' as const,
    ...before,
    ...defined(data),
    observed: data.observed,
    started: data.started ?? fact.time,
  });
  const { businessKey } = data;
  const command =
    isRoot(data) && businessKey !== undefined ? startOf(rows, { ...data, businessKey }) : undefined;
  const startedBy = command?.userId ?? data.startedBy;
  const by = command?.userId ?? data.by;
  const { executionId, made } = linkOf({ ...started, startedBy }, fact.time, rows, command);
  return [
    ...made,
    {
      type: 'process:started',
      subject: name,
      data: defined({ ...started, startedBy, by, executionId }),
      ...(command ? { commandId: command.commandId } : {}),
    },
  ];
}

/**
 * A business key that is set or changed while the instance is open. Called instances have their root's link, so
 * theirs changes with it, and the same fact says so of each.
 */
function foldLinked(fact: Fact & { data: Reported }, rows: Rows): Change[] {
  const { data } = fact;
  const name = subject('process', data.processInstanceId);
  const before = rows<ProcessData>(name);
  // An update of an engine tells enough of an instance whose start is yet to come; a mere id does not.
  if (before ? !processInstance.isOpen(before) : data.processDefinitionKey === undefined) return [];
  const row = {
    ...(before ?? { ...defined(data), state: 'active' as const }),
    businessKey: data.businessKey ?? before?.businessKey,
    by: data.by,
    observed: data.observed,
  };
  // A key that says nothing new leaves the link alone: who was let in by it stays in.
  const isNews = !before || before.businessKey !== row.businessKey || !isRoot(row);
  const { executionId, made } = isNews
    ? linkOf(row, fact.time, rows)
    : { executionId: before.executionId, made: [] };
  const linked = unlessSame(before && defined({ ...before, by: data.by, observed: data.observed }), {
    type: 'process:linked',
    subject: name,
    data: defined({ ...row, executionId }),
  });
  return linked.length > 0 ? [...made, ...linked] : [];
}

function foldUpdated(fact: Fact & { data: Updated }, rows: Rows): Change[] {
  const { variables, ...said } = fact.data;
  const name = subject('process', said.processInstanceId);
  const before = rows<ProcessData>(name);
  // As with links: the start may be yet to come, but an id alone says nothing.
  if (before ? !processInstance.isOpen(before) : said.processDefinitionKey === undefined) return [];
  const row = before ?? {
    ...defined(said),
    state: 'active' as const,
    executionId: rootOf(rows, said)?.executionId,
  };
  const { processDefinitionId, processDefinitionKey, processDefinitionName, processDefinitionVersion } = said;
  const definition = {
    processDefinitionId,
    processDefinitionKey,
    processDefinitionName,
    processDefinitionVersion,
  };
  const after = defined({
    ...row,
    ...defined(definition),
    by: said.by,
    observed: said.observed,
    ...withVariables(row, variables),
  });
  return unlessSame(before && defined({ ...before, by: said.by, observed: said.observed }), {
    type: 'process:updated',
    subject: name,
    data: after,
  });
}

const isRoot = ({ processInstanceId, rootProcessInstanceId = processInstanceId }: Reported): boolean =>
  rootProcessInstanceId === processInstanceId;

/** The execution that an instance is linked to: its root's, or the one that its business key names. That is made where there is none. */
function linkOf(
  data: Reported,
  at: string,
  rows: Rows,
  command?: CommandData,
): { executionId: string | undefined; made: Change[] } {
  if (!isRoot(data)) {
    return { executionId: rootOf(rows, data)?.executionId, made: [] };
  }
  const { businessKey: executionId, startedBy } = data;
  if (executionId === undefined) return { executionId, made: [] };
  const name = subject('execution', executionId);
  const execution = rows<ExecutionData>(name);
  // A business key is only a text: it must not open somebody else's conversation to who can start a process.
  // A command was let through by who may use the execution; an engine that names no starter has none to doubt.
  const mayLink =
    !execution || command || startedBy === undefined || execution.participants.includes(startedBy);
  if (execution) return { executionId: mayLink ? executionId : undefined, made: [] };
  const title = command?.title ?? data.processDefinitionName ?? data.processDefinitionKey ?? executionId;
  const created: ExecutionData = {
    executionId,
    title: title.slice(0, 200),
    participants: startedBy === undefined ? [] : [startedBy],
    ...(startedBy === undefined ? {} : { createdBy: startedBy }),
    created: at,
  };
  return { executionId, made: [{ type: 'execution:created', subject: name, data: created }] };
}

function foldState(
  type: Change['type'],
  state: ProcessData['state'],
  fact: Fact & { data: Reported },
  rows: Rows,
): Change[] {
  const name = subject('process', fact.data.processInstanceId);
  const before = rows<ProcessData>(name);
  if (before ? !processInstance.isOpen(before) || before.state === state : type === 'process:resumed')
    return [];
  const hasEnded = state === 'completed' || state === 'cancelled';
  const after = defined({
    ...before,
    // The start decided the starter, and what links has a type of its own; later reports of the engine know neither.
    ...defined({
      ...fact.data,
      startedBy: before?.startedBy ?? fact.data.startedBy,
      businessKey: before || !hasEnded ? before?.businessKey : fact.data.businessKey,
    }),
    by: fact.data.by,
    executionId: (rootOf(rows, fact.data) ?? before)?.executionId,
    state,
    observed: fact.data.observed,
    ended: hasEnded ? (fact.data.ended ?? fact.time) : undefined,
  });
  return [{ type, subject: name, data: after }];
}
