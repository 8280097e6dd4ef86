import { z } from 'zod';
import { RealtimeError } from '../error.ts';
import type { Change, Fact, Rows } from '../fact.ts';
import { type Subject, subject } from '../subject.ts';
import { typesOf } from './entry.ts';
import { id, time } from './fields.ts';

const commandData = z.object({
  commandId: id,
  /** The name of the command, `task:claim`. */
  type: z.string(),
  userId: id,
  /** Counts from 1: what has failed and may succeed later can be tried again under the same id. */
  attempt: z.number().int().positive().default(1),
  /** What it is about; a subject has one open command at a time. */
  target: z.string(),
  status: z.enum(['accepted', 'completed', 'failed']),
  /** What the command asks; blanked when it is done. */
  payload: z.record(z.string(), z.unknown()).optional(),
  /** Of what the command asks: the same id with another is a mistake. */
  digest: z.string(),
  /** Title of the execution that a started process makes. */
  title: z.string().optional(),
  /** Until then nobody else starts a command on the same target. */
  until: time,
  /** Error code, where it failed. */
  code: z.string().optional(),
  result: z.record(z.string(), z.unknown()).optional(),
});

/** A command whose effect lies outside the log. */
export type CommandData = z.infer<typeof commandData>;

/** Commands on their way to the engine, and the slot of each target that they hold meanwhile. In no room. */
export const command = {
  kind: 'command' as const,
  data: commandData,
  rooms: () => [],
  isOpen: (data: CommandData) => data.status === 'accepted',
};

const type = typesOf(command);

/** The types of event that a command has. */
export const commandTypes = [
  type({
    type: 'command:accepted',
    doc: 'A command whose effect lies in the engine was taken on.',
    publishable: false,
    fact: commandData.omit({ status: true, code: true, result: true }),
    fold: (fact, rows) => {
      const slot = rows<CommandData>(slotOf(fact.data.target as Subject));
      if (slot?.status === 'accepted' && slot.until > fact.time) throw new RealtimeError('busy');
      return both('command:accepted', { ...fact.data, status: 'accepted' });
    },
  }),
  type({
    type: 'command:completed',
    doc: 'The engine has done what a command asked.',
    publishable: false,
    fact: z.object({ commandId: id, userId: id, result: commandData.shape.result }),
    fold: (fact, rows) => finish('command:completed', fact, rows),
  }),
  type({
    type: 'command:failed',
    doc: 'The engine has refused a command, or could not be reached.',
    publishable: false,
    fact: z.object({ commandId: id, userId: id, code: z.string() }),
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
  'process:start': ({ type, data }, { payload }) =>
    type === 'process:started' && data.processDefinitionKey === payload?.processDefinitionKey,
};

/** The open command on a target that has this event as its effect. */
export function openCommand(rows: Rows, target: Subject, effect: Effect): CommandData | undefined {
  const slot = rows<CommandData>(slotOf(target));
  if (slot?.status !== 'accepted') return undefined;
  const command = rows<CommandData>(commandSubject(slot));
  return command && EFFECTS[command.type]?.(effect, command) ? command : undefined;
}

/** Names a command: ids are its user's own, so that nobody can take another's. */
export function commandSubject(command: { userId: string; commandId: string }): Subject {
  return subject('command', `${command.userId}/${command.commandId}`);
}

/** No command has a blank in its id, so none can have this name. */
function slotOf(target: Subject): Subject {
  return subject('command', `${target} (open)`);
}

/** A command is found by its id, and by what it is about. */
function both(
  type: 'command:accepted' | 'command:completed' | 'command:failed',
  data: CommandData,
): Change[] {
  const { payload: _payload, ...slot } = data;
  return [
    { type, subject: commandSubject(data), data },
    { type, subject: slotOf(data.target as Subject), data: slot },
  ];
}

function finish(
  type: 'command:completed' | 'command:failed',
  fact: Fact & {
    data: { commandId: string; userId: string; code?: string; result?: Record<string, unknown> | undefined };
  },
  rows: Rows,
): Change[] {
  const before = rows<CommandData>(commandSubject(fact.data));
  if (before?.status !== 'accepted') return [];
  const { payload: _payload, ...kept } = before;
  const { code, result } = fact.data;
  const changes = both(type, {
    ...kept,
    status: type === 'command:completed' ? 'completed' : 'failed',
    ...(code === undefined ? {} : { code }),
    ...(result === undefined ? {} : { result }),
  });
  const slot = rows<CommandData>(slotOf(before.target as Subject));
  // Two people's commands may have the same id.
  const isOwn = slot?.commandId === before.commandId && slot.userId === before.userId;
  return isOwn ? changes : changes.slice(0, 1);
}
