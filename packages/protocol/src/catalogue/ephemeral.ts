import { z } from 'zod';
import type { Room } from '../room.ts';
import { id } from './fields.ts';

/** Someone has come into a room, or has gone. */
const presence = z.object({
  room: z.string() as unknown as z.ZodType<Room>,
  /** Left out in a room of more than {@link MAX_NAMED} people: there it is only said how many they are. */
  userId: id.optional(),
  /** How many people are there now. */
  count: z.number().int().nonnegative(),
});

/**
 * The types of what is said and not kept: it is in no log, has no position, and may be lost. Nothing may depend on
 * it, and what it says of somebody or something proves nothing.
 */
const TYPES = {
  typing: {
    doc: 'A person is writing in an execution. It holds for some seconds, or until a message of theirs is there.',
    data: z.object({ executionId: id, userId: id }),
  },
  'presence:joined': { doc: 'A person has come into a room: the first of their sockets.', data: presence },
  'presence:left': {
    doc: 'A person has been out of a room for longer than a reload takes: the last of their sockets.',
    data: presence,
  },
  'agent:delta': {
    doc: "More of an agent's answer, as it is being written. The message that ends it is the answer.",
    data: z.object({
      agentId: id,
      messageId: id,
      /** The length, in UTF-16 units, of what was written before it. */
      offset: z.number().int().nonnegative(),
      text: z.string(),
    }),
  },
};

/** People of a room beyond which they are only counted. */
export const MAX_NAMED = 200;

/** The name of a type of what is said and not kept. */
export type EphemeralType = keyof typeof TYPES;

/** What a word of a type says. */
export type EphemeralData<T extends EphemeralType> = z.infer<(typeof TYPES)[T]['data']>;

/** A word: said to who is in one of its rooms now, and not kept. */
export type Ephemeral<T extends EphemeralType = EphemeralType> = {
  [N in T]: {
    type: N;
    rooms: Room[];
    /** When it was said, ISO 8601, by the clock of the node that said it. */
    time: string;
    data: EphemeralData<N>;
  };
}[T];

/** Every type of what is said and not kept, by its name. */
export const EPHEMERAL: Readonly<{
  [T in EphemeralType]: {
    /** One sentence for the reference. */
    doc: string;
    data: z.ZodType<EphemeralData<T>>;
  };
}> = TYPES;
