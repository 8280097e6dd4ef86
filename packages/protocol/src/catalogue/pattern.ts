import { z } from 'zod';
import { room } from '../room.ts';
import { subject } from '../subject.ts';
import { unlessSame } from './change.ts';
import { typesOf } from './entry.ts';
import { id, line, time } from './fields.ts';

/** The most executions that one pattern is said to come from; it stands in the room of each. */
const MAX_LEARNED_FROM = 50;

const learned = z.object({
  patternId: id,
  name: z.string().min(1).max(200),
  /** What was learned, in words. */
  learned: line.min(1),
  /** How sure that is, from 0 to 1. */
  confidence: z.number().min(0).max(1).optional(),
  /** The executions that it was learned from. */
  executions: z.array(id).max(MAX_LEARNED_FROM).optional(),
});

const patternData = learned.extend({ updated: time });

/** Something that was learned from executions, in its newest words. */
export type PatternData = z.infer<typeof patternData>;

/** Patterns: there are ever more of them, so no snapshot holds them. All of a domain see them. */
export const pattern = {
  kind: 'pattern' as const,
  data: patternData,
  rooms: ({ executions = [] }: PatternData, domain: string) => [
    room('domain', domain),
    ...executions.map((executionId) => room('execution', executionId)),
  ],
  isOpen: () => false,
};

const type = typesOf(pattern);

/** The types of event that a pattern has. */
export const patternTypes = [
  type({
    type: 'pattern:learned',
    doc: 'Something was learned from executions, or is now known better.',
    fact: learned,
    fold: ({ data, time: updated }, rows) => {
      const of = subject('pattern', data.patternId);
      const before = rows<PatternData>(of);
      const after = { ...data, updated };
      if (before && !isNewer(after, before)) return [];
      return unlessSame(before, { type: 'pattern:learned', subject: of, data: after });
    },
  }),
];

/** Of two words of the same moment the text decides, so that it is the same one in whichever order they come. */
function isNewer(one: PatternData, other: PatternData): boolean {
  const [a, b] = [Date.parse(one.updated), Date.parse(other.updated)];
  if (a !== b) return a > b;
  const text = (row: PatternData) => JSON.stringify(Object.entries(row).sort());
  return text(one) > text(other);
}
