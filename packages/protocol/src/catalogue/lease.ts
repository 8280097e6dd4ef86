import { z } from 'zod';
import type { Change } from '../fact.ts';
import { subject } from '../subject.ts';
import { defined, unlessSame } from './change.ts';
import { typesOf } from './entry.ts';
import { id, time } from './fields.ts';

const reached = z.union([z.number(), z.string().max(65_536)]);

const leaseData = z.object({
  /** What is leased: `reconcile/default`. */
  name: id,
  /** The node that has it; none: it was given back. */
  holder: id.optional(),
  /** When it was taken or renewed, by the holder's clock: for people alone. */
  renewed: time,
  /** How far the work had come by then: where whoever has it next begins. What it counts, or says, is the work's own. */
  reached: reached.optional(),
});

/** Work that one node does at a time. */
export type LeaseData = z.infer<typeof leaseData>;

/**
 * Leases. Nobody compares clocks: whoever wants one has seen its row unchanged for long enough, and takes it as of
 * that position, so that of several one gets it, and none while it is being renewed.
 */
export const lease = {
  kind: 'lease' as const,
  data: leaseData,
  rooms: () => [],
  isOpen: (data: LeaseData) => data.holder !== undefined,
};

const type = typesOf(lease);

/** The types of event that leases have. */
export const leaseTypes = [
  type({
    type: 'lease:taken',
    doc: 'A node has taken, renewed or given back what one node does at a time.',
    publishable: false,
    fact: z.object({ name: id, holder: id.nullable(), reached: reached.optional() }),
    fold: ({ data, time: renewed }, rows): Change[] => {
      const name = subject('lease', data.name);
      const before = rows(name);
      const after = defined({
        name: data.name,
        holder: data.holder ?? undefined,
        renewed,
        reached: data.reached ?? before?.reached,
      });
      return unlessSame(before, { type: 'lease:taken', subject: name, data: after });
    },
  }),
];
