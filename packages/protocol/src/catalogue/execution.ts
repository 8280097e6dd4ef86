import { z } from 'zod';
import { RealtimeError } from '../error.ts';
import type { Change, Rows } from '../fact.ts';
import { room } from '../room.ts';
import { subject } from '../subject.ts';
import { unlessSame } from './change.ts';
import { typesOf } from './entry.ts';
import { id, time } from './fields.ts';

/** The most people that an execution can have. */
export const MAX_PARTICIPANTS = 200;

const executionData = z.object({
  executionId: id,
  title: z.string().min(1).max(200),
  participants: z.array(id).max(MAX_PARTICIPANTS),
  createdBy: id.optional(),
  created: time,
});

/** A NetBuild execution: what a chat, and the process instances linked to it, belong to. */
export type ExecutionData = z.infer<typeof executionData>;

/** Executions. Each participant has it in the own room too: the list of what they take part in. */
export const execution = {
  kind: 'execution' as const,
  data: executionData,
  rooms: (data: ExecutionData) => [
    room('execution', data.executionId),
    ...data.participants.map((user) => room('user', user)),
  ],
  isOpen: () => true,
  people: { fields: ['participants', 'createdBy'] as const, type: 'execution:updated' as const },
};

const type = typesOf(execution);

/** The types of event that an execution has. */
export const executionTypes = [
  type({
    type: 'execution:created',
    doc: 'An execution was made, by a person or by a process that started with its business key.',
    fact: executionData.omit({ created: true }),
    fold: (fact, rows) => {
      const name = subject('execution', fact.data.executionId);
      if (rows(name))
        throw new RealtimeError('duplicate_id', {
          field: 'executionId',
          message: 'There is such an execution already.',
        });
      return [{ type: 'execution:created', subject: name, data: { ...fact.data, created: fact.time } }];
    },
  }),
  type({
    type: 'execution:updated',
    doc: 'The title or the participants of an execution have changed.',
    fact: z.object({
      executionId: id,
      title: executionData.shape.title.optional(),
      participants: z
        .object({
          add: z.array(id).max(MAX_PARTICIPANTS).optional(),
          remove: z.array(id).max(MAX_PARTICIPANTS).optional(),
        })
        .optional(),
    }),
    fold: ({ data }, rows) => {
      const name = subject('execution', data.executionId);
      const before = rows<ExecutionData>(name);
      if (!before) return [];
      const { title = before.title, participants: { add = [], remove = [] } = {} } = data;
      const participants = [...new Set([...before.participants, ...add])].filter(
        (user) => !remove.includes(user),
      );
      if (participants.length > MAX_PARTICIPANTS)
        throw new RealtimeError('too_many_participants', { field: 'participants' });
      const change = {
        type: 'execution:updated',
        subject: name,
        data: { ...before, title, participants },
      } as const;
      return unlessSame(before, change);
    },
  }),
];

/** The execution with one participant more: who completes a task of it belongs to it from then on. */
export function withParticipant(
  rows: Rows,
  executionId: string | undefined,
  user: string | undefined,
): Change[] {
  if (executionId === undefined || user === undefined) return [];
  const name = subject('execution', executionId);
  const before = rows<ExecutionData>(name);
  if (!before || before.participants.includes(user) || before.participants.length >= MAX_PARTICIPANTS)
    return [];
  return [
    {
      type: 'execution:updated',
      subject: name,
      data: { ...before, participants: [...before.participants, user] },
    },
  ];
}
