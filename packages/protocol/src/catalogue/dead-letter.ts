import { z } from 'zod';
import { type Subject, subject } from '../subject.ts';
import { typesOf } from './entry.ts';
import { id, line, time } from './fields.ts';

/** So many dead letters are kept, the newest: when one more comes, the one that is so many before it goes. */
export const MAX_DEAD_LETTERS = 1000;

/** Why something of an engine could not be taken, or an event not be delivered to a subscription. */
export const DEAD_LETTER_REASONS = [
  'unknown_event',
  'unreadable_command',
  'refused_fact',
  'undelivered_event',
] as const;

const letterFields = {
  /** The engine that it came from. */
  engine: id.optional(),
  /** The subscription that it was for. */
  subscription: id.optional(),
  reason: z.enum(DEAD_LETTER_REASONS),
  /** What it is about, for a person: kinds of event, or the facts' ids. */
  about: z.array(line).max(20),
  /** What was wrong, in words. */
  error: line.optional(),
  /**
   * The engine's commands, as they came, each with the events alone that could not be taken. For a subscription, where
   * the event stands in the log: what is erased there is in no letter either.
   */
  commands: z.array(z.unknown()),
  /** Only the beginning of it was kept, as text; it can not be replayed. */
  cut: z.literal(true).optional(),
};

const letterData = z.object({
  /** Its number, by which a person names it. */
  letter: z.number().int().positive(),
  kept: time,
  ...letterFields,
  /** The number of the letter that was dropped, unseen, to make room for this one. */
  pushedOut: z.number().int().positive().optional(),
});

/** Something of an engine that could not be taken, or for a subscription that could not be delivered, and waits for a person. */
export type DeadLetterData = z.infer<typeof letterData>;

/** Why it is one. */
export type DeadLetterReason = DeadLetterData['reason'];

const bookData = z.object({ next: z.number().int().positive() });

/** The row that counts the letters. */
export const DEAD_LETTER_BOOK = subject('dead-letter', 'book');

/** Names a letter. */
export function deadLetterSubject(letter: number): Subject {
  return subject('dead-letter', `${letter}`);
}

/** What was kept aside, a row each, and the one that counts them. In no room: operators read them. */
export const deadLetter = {
  kind: 'dead-letter' as const,
  data: z.union([letterData, bookData]),
  rooms: () => [],
  isOpen: () => true,
};

const type = typesOf(deadLetter);

/** The types of event that dead letters have. */
export const deadLetterTypes = [
  type({
    type: 'dead-letter:kept',
    doc: 'Something of an engine could not be taken, or an event not be delivered to a subscription, and was kept aside.',
    publishable: false,
    fact: z.object(letterFields),
    fold: (fact, rows) => {
      const { next } = rows<z.infer<typeof bookData>>(DEAD_LETTER_BOOK) ?? { next: 1 };
      const last = next - MAX_DEAD_LETTERS;
      const isPushed = last > 0 && rows(deadLetterSubject(last)) !== undefined;
      return [
        {
          type: 'dead-letter:kept',
          subject: deadLetterSubject(next),
          data: { letter: next, kept: fact.time, ...fact.data, ...(isPushed ? { pushedOut: last } : {}) },
          ...(isPushed ? { erases: [deadLetterSubject(last)] } : {}),
        },
        { type: 'dead-letter:kept', subject: DEAD_LETTER_BOOK, data: { next: next + 1 } },
      ];
    },
  }),
  type({
    type: 'dead-letter:dropped',
    doc: 'A dead letter was replayed, or is not wanted any more; nothing of it is left.',
    publishable: false,
    fact: letterData.pick({ letter: true }),
    fold: ({ data }, rows) => {
      const name = deadLetterSubject(data.letter);
      const book = rows<z.infer<typeof bookData>>(DEAD_LETTER_BOOK);
      if (!rows(name) || !book) return [];
      return [{ type: 'dead-letter:dropped', subject: DEAD_LETTER_BOOK, data: book, erases: [name] }];
    },
  }),
];
