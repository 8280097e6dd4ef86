import { z } from 'zod';
import { factKey } from '../fact.ts';
import { parseRoom, type Room } from '../room.ts';
import { INWARD_KINDS, SUBJECT_KINDS, type Subject, subject } from '../subject.ts';
import { defined } from './change.ts';
import { typesOf } from './entry.ts';
import { id } from './fields.ts';

/** The most subjects, and the most events, that one erasure can name. */
export const MAX_ERASED = 100;

/** What is somebody's word, and not the system's own. */
const ERASABLE = SUBJECT_KINDS.filter((kind) => kind !== 'erasure' && !INWARD_KINDS.includes(kind));

const subjectName = z
  .string()
  .max(300)
  .regex(new RegExp(`^(${ERASABLE.join('|')})/.`), `A subject is one of ${ERASABLE.join(', ')} with its id.`);
const roomName = z
  .string()
  .refine((name) => parseRoom(name) !== undefined, 'This is not the name of a room.');

const places = z.array(z.number().int().positive()).min(1).max(MAX_ERASED);

const erasureData = z.object({
  /** What has been erased, up to this event. */
  subjects: z.array(subjectName).max(MAX_ERASED),
  /** The places of events without a subject that have been erased. */
  events: places.optional(),
  /** The room of those; without them, all that it showed is erased, and events that follow name it part by part. */
  room: roomName.optional(),
});

/** What was erased. Nothing of it is left but the names. */
export type ErasureData = z.infer<typeof erasureData>;

/** Erasures: history from birth. They also go to the rooms of what they erase. */
export const erasure = {
  kind: 'erasure' as const,
  data: erasureData,
  rooms: ({ room }: ErasureData) => [room as Room | undefined],
  isOpen: () => false,
};

const type = typesOf(erasure);

/** The types of event that an erasure has. */
export const erasureTypes = [
  type({
    type: 'data:erased',
    doc: 'Messages, or other subjects, were erased with all their events: whoever has them drops them.',
    fact: z
      .object({
        messageId: id.optional(),
        subjects: z.array(subjectName).min(1).max(MAX_ERASED).optional(),
        room: roomName.optional(),
        /** Of the room, only custom events, by their `seq`. */
        events: places.optional(),
      })
      .refine(
        ({ messageId, subjects, room }) =>
          [messageId, subjects, room].filter((value) => value !== undefined).length === 1,
        'Say one of messageId, subjects and room.',
      )
      .refine(({ events, room }) => events === undefined || room !== undefined, {
        message: 'Say the room of the events.',
        path: ['events'],
      }),
    fold: (fact, rows) => {
      const { messageId, subjects = [], room, events } = fact.data;
      const named = messageId === undefined ? subjects : [subject('message', messageId)];
      const found = [...new Set(named as Subject[])].filter((name) => rows(name) !== undefined);
      if (found.length === 0 && room === undefined) return [];
      return [
        {
          type: 'data:erased',
          subject: subject('erasure', factKey(fact)),
          data: { subjects: found, ...defined({ room, events }) },
          erases: [...found, ...(events ?? [])],
        },
      ];
    },
  }),
];
