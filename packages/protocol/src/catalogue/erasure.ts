import { z } from 'zod';
import { type Change, factKey } from '../fact.ts';
import { parseRoom, type Room, room } from '../room.ts';
import {
  INWARD_KINDS,
  SUBJECT_KINDS,
  type Subject,
  type SubjectKind,
  subject,
  subjectKind,
} from '../subject.ts';
import { defined } from './change.ts';
import { type SubjectEntry, typesOf } from './entry.ts';
import { id } from './fields.ts';
import { withoutPerson } from './person.ts';

/** The most subjects, and the most events, that one erasure can name. */
export const MAX_ERASED = 100;

/** What is somebody's word, and not the system's own. */
const ERASABLE = SUBJECT_KINDS.filter((kind) => kind !== 'erasure' && !INWARD_KINDS.includes(kind));

const ERASABLE_NAME = new RegExp(`^(${ERASABLE.join('|')})/.`);
const NO_SUBJECT = `A subject is one of ${ERASABLE.join(', ')} with its id.`;
const isErasable = (name: string): boolean => ERASABLE_NAME.test(name);

/** The longest name of a subject: that of a command has two ids in it. */
const MAX_SUBJECT = 600;

const subjectName = z.string().max(MAX_SUBJECT).regex(ERASABLE_NAME, NO_SUBJECT);
const roomName = z
  .string()
  .refine((name) => parseRoom(name) !== undefined, 'This is not the name of a room.');

const places = z.array(z.number().int().positive()).min(1).max(MAX_ERASED);

const erasureData = z.object({
  /** What has been erased, up to this event: nothing of it is left. */
  subjects: z.array(subjectName).max(MAX_ERASED),
  /** Of these the past has been erased; the events that follow say them anew. */
  renewed: z.array(subjectName).max(MAX_ERASED).optional(),
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

/** What can be said of one erasure; beside one another, the second says what of the first. */
const SAYINGS = ['messageId', 'subjects', 'room', 'user', 'events', 'subjects,user', 'room,events'];

const erasureFact = z
  .object({
    messageId: id.optional(),
    subjects: z.array(z.string().max(MAX_SUBJECT)).min(1).max(MAX_ERASED).optional(),
    room: roomName.optional(),
    /** All that is of a person, or names them; beside `subjects`, in these alone. */
    user: id.optional(),
    /** Custom events, by their `seq`; beside `room`, of this one. */
    events: places.optional(),
  })
  .check(({ value: { messageId, subjects, room, user, events }, issues }) => {
    const refuse = (message: string, ...path: (string | number)[]) =>
      issues.push({ code: 'custom', message, path, input: path });
    const what = Object.keys(defined({ messageId, subjects, room, user, events })).join();
    if (!SAYINGS.includes(what)) refuse('Say one of messageId, subjects, room, user and events.');
    // What is the system's own goes with the person whose it is, and with nobody else.
    for (const [n, name] of (user === undefined ? (subjects ?? []) : []).entries())
      if (!isErasable(name)) refuse(NO_SUBJECT, 'subjects', n);
  });

/** The types of event that an erasure has; it knows the other subjects. */
export const erasureTypes = (entries: Readonly<Record<SubjectKind, SubjectEntry<object>>>) => [
  type({
    type: 'data:erased',
    doc: 'Messages, other subjects, or what is of a person, were erased with all their events: whoever has them drops them.',
    fact: erasureFact,
    fold: (fact, rows) => {
      const { messageId, subjects = [], room: of, events, user } = fact.data;
      const named = messageId === undefined ? subjects : [subject('message', messageId)];
      const gone: Subject[] = [];
      const renewed: Change[] = [];
      for (const name of new Set(named as Subject[])) {
        const row = rows(name);
        if (row === undefined) continue;
        const left = user === undefined ? 'gone' : withoutPerson(entries[subjectKind(name)], name, row, user);
        if (left === 'gone') gone.push(name);
        else if (left) renewed.push(left);
      }
      const past = renewed.map(({ subject }) => subject);
      // What is named by its places, by a room or by a person is found by whoever publishes it.
      const isAll = (of ?? events ?? (subjects.length === 0 ? user : undefined)) !== undefined;
      if (gone.length + past.length === 0 && !isAll) return [];
      return [
        {
          type: 'data:erased',
          subject: subject('erasure', factKey(fact)),
          data: {
            subjects: gone.filter(isErasable),
            ...defined({ renewed: past.length > 0 ? past : undefined, room: of, events }),
          },
          erases: [...gone, ...past, ...(events ?? [])],
          // What is erased is not named again.
          ...(user === undefined ? {} : { untold: [room('user', user)] }),
        },
        ...renewed,
      ];
    },
  }),
];
