import { z } from 'zod';
import { RealtimeError } from '../error.ts';
import type { Change, Fact, Rows } from '../fact.ts';
import { room } from '../room.ts';
import { subject } from '../subject.ts';
import { defined, unlessSame } from './change.ts';
import { typesOf } from './entry.ts';
import { id, line, reasonText, time } from './fields.ts';

const suggested = z.object({
  optimizationId: id,
  title: z.string().min(1).max(200),
  description: line.optional(),
  /** What is to be expected of it, in words. */
  effect: line.optional(),
  /** What it is about: `microservice/orders`, the element of a diagram. */
  target: id.optional(),
  executionId: id.optional(),
  processInstanceId: id.optional(),
});

const optimizationData = suggested.extend({
  state: z.enum(['suggested', 'accepted', 'dismissed']),
  /** When it was suggested, in its newest words. */
  suggested: time,
  decided: time.optional(),
  decidedBy: id.optional(),
  reason: reasonText.optional(),
});

/** A suggestion of how something could be better, as it now is. */
export type OptimizationData = z.infer<typeof optimizationData>;

/** Suggestions. All of a domain see them; who may decide one is for the policy of commands. */
export const optimization = {
  kind: 'optimization' as const,
  data: optimizationData,
  rooms: ({ executionId, processInstanceId }: OptimizationData, domain: string) => [
    room('domain', domain),
    executionId === undefined ? undefined : room('execution', executionId),
    processInstanceId === undefined ? undefined : room('process', processInstanceId),
  ],
  isOpen: ({ state }: OptimizationData) => state === 'suggested',
  people: {
    fields: ['decidedBy'] as const,
    type: ({ state }: OptimizationData) => `optimization:${state}` as const,
    texts: { reason: 'decidedBy' } as const,
  },
};

const type = typesOf(optimization);
const decision = z.object({ optimizationId: id, by: id, reason: reasonText.optional() });

/** The types of event that a suggestion has. */
export const optimizationTypes = [
  type({
    type: 'optimization:suggested',
    doc: 'Something could be better, and this is how; people accept it or dismiss it.',
    fact: suggested,
    fold: ({ data, time: at }, rows) => {
      const of = subject('optimization', data.optimizationId);
      const before = rows<OptimizationData>(of);
      if (before && (before.state !== 'suggested' || isOlder(at, data, before))) return [];
      const after = { ...data, state: 'suggested', suggested: at } as const;
      return unlessSame(before, { type: 'optimization:suggested', subject: of, data: after });
    },
  }),
  type({
    type: 'optimization:accepted',
    doc: 'A person has accepted a suggestion.',
    publishable: false,
    fact: decision,
    fold: (fact, rows) => decide('accepted', fact, rows),
  }),
  type({
    type: 'optimization:dismissed',
    doc: 'A person has dismissed a suggestion.',
    publishable: false,
    fact: decision,
    fold: (fact, rows) => decide('dismissed', fact, rows),
  }),
];

function decide(
  state: 'accepted' | 'dismissed',
  { data, time: at }: Fact & { data: z.infer<typeof decision> },
  rows: Rows,
): Change[] {
  const { optimizationId, by, reason } = data;
  const of = subject('optimization', optimizationId);
  const before = rows<OptimizationData>(of);
  if (!before) throw new RealtimeError('not_found', { field: 'optimizationId' });
  // Who was not answered in time says it again.
  if (before.state === state && before.decidedBy === by) return [];
  if (before.state !== 'suggested')
    throw new RealtimeError('optimization_closed', {
      field: 'optimizationId',
      message: `The suggestion is already ${before.state}.`,
      current: { state: before.state, decidedBy: before.decidedBy },
    });
  const after = defined({ ...before, state, decided: at, decidedBy: by, reason });
  return [{ type: `optimization:${state}`, subject: of, data: after }];
}

/** Of two words of the same moment the text decides, so that it is the same one in whichever order they come. */
function isOlder(at: string, data: object, { suggested: since, ...before }: OptimizationData): boolean {
  const [one, other] = [Date.parse(at), Date.parse(since)];
  if (one !== other) return one < other;
  const { state: _state, ...said } = before;
  return JSON.stringify(Object.entries(data).sort()) < JSON.stringify(Object.entries(said).sort());
}
