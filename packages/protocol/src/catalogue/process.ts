import { z } from 'zod';
import type { Change, Fact, Rows } from '../fact.ts';
import { room } from '../room.ts';
import { subject } from '../subject.ts';
import { defined, processRooms } from './change.ts';
import { openCommand } from './command.ts';
import { typesOf } from './entry.ts';
import type { ExecutionData } from './execution.ts';
import { id, line, linkFields, time } from './fields.ts';

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
};

const processData = z.object({
  ...processFields,
  ...linkFields,
  state: z.enum(['active', 'suspended', 'completed', 'cancelled']),
});

/** A process instance as it now is. */
export type ProcessData = z.infer<typeof processData>;

const reported = z.object(processFields);
type Reported = z.infer<typeof reported>;

/** Process instances. */
export const processInstance = {
  kind: 'process' as const,
  data: processData,
  rooms: (data: ProcessData) => [
    ...processRooms(data),
    ...(data.startedBy === undefined ? [] : [room('user', data.startedBy)]),
  ],
  isOpen: (data: ProcessData) => data.state === 'active' || data.state === 'suspended',
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
  if (rows(name)) return [];
  const isRoot =
    data.rootProcessInstanceId === undefined || data.rootProcessInstanceId === data.processInstanceId;
  const root = isRoot ? undefined : rows<ProcessData>(subject('process', data.rootProcessInstanceId!));
  const started = defined({ ...data, state: 'active' as const, started: data.started ?? fact.time });
  if (!isRoot || data.businessKey === undefined) {
    return [
      {
        type: 'process:started',
        subject: name,
        data: defined({ ...started, executionId: root?.executionId }),
      },
    ];
  }
  const executionId = data.businessKey;
  const executionName = subject('execution', executionId);
  const execution = rows<ExecutionData>(executionName);
  const command = openCommand(rows, executionName, { type: 'process:started', data });
  const startedBy = command?.userId ?? data.startedBy;
  // A business key is only a text: it must not open somebody else's conversation to who can start a process.
  const mayLink = !execution || startedBy === undefined || execution.participants.includes(startedBy);
  const linked: Change = {
    type: 'process:started',
    subject: name,
    data: defined({ ...started, startedBy, executionId: mayLink ? executionId : undefined }),
    ...(command ? { commandId: command.commandId } : {}),
  };
  if (execution) return [linked];
  const title = command?.title ?? data.processDefinitionName ?? data.processDefinitionKey ?? executionId;
  const created: ExecutionData = {
    executionId,
    title: title.slice(0, 200),
    participants: startedBy === undefined ? [] : [startedBy],
    ...(startedBy === undefined ? {} : { createdBy: startedBy }),
    created: fact.time,
  };
  return [{ type: 'execution:created', subject: executionName, data: created }, linked];
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
    // The start decided the link and the starter; later reports of the engine know neither.
    ...defined({ ...fact.data, startedBy: before?.startedBy ?? fact.data.startedBy }),
    state,
    ended: hasEnded ? (fact.data.ended ?? fact.time) : undefined,
  });
  return [{ type, subject: name, data: after }];
}
