import { z } from 'zod';
import type { Change, Fact, Rows } from '../fact.ts';
import { subject } from '../subject.ts';
import { defined, unlessSame } from './change.ts';
import { typesOf } from './entry.ts';
import { id, time } from './fields.ts';

/** A word that is handed to a relay, and comes back once all is delivered that was committed before. */
const token = z.string().min(1).max(64);

const relayData = z.object({
  /** The engine whose plugin it is. */
  engine: id,
  /** When it was last heard of, by the clock of the node that heard it; noted now and then. */
  heard: time.optional(),
  /** What it is asked; a newer one takes the place of an unanswered one. */
  ask: token.optional(),
  /** What it has answered last. */
  seen: token.optional(),
});

/** The relay of an engine, as far as reconcile has to know. */
export type RelayData = z.infer<typeof relayData>;

/** Relays of engines: any node may hear them, and another one may be waiting for their word. */
export const relay = {
  kind: 'relay' as const,
  data: relayData,
  rooms: () => [],
  isOpen: () => true,
};

const type = typesOf(relay);

/** The types of event that relays have. */
export const relayTypes = [
  type({
    type: 'relay:asked',
    doc: 'The relay of an engine is asked to say when all is delivered that is committed by now.',
    publishable: false,
    fact: z.object({ engine: id, ask: token }),
    fold: (fact, rows) => foldRelay('relay:asked', fact, { ask: fact.data.ask }, rows),
  }),
  type({
    type: 'relay:heard',
    doc: 'The relay of an engine was heard of, or has said that all is delivered that was committed when it was asked.',
    publishable: false,
    fact: z.object({ engine: id, seen: token.optional() }),
    fold: (fact, rows) =>
      foldRelay('relay:heard', fact, defined({ heard: fact.time, seen: fact.data.seen }), rows),
  }),
];

function foldRelay(
  type: Change['type'],
  { data: { engine } }: Fact & { data: { engine: string } },
  said: object,
  rows: Rows,
): Change[] {
  const name = subject('relay', engine);
  const before = rows(name);
  return unlessSame(before, { type, subject: name, data: { ...before, engine, ...said } });
}
