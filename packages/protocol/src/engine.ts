import { z } from 'zod';

const text = z.string();
const opt = text.nullish();

/** What a variable can be that goes to screens. */
const variableValue = z.union([text, z.number(), z.boolean(), z.null()]);

const common = {
  /** The engine's own word for the transition; engines newer than this list may bring others. */
  event: text,
  time: opt,
  /** The domain; a name that no domain can have is none of an engine's. */
  tenantId: text.max(64).nullish(),
  processInstanceId: opt,
  rootProcessInstanceId: opt,
  processDefinitionId: opt,
  processDefinitionKey: opt,
  processDefinitionName: opt,
  /** The engine's token; not a NetBuild execution. */
  engineExecutionId: opt,
};

/** One history event of the engine, as the plugin copied it. */
export const historyEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('process'),
    ...common,
    id: text,
    businessKey: opt,
    startUserId: opt,
    startTime: opt,
    endTime: opt,
    state: opt,
    deleteReason: opt,
    superProcessInstanceId: opt,
    processDefinitionVersion: z.number().nullish(),
  }),
  z.object({
    kind: z.literal('task'),
    ...common,
    id: text,
    name: opt,
    description: opt,
    taskDefinitionKey: opt,
    assignee: opt,
    owner: opt,
    priority: z.number().nullish(),
    dueDate: opt,
    followUpDate: opt,
    startTime: opt,
    endTime: opt,
    taskState: opt,
    deleteReason: opt,
    parentTaskId: opt,
    activityInstanceId: opt,
    /** Of a creation, where the engine's history level has no identity links. */
    candidateUsers: z.array(text).nullish(),
    candidateGroups: z.array(text).nullish(),
    /** The model makes an approval of it; what it says of that has these names. */
    approval: z.boolean().nullish(),
    approvalVariable: opt,
    approvalReasonVariable: opt,
    approvalReasonRequired: z.boolean().nullish(),
    /** Of a creation, where a multi-instance asks several people: its own activity instance, and how many they are. */
    approvalAmong: opt,
    approvalOf: z.number().nullish(),
  }),
  z.object({
    kind: z.literal('activity'),
    ...common,
    id: text,
    activityId: text,
    activityName: opt,
    activityType: opt,
    taskId: opt,
    assignee: opt,
    calledProcessInstanceId: opt,
    parentActivityInstanceId: opt,
    startTime: opt,
    endTime: opt,
    canceled: z.boolean().nullish(),
  }),
  z.object({
    kind: z.literal('incident'),
    ...common,
    id: text,
    incidentType: opt,
    message: opt,
    activityId: opt,
    failedActivityId: opt,
    causeIncidentId: opt,
    rootCauseIncidentId: opt,
    createTime: opt,
    endTime: opt,
    state: opt,
    /** What has failed: the id of the job, or of the external task. */
    configuration: opt,
  }),
  z.object({
    kind: z.literal('identityLink'),
    ...common,
    taskId: opt,
    userId: opt,
    groupId: opt,
    type: opt,
  }),
  z.object({
    kind: z.literal('variable'),
    ...common,
    id: text,
    name: text.min(1).max(255),
    /** The engine's name for it: `String`, `Json`. */
    type: opt,
    /** Dates as ISO text. */
    value: variableValue.optional(),
    /** Too long, or of a type that is no JSON value: it has no `value` here. */
    omitted: z.boolean().nullish(),
    /** The scope that it belongs to; the process instance's own names that, or nothing. */
    activityInstanceId: opt,
    /** It is the task's own. */
    taskId: opt,
  }),
]);

/** One history event of the engine. */
export type HistoryEvent = z.infer<typeof historyEvent>;

/** What one command of the engine committed. */
export const engineCommand = z.object({
  /** Stable over retries. */
  id: z.string().min(1).max(64),
  /** Clock of the COMMITTED listener, epoch milliseconds with fractions. Beyond the year 9999 it would be no ISO time. */
  committedAt: z.number().positive().lt(Date.UTC(10_000, 0)),
  /** The engine's authenticated user. */
  userId: opt,
  /** {@link HistoryEvent}s; each is checked by itself, so that one of a newer engine does not hold up the rest. */
  events: z.array(z.unknown()),
});

/** What one command of the engine committed. */
export type EngineCommand = z.infer<typeof engineCommand>;

/** The most commands of a batch; relays send some hundred. */
const MAX_COMMANDS = 10_000;

/** The body of `POST /v1/engine`: commands in the order of their rows in the outbox. None: asks where the log stands. */
export const engineBatch = z.object({
  /** The engine's name in the gateway's configuration. */
  engine: z.string().min(1).max(64),
  /** {@link EngineCommand}s; each is checked by itself, so that one that can't be read does not hold up the rest. */
  commands: z.array(z.unknown()).max(MAX_COMMANDS),
  /**
   * The life of the log that they follow on. In another one they are refused as `life_over`, since what was sent
   * before may be lost with the first, and has to come again before them.
   */
  epoch: z.string().min(1).max(64).optional(),
  /**
   * All that this engine's relay keeps is in this life of the log. From the first time on it is waited for in each
   * life: until it says so, snapshots are `rebuilding`. `null`: it keeps nothing any more.
   */
  whole: z.string().min(1).max(64).nullish(),
  /** A token that it was asked: all that was visible to it when it got that was delivered since. */
  seen: z.string().min(1).max(64).optional(),
  /** What waits: rows that are not delivered, and when the oldest of them was written, in epoch milliseconds. */
  backlog: z.object({ rows: z.number().int().min(0), oldest: z.number().positive().optional() }).optional(),
});
