import { z } from 'zod';
import { RealtimeError } from '../error.ts';
import { room } from '../room.ts';
import { subject } from '../subject.ts';
import { typesOf } from './entry.ts';
import { id, time } from './fields.ts';

/** The longest message, in bytes of UTF-8. */
export const MAX_MESSAGE_BYTES = 16_384;

/** The text of a message: not blank, and not beyond {@link MAX_MESSAGE_BYTES}. */
export const messageContent = z
  .string()
  .refine((text) => text.trim().length > 0, 'A message can not be empty.')
  .refine((text) => new TextEncoder().encode(text).length <= MAX_MESSAGE_BYTES, {
    message: `A message has at most ${MAX_MESSAGE_BYTES} bytes.`,
    params: { code: 'too_large' },
  });

const messageData = z.object({
  messageId: id,
  executionId: id,
  content: messageContent,
  /** Who wrote it. */
  userId: id,
  /** When the server took it; the writer's clock does not decide. */
  timestamp: time,
});

/** A message of an execution's chat. */
export type MessageData = z.infer<typeof messageData>;

/** Messages: history from birth, so no snapshot holds them; an execution's last events do. */
export const message = {
  kind: 'message' as const,
  data: messageData,
  rooms: (data: MessageData) => [room('execution', data.executionId)],
  isOpen: () => false,
  author: 'userId' as const,
};

const type = typesOf(message);

/** The types of event that a message has. */
export const messageTypes = [
  type({
    type: 'message:new',
    doc: 'Somebody has said something in an execution.',
    fact: messageData.omit({ timestamp: true }),
    fold: (fact, rows) => {
      const name = subject('message', fact.data.messageId);
      const before = rows<MessageData>(name);
      if (before) {
        const { executionId, userId, content } = fact.data;
        // To drop another text, or another person's, would lose it behind an acknowledgement.
        if (before.executionId === executionId && before.userId === userId && before.content === content)
          return [];
        throw new RealtimeError('duplicate_id', {
          field: 'messageId',
          message: 'There is such a message already.',
        });
      }
      return [{ type: 'message:new', subject: name, data: { ...fact.data, timestamp: fact.time } }];
    },
  }),
];
