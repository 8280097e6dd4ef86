import { z } from 'zod';
import { id, reasonText, time } from './catalogue/fields.ts';
import { DECISIONS, formName, MAX_MENTIONS, MAX_PARTICIPANTS, messageContent } from './catalogue/index.ts';
import type { WireError } from './error.ts';

/** Names one intention of a user: the same id again is the same command, not a second one. */
const commandId = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,100}$/, 'A command id has 1 to 100 characters of A-Z a-z 0-9 . _ : -');

const int32 = z
  .number()
  .int()
  .min(-(2 ** 31))
  .max(2 ** 31 - 1);

/**
 * A variable of a process: a plain value, whose type the engine takes from what it is (a whole number is an
 * Integer, or a Long where it is too large for one, any other a Double), or one with the engine's type beside it.
 */
const variable = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.object({ type: z.literal('Date'), value: time }),
  z.object({ type: z.literal('Json'), value: z.json() }),
  z.object({ type: z.literal('Integer'), value: int32 }),
  z.object({ type: z.literal('Long'), value: z.number().int() }),
  z.object({ type: z.literal('Double'), value: z.number() }),
]);

/** A variable of a process, as commands carry it. */
export type Variable = z.output<typeof variable>;

/** Whom one invitation may name at most. */
export const MAX_INVITED = 50;

const variables = z.record(z.string().min(1).max(255), variable);
const base = { commandId: commandId.optional() };

/** What each command asks for, by its name. The same names are emitted on a socket. */
export const COMMANDS = {
  'task:claim': z.object({ ...base, taskId: id }),
  'task:unclaim': z.object({ ...base, taskId: id }),
  'task:assign': z.object({ ...base, taskId: id, assignee: id }),
  'task:complete': z.object({ ...base, taskId: id, variables: variables.optional() }),
  /** Approves, or rejects. Of a task of an engine it is claimed, where nobody has it, and completed. */
  'approval:decide': z.object({
    ...base,
    approvalId: id,
    decision: z.enum(DECISIONS),
    /** Why; needed for a rejection where the approval says so. */
    reason: reasonText.optional(),
  }),
  'process:start': z.object({
    ...base,
    processDefinitionKey: id,
    /** Links the instance to the execution of this id, and makes it where there is none. Default: a new one. */
    businessKey: id.optional(),
    /** Title of an execution that is made. */
    title: z.string().trim().min(1).max(200).optional(),
    variables: variables.optional(),
    /** Which engine, where there are several. */
    engine: id.optional(),
  }),
  /** Exactly one process instance has to wait for the message, or one definition begins with it. */
  'message:correlate': z
    .object({
      ...base,
      messageName: id,
      processInstanceId: id.optional(),
      businessKey: id.optional(),
      correlationKeys: variables.optional(),
      variables: variables.optional(),
      /** Which engine, where there are several; a process instance is in its own. */
      engine: id.optional(),
    })
    .refine(({ processInstanceId, businessKey }) => (processInstanceId ?? businessKey) !== undefined, {
      path: ['processInstanceId'],
      message: 'A message needs a processInstanceId or a businessKey.',
    }),
  /** Correlates the message `taskEvent` with the variables `event` and `taskData`. */
  'process:emit': z.object({
    ...base,
    processInstanceId: id,
    event: z.string().min(1).max(100),
    taskData: z.record(z.string(), z.json()),
  }),
  /** Has the engine try again what an incident is about: its job, or its external task. */
  'incident:retry': z.object({ ...base, incidentId: id }),
  /** Asks an agent to stop what it is at. */
  'agent:stop': z.object({ ...base, agentId: id }),
  /** Has what an agent has failed at tried again: by the engine, where it is an external task. */
  'agent:retry': z.object({ ...base, agentId: id }),
  /** Fills in the form of a task, which completes it, or that of a start, which starts the process. */
  'form:submit': z
    .object({
      ...base,
      /** The task that the form is of; of a start, the `processDefinitionKey`. */
      taskId: id.optional(),
      processDefinitionKey: id.optional(),
      /** The form as it was filled in: what `GET …/form` has called it. */
      form: formName,
      /** What was filled in, by the keys of the fields; what is left out stays as it is. */
      data: z.record(z.string().min(1).max(255), z.json()),
      /** As with `process:start`; for a start alone, as the next two. */
      businessKey: id.optional(),
      title: z.string().trim().min(1).max(200).optional(),
      engine: id.optional(),
    })
    .refine(
      ({ taskId, processDefinitionKey }) => (taskId === undefined) !== (processDefinitionKey === undefined),
      {
        path: ['taskId'],
        message: 'A form is that of a taskId or of a processDefinitionKey, not of both.',
      },
    )
    .refine(
      ({ taskId, businessKey, title, engine }) =>
        taskId === undefined || (businessKey ?? title ?? engine) === undefined,
      {
        path: ['businessKey'],
        message: 'A businessKey, a title and an engine are for a start alone.',
      },
    ),
  'execution:create': z.object({
    ...base,
    executionId: id.optional(),
    title: z.string().trim().min(1).max(200),
    /** The creator takes part in any case. */
    participants: z.array(id).max(MAX_PARTICIPANTS).default([]),
  }),
  'message:send': z.object({
    ...base,
    executionId: id,
    content: messageContent,
    /** Accepted and not used: the server's time decides. */
    timestamp: z.unknown().optional(),
    /** The message of the same execution that this one answers. */
    replyTo: id.optional(),
    /** Participants of the execution whom the text names; they hear of it in their own rooms, too. */
    mentions: z.array(id).max(MAX_MENTIONS).optional(),
  }),
  /** Says one's own message in other words. What it said before stays in the history. */
  'message:edit': z.object({ ...base, messageId: id, content: messageContent }),
  /** Takes a message away: of what it said nothing stays, but that it was there and who deleted it. */
  'message:delete': z.object({ ...base, messageId: id }),
  /** Moves one's own place in an execution's chat forward: to a message, or to a position of the log. */
  'message:read': z
    .object({
      ...base,
      executionId: id,
      messageId: id.optional(),
      seq: z.number().int().positive().optional(),
    })
    .refine(({ messageId, seq }) => (messageId === undefined) !== (seq === undefined), {
      path: ['messageId'],
      message: 'What is read is said by a messageId or by a seq, not by both.',
    }),
  /** Has others take part in an execution, as its participants do. */
  'execution:invite': z.object({ ...base, executionId: id, users: z.array(id).min(1).max(MAX_INVITED) }),
  /** Ends one's own part in an execution. */
  'execution:leave': z.object({ ...base, executionId: id }),
  /** Decides a suggestion, for good. */
  'optimization:accept': z.object({ ...base, optimizationId: id, reason: reasonText.optional() }),
  'optimization:dismiss': z.object({ ...base, optimizationId: id, reason: reasonText.optional() }),
} as const;

/** The name of a command. */
export type CommandName = keyof typeof COMMANDS;

/** The commands whose whole effect is in the log; each other one has an engine do something. */
export const CHAT_COMMANDS = [
  'message:send',
  'message:edit',
  'message:delete',
  'message:read',
  'agent:stop',
  'execution:create',
  'execution:invite',
  'execution:leave',
  'optimization:accept',
  'optimization:dismiss',
] as const satisfies CommandName[];

/** What a caller gives with a command. */
export type CommandInput<N extends CommandName> = z.input<(typeof COMMANDS)[N]>;

/** What a handler gets, checked. */
export type CommandPayload<N extends CommandName> = z.output<(typeof COMMANDS)[N]>;

/** What each command's acknowledgement carries. */
export interface CommandResults {
  'task:claim': { taskId: string };
  'task:unclaim': { taskId: string };
  'task:assign': { taskId: string };
  'task:complete': { taskId: string };
  'approval:decide': { approvalId: string };
  'process:start': { processInstanceId: string; executionId: string };
  'message:correlate': { processInstanceId: string };
  'process:emit': { processInstanceId: string };
  'incident:retry': { incidentId: string };
  'agent:stop': { agentId: string };
  'agent:retry': { agentId: string };
  'form:submit': { submissionId: string; taskId?: string; processInstanceId?: string; executionId?: string };
  'execution:create': { executionId: string };
  'message:send': { messageId: string };
  'message:edit': { messageId: string };
  'message:delete': { messageId: string };
  'message:read': { executionId: string };
  'execution:invite': { executionId: string };
  'execution:leave': { executionId: string };
  'optimization:accept': { optimizationId: string };
  'optimization:dismiss': { optimizationId: string };
}

/** The acknowledgement of a command. Its position is where the effect can be read. */
export type CommandAck<N extends CommandName = CommandName> =
  | { success: true; commandId: string; epoch: string; seq: number; result: CommandResults[N] }
  | { success: false; commandId?: string; error: WireError };
