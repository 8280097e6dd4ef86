import { z } from 'zod';
import { RealtimeError } from '../error.ts';
import type { Change, Fact, Rows } from '../fact.ts';
import { type Room, UNDER_WAY } from '../room.ts';
import { type Subject, subject } from '../subject.ts';
import { decidedBy } from './approval.ts';
import { defined } from './change.ts';
import { typesOf } from './entry.ts';
import { id, time } from './fields.ts';

const commandData = z.object({
  commandId: id,
  /** The name of the command, `task:claim`. */
  type: z.string(),
  userId: id,
  /** Counts from 1: what has failed and may succeed later can be tried again under the same id. */
  attempt: z.number().int().positive().default(1),
  /** What it is about; a subject has one open command at a time. Those without one stand in nobody's way. */
  target: z.string().optional(),
  status: z.enum(['accepted', 'taken', 'completed', 'failed']),
  /** What the command asks; blanked when it is done. */
  payload: z.record(z.string(), z.unknown()).optional(),
  /** Of what the command asks: the same id with another is a mistake. */
  digest: z.string(),
  /** Title of the execution that a started process makes. */
  title: z.string().optional(),
  /** The engine that is asked, where it is not the only one. */
  engine: id.optional(),
  /** When this attempt was accepted. */
  accepted: time.optional(),
  /** Counts from 1 those that have gone to ask the engine, one after the other. */
  take: z.number().int().positive().optional(),
  /** The lease of the last of them: until then the engine may still be doing what it was asked, and nobody else asks. */
  until: time.optional(),
  /** Error code, where it failed. */
  code: z.string().optional(),
  /** What the engine said to it. */
  message: z.string().max(500).optional(),
  result: z.record(z.string(), z.unknown()).optional(),
});

/** A command whose effect lies outside the log. */
export type CommandData = z.infer<typeof commandData>;

/** Commands on their way to the engine, and the slot of each target that they hold meanwhile. For no audience. */
export const command = {
  kind: 'command' as const,
  data: commandData,
  // A slot has no payload, and is found by its name.
  rooms: (data: CommandData): Room[] => (isOpen(data) && data.payload !== undefined ? [UNDER_WAY] : []),
  isOpen,
  author: 'userId' as const,
};

function isOpen({ status }: CommandData): boolean {
  return status === 'accepted' || status === 'taken';
}

/** Whether somebody may still be at it. */
function isHeld({ until }: CommandData, at: string): boolean {
  return until === undefined || until > at;
}

const type = typesOf(command);

/** The types of event that a command has. */
export const commandTypes = [
  type({
    type: 'command:accepted',
    doc: 'A command whose effect lies in the engine was taken on.',
    publishable: false,
    fact: commandData.omit({
      status: true,
      accepted: true,
      take: true,
      until: true,
      code: true,
      message: true,
      result: true,
    }),
    fold: (fact, rows) => {
      const slot = slotIn(rows, fact.data);
      if (slot && isOpen(slot) && isHeld(slot, fact.time)) throw new RealtimeError('busy');
      return both('command:accepted', { ...fact.data, status: 'accepted', accepted: fact.time });
    },
  }),
  type({
    type: 'command:taken',
    doc: 'A node has gone to ask the engine what a command asks, and has the time of its lease for it.',
    publishable: false,
    fact: commandData
      .pick({ commandId: true, userId: true })
      .extend({ take: z.number().int().positive(), until: time }),
    fold: (fact, rows) => {
      const { take, until } = fact.data;
      const before = rows<CommandData>(commandSubject(fact.data));
      // Refused, and not merely no news: it may be taken under the same number when it is there.
      if (!before || !isOpen(before) || (before.take ?? 0) >= take) throw new RealtimeError('busy');
      if (before.until !== undefined && isHeld(before, fact.time)) throw new RealtimeError('busy');
      const slot = slotIn(rows, before);
      if (slot && isOpen(slot) && !isSame(slot, before) && isHeld(slot, fact.time))
        throw new RealtimeError('busy');
      return both('command:taken', { ...before, status: 'taken', take, until });
    },
  }),
  type({
    type: 'command:completed',
    doc: 'The engine has done what a command asked.',
    publishable: false,
    fact: commandData.pick({ commandId: true, userId: true, result: true }),
    fold: (fact, rows) => finish('command:completed', fact, rows),
  }),
  type({
    type: 'command:failed',
    doc: 'The engine has refused a command, could not be reached, or nobody can tell what it did.',
    publishable: false,
    fact: commandData.pick({ commandId: true, userId: true, message: true }).extend({ code: z.string() }),
    fold: (fact, rows) => finish('command:failed', fact, rows),
  }),
];

/** What an event says that a command may have brought about. */
interface Effect {
  type: string;
  data: { assignee?: string | undefined; processDefinitionKey?: string | undefined };
}

/** By its event, whether a command was the cause; somebody else may have done the like in the meantime. */
const EFFECTS: Record<string, (effect: Effect, command: CommandData) => boolean> = {
  'task:claim': ({ type, data }, { userId }) => type === 'task:assigned' && data.assignee === userId,
  'task:unclaim': ({ type }) => type === 'task:unassigned',
  'task:assign': ({ type, data }, { payload }) =>
    type === 'task:assigned' && data.assignee === payload?.assignee,
  'task:complete': ({ type }) => type === 'task:completed',
  // Who decides has claimed it before: another's completion meanwhile is not this one's.
  'approval:decide': ({ type, data }, { userId }) => type === 'task:completed' && data.assignee === userId,
  'process:start': ({ type, data }, { payload }) =>
    type === 'process:started' && data.processDefinitionKey === payload?.processDefinitionKey,
  'form:submit': ({ type, data }, { payload }) =>
    payload?.taskId === undefined
      ? type === 'process:started' && data.processDefinitionKey === payload?.processDefinitionKey
      : type === 'task:completed',
  'incident:retry': ({ type }) => type === 'process:error-resolved',
};

/** The open command on a target that has this event as its effect. */
export function openCommand(rows: Rows, target: Subject, effect: Effect): CommandData | undefined {
  const slot = rows<CommandData>(slotOf(target));
  if (!slot || !isOpen(slot)) return undefined;
  const command = rows<CommandData>(commandSubject(slot));
  return command && EFFECTS[command.type]?.(effect, command) ? command : undefined;
}

/**
 * The command that has started an instance: the open one on its execution, or one that was completed before the engine's
 * own report came, as where its relay had to find the gateway again. The result of that one names the instance.
 */
export function startOf(
  rows: Rows,
  data: Effect['data'] & { processInstanceId: string; businessKey: string },
): CommandData | undefined {
  const target = subject('execution', data.businessKey);
  const open = openCommand(rows, target, { type: 'process:started', data });
  if (open) return open;
  const slot = rows<CommandData>(slotOf(target));
  return slot?.result?.processInstanceId === data.processInstanceId
    ? rows<CommandData>(commandSubject(slot))
    : undefined;
}

/** Names a command: ids are its user's own, so that nobody can take another's. */
export function commandSubject(command: { userId: string; commandId: string }): Subject {
  return subject('command', `${command.userId}/${command.commandId}`);
}

/** Names the row of the open command on a target. No command has a blank in its id, so none can have this name. */
export function slotOf(target: Subject): Subject {
  return subject('command', `${target} (open)`);
}

function slotIn(rows: Rows, { target }: Pick<CommandData, 'target'>): CommandData | undefined {
  return target === undefined ? undefined : rows<CommandData>(slotOf(target as Subject));
}

/** Two people's commands may have the same id. */
function isSame(one: CommandData, other: CommandData): boolean {
  return one.commandId === other.commandId && one.userId === other.userId;
}

/** A command is found by its id, and by what it is about. */
function both(type: Change['type'], data: CommandData): Change[] {
  const { payload: _payload, target, ...slot } = data;
  const own: Change = { type, subject: commandSubject(data), data };
  if (target === undefined) return [own];
  return [own, { type, subject: slotOf(target as Subject), data: { ...slot, target } }];
}

function finish(
  type: 'command:completed' | 'command:failed',
  fact: Fact & { data: Pick<CommandData, 'commandId' | 'userId' | 'code' | 'message' | 'result'> },
  rows: Rows,
): Change[] {
  const before = rows<CommandData>(commandSubject(fact.data));
  if (!before || !isOpen(before)) return [];
  const { payload: _payload, ...kept } = before;
  const { code, message, result } = fact.data;
  const status = type === 'command:completed' ? 'completed' : 'failed';
  const [own, ofSlot] = both(type, defined({ ...kept, status, code, message, result } as const));
  const slot = slotIn(rows, before);
  const decided = status === 'completed' ? decidedBy(before, fact.time, rows) : [];
  // Its own comes last: from there on all of it can be read.
  return [...decided, ...(ofSlot && slot && isSame(slot, before) ? [ofSlot] : []), own!];
}
