import { z } from 'zod';
import { RealtimeError } from '../error.ts';
import { factKey, type Rows } from '../fact.ts';
import { room } from '../room.ts';
import { subject } from '../subject.ts';
import { defined, unlessSame } from './change.ts';
import { typesOf } from './entry.ts';
import type { ExecutionData } from './execution.ts';
import { id, time } from './fields.ts';

/** The longest message, in bytes of UTF-8. */
export const MAX_MESSAGE_BYTES = 16_384;

/** Whom one message may mention at most. */
export const MAX_MENTIONS = 50;

/** The text of a message: not blank, and not beyond {@link MAX_MESSAGE_BYTES}. */
export const messageContent = z
  .string()
  .refine((text) => text.trim().length > 0, 'A message can not be empty.')
  .refine((text) => new TextEncoder().encode(text).length <= MAX_MESSAGE_BYTES, {
    message: `A message has at most ${MAX_MESSAGE_BYTES} bytes.`,
    params: { code: 'too_large' },
  });

/** What a message is, beside its text. */
const messageFields = {
  messageId: id,
  executionId: id,
  /** Who wrote it. */
  userId: id,
  /** The message of the same execution that it answers. */
  replyTo: id.optional(),
  /** The participants whom it names. */
  mentions: z.array(id).max(MAX_MENTIONS).optional(),
};

/** Whose message it is, where an agent speaks: `userId` is then `agent:` and its name. */
const agentFields = {
  /** The agent's name. */
  agent: id.optional(),
  /** The run of it. */
  agentId: id.optional(),
};

const messageData = z.object({
  ...messageFields,
  ...agentFields,
  /** Left out once it is deleted. */
  content: messageContent.optional(),
  /** When the server took it; the writer's clock does not decide. */
  timestamp: time,
  /** When its text was last changed. */
  edited: time.optional(),
  /** When it was deleted: nothing but its place is left. */
  deleted: time.optional(),
  /** Who has edited or deleted it, where the source knows. */
  by: id.optional(),
});

/** A message of an execution's chat. */
export type MessageData = z.infer<typeof messageData>;

/**
 * Messages: history from birth, so no snapshot holds them; an execution's last events do. Who is mentioned has one in
 * the own room as well.
 */
export const message = {
  kind: 'message' as const,
  data: messageData,
  rooms: ({ executionId, mentions = [] }: MessageData) => [
    room('execution', executionId),
    ...mentions.map((user) => room('user', user)),
  ],
  isOpen: () => false,
  author: 'userId' as const,
  people: { fields: ['mentions', 'by'] as const, type: 'message:edited' as const },
};

const type = typesOf(message);

/** The types of event that a message has. */
export const messageTypes = [
  type({
    type: 'message:new',
    doc: 'Somebody has said something in an execution.',
    fact: z.object({ ...messageFields, content: messageContent }),
    fold: (fact, rows) => {
      const name = subject('message', fact.data.messageId);
      const before = rows<MessageData>(name);
      const mentions = fact.data.mentions?.length ? [...new Set(fact.data.mentions)] : undefined;
      const data = defined({ ...fact.data, mentions, timestamp: before?.timestamp ?? fact.time });
      const news = unlessSame(before, { type: 'message:new', subject: name, data });
      // To drop another text, or another person's, would lose it behind an acknowledgement.
      if (before && news.length > 0)
        throw new RealtimeError('duplicate_id', {
          field: 'messageId',
          message: 'There is such a message already.',
        });
      if (!before) assertAtHome(fact.data, rows);
      return news;
    },
  }),
  type({
    type: 'message:edited',
    doc: 'The text of a message has changed, or a person was erased whom it named.',
    fact: z.object({ messageId: id, content: messageContent, by: id.optional() }),
    fold: (fact, rows) => {
      const { messageId, content, by } = fact.data;
      const name = subject('message', messageId);
      const before = rows<MessageData>(name);
      if (!before)
        throw new RealtimeError('not_found', { field: 'messageId', message: 'There is no such message.' });
      if (before.deleted !== undefined) throw new RealtimeError('message_closed', { field: 'messageId' });
      if (before.content === content) return [];
      // Who has left the execution is not told what is said there now.
      const participants = before.mentions && participantsOf(before.executionId, rows);
      const mentions = before.mentions?.filter((user) => participants!.includes(user));
      const data = defined({ ...before, content, mentions, edited: fact.time, by });
      return [{ type: 'message:edited', subject: name, data }];
    },
  }),
  type({
    type: 'message:deleted',
    doc: 'A message was deleted: what it said is erased, and its row says no more than that, when, and by whom.',
    fact: z.object({ messageId: id, by: id.optional() }),
    fold: (fact, rows) => {
      const name = subject('message', fact.data.messageId);
      const before = rows<MessageData>(name);
      if (!before || before.deleted !== undefined) return [];
      const { messageId, executionId, userId, agent, agentId, timestamp, replyTo } = before;
      const { time: deleted } = fact;
      const kept = { messageId, executionId, userId, agent, agentId, timestamp, replyTo };
      const data = defined({ ...kept, deleted, by: fact.data.by });
      return [
        // Whoever shows it drops it as whatever is erased, and who only was mentioned hears no more of it.
        {
          type: 'data:erased',
          subject: subject('erasure', factKey(fact)),
          data: { subjects: [name] },
          erases: [name],
        },
        { type: 'message:deleted', subject: name, data },
      ];
    },
  }),
];

/** What a message names has to be of its execution: a place in it, and people who take part. */
function assertAtHome(said: Pick<MessageData, 'executionId' | 'replyTo' | 'mentions'>, rows: Rows): void {
  const { executionId, replyTo, mentions = [] } = said;
  if (replyTo !== undefined && rows<MessageData>(subject('message', replyTo))?.executionId !== executionId)
    throw new RealtimeError('invalid', {
      field: 'replyTo',
      message: 'replyTo: there is no such message in this execution.',
    });
  if (mentions.length === 0) return;
  const participants = participantsOf(executionId, rows);
  const stranger = mentions.findIndex((user) => !participants.includes(user));
  if (stranger >= 0)
    throw new RealtimeError('invalid', {
      field: `mentions.${stranger}`,
      message: `mentions.${stranger}: this person does not take part in the execution.`,
    });
}

function participantsOf(executionId: string, rows: Rows): readonly string[] {
  return rows<ExecutionData>(subject('execution', executionId))?.participants ?? [];
}
