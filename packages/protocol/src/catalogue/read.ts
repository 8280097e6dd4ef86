import { z } from 'zod';
import { room } from '../room.ts';
import { subject } from '../subject.ts';
import { typesOf } from './entry.ts';
import { id, time } from './fields.ts';

const readData = z.object({
  executionId: id,
  userId: id,
  /** The position in the log up to which it is read. */
  seq: z.number().int().positive(),
  /** When that was said. */
  at: time,
});

/** How far a person has read in an execution's chat. */
export type ReadData = z.infer<typeof readData>;

/**
 * Places of readers: those who take part see them, and so do the person's other devices. An open row in both rooms
 * would give a right to the execution for good, so they have ended from birth.
 */
export const read = {
  kind: 'read' as const,
  data: readData,
  rooms: ({ executionId, userId }: ReadData) => [room('execution', executionId), room('user', userId)],
  isOpen: () => false,
  author: 'userId' as const,
};

const type = typesOf(read);

/** The types of event that a reader's place has. */
export const readTypes = [
  type({
    type: 'message:read',
    doc: "A person has read an execution's messages up to a position of the log.",
    publishable: false,
    // Whose it is can not be told from its id, which an erasure names.
    fact: readData.omit({ at: true }).extend({ readId: id }),
    fold: (fact, rows) => {
      const { readId, ...said } = fact.data;
      const name = subject('read', readId);
      const before = rows<ReadData>(name);
      // Another device may be further.
      if (before && before.seq >= said.seq) return [];
      return [{ type: 'message:read', subject: name, data: { ...said, at: fact.time } }];
    },
  }),
];
