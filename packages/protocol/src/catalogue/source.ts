import { z } from 'zod';
import { RealtimeError } from '../error.ts';
import { subject } from '../subject.ts';
import { defined, unlessSame } from './change.ts';
import { typesOf } from './entry.ts';
import { id } from './fields.ts';

/** The most sources that can say what they keep; each is a part of one row. */
const MAX_SOURCES = 100;

const sourceData = z.object({
  /** By the name of each source that keeps what it has sent: the life of the log in which all of that is. */
  wholeIn: z.record(z.string(), z.string()),
});

/** What the sources that keep have said. */
export type SourceData = z.infer<typeof sourceData>;

/** The one row of the sources: few say something, and once a life. */
export const SOURCES = subject('source', 'engines');

/**
 * Sources that keep what they have sent until it can no longer be lost, and send it again should the log begin
 * another life. In no room: whoever asks for a snapshot is told by it whether all of them have.
 */
export const source = {
  kind: 'source' as const,
  data: sourceData,
  rooms: () => [],
  isOpen: () => true,
};

const type = typesOf(source);

/** The types of event that sources have. */
export const sourceTypes = [
  type({
    type: 'source:whole',
    doc: 'A source that keeps what it has sent says in which life of the log all of it is.',
    publishable: false,
    fact: z.object({
      source: id,
      /** `null`: it keeps nothing any more, and nobody waits for it. */
      epoch: id.nullable(),
    }),
    fold: ({ data }, rows) => {
      const before = rows<SourceData>(SOURCES);
      const wholeIn = defined({ ...before?.wholeIn, [data.source]: data.epoch ?? undefined }) as Record<
        string,
        string
      >;
      if (Object.keys(wholeIn).length > MAX_SOURCES)
        throw new RealtimeError('invalid', { field: 'engine', message: 'Too many sources keep something.' });
      return unlessSame(before, { type: 'source:whole', subject: SOURCES, data: { wholeIn } });
    },
  }),
];
