import { z } from 'zod';
import type { Change, Fact, Rows } from '../fact.ts';
import { room } from '../room.ts';
import { subject } from '../subject.ts';
import { defined, unlessSame } from './change.ts';
import { typesOf } from './entry.ts';
import { id, line, time } from './fields.ts';

const MICROSERVICE_STATES = ['generating', 'failed', 'deployed'] as const;
type State = (typeof MICROSERVICE_STATES)[number];

const shared = {
  microserviceId: id,
  name: z.string().min(1).max(200),
  version: id.optional(),
  description: line.optional(),
  executionId: id.optional(),
  processInstanceId: id.optional(),
};

const progress = z.number().min(0).max(100);

const microserviceData = z.object({
  ...shared,
  state: z.enum(MICROSERVICE_STATES),
  /** Per cent of the generation; of one that has failed, nothing. */
  progress: progress.optional(),
  /** What is being done, in words. */
  step: line.optional(),
  /** Where it answers. */
  url: z.url().max(2000).optional(),
  /** Why it is not there. */
  failure: line.optional(),
  /** When the generation began that this is of. */
  started: time,
  /** When this was so, by the clock of whoever said it. */
  updated: time,
});

/** A microservice that is generated, as it now is. */
export type MicroserviceData = z.infer<typeof microserviceData>;

/** Microservices. All of a domain see them; what has come to its end is in no snapshot. */
export const microservice = {
  kind: 'microservice' as const,
  data: microserviceData,
  rooms: ({ executionId, processInstanceId }: MicroserviceData, domain: string) => [
    room('domain', domain),
    executionId === undefined ? undefined : room('execution', executionId),
    processInstanceId === undefined ? undefined : room('process', processInstanceId),
  ],
  isOpen: ({ state }: MicroserviceData) => state === 'generating',
};

const type = typesOf(microservice);

/** The types of event that a microservice has. */
export const microserviceTypes = [
  type({
    type: 'microservice:generating',
    doc: 'A microservice is being generated, and so far.',
    fact: z.object({
      ...shared,
      /** Tells one generation from the next: the same in all that is said of it. */
      started: time,
      progress,
      step: line.optional(),
    }),
    fold: (fact, rows) => foldState('generating', fact, rows),
  }),
  type({
    type: 'microservice:deployed',
    doc: 'A microservice runs.',
    fact: z.object({ ...shared, started: time.optional(), url: microserviceData.shape.url }),
    fold: (fact, rows) => foldState('deployed', fact, rows),
  }),
  type({
    type: 'microservice:failed',
    doc: 'A microservice could not be generated, or not be deployed.',
    fact: z.object({ ...shared, started: time.optional(), failure: line.optional() }),
    fold: (fact, rows) => foldState('failed', fact, rows),
  }),
];

type Said = Omit<MicroserviceData, 'state' | 'updated' | 'started'> & { started?: string | undefined };

/**
 * What is furthest counts: of the newest generation the end, or else the most progress. So it makes no difference in
 * which order the words arrive, or how often. Of a word that is past remains where the microservice belongs.
 */
function foldState(state: State, { data, time: at }: Fact & { data: Said }, rows: Rows): Change[] {
  const of = subject('microservice', data.microserviceId);
  const before = rows<MicroserviceData>(of);
  const heard: MicroserviceData = {
    ...data,
    state,
    ...(state === 'deployed' && { progress: 100 }),
    // Who deploys may not know when it was begun: it was before.
    started: data.started ?? at,
    updated: at,
  };
  const [last, first] = !before || isFurther(heard, before) ? [heard, before] : [before, heard];
  const after = defined({
    ...last,
    executionId: last.executionId ?? first?.executionId,
    processInstanceId: last.processInstanceId ?? first?.processInstanceId,
  });
  return unlessSame(before, { type: `microservice:${after.state}`, subject: of, data: after });
}

function isFurther(one: MicroserviceData, other: MicroserviceData): boolean {
  const [a, b] = [one, other].map((row) => [
    Date.parse(row.started),
    MICROSERVICE_STATES.indexOf(row.state),
    row.progress ?? 0,
    Date.parse(row.updated),
    // Of two words of the same moment something has to decide, and the same everywhere.
    JSON.stringify([row.name, row.version, row.description, row.step, row.url, row.failure]),
  ]);
  const at = a!.findIndex((value, i) => value !== b![i]);
  return at >= 0 && a![at]! > b![at]!;
}
