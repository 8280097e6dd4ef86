import { createHash } from 'node:crypto';
import {
  CATALOGUE,
  type CloudEvent,
  check,
  cloudEvent,
  type Fact,
  isCustomType,
  RealtimeError,
  type Room,
  room,
} from '@netbuild/realtime-protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SayDelta } from '../agents/deltas.ts';
import { assertMayPublish, domainFor, type Publisher, type Publishers } from '../auth/publishers.ts';
import { errorOf } from '../error.ts';
import type { Addressed, Intake, IntakeResult } from '../ingest/intake.ts';
import { batchAnswer, publishedAnswer, saidAnswer } from './answers.ts';
import { BATCH, PREFIX, receivedIn, STRUCTURED } from './content-mode.ts';
import { assertFit } from './fit.ts';
import { publishable, publishableData } from './openapi/document.ts';
import type { RouteDoc } from './openapi/route-doc.ts';

/** What the route of CloudEvents needs. */
export interface CloudEventsTools {
  intake: Intake;
  publishers: Publishers;
  /** The domain of what names no tenant. */
  defaultDomain: string;
  /** The most events of a batch. */
  batchEvents: number;
  /** The most levels of JSON of an event. */
  depth: number;
  /** Where what is said and not kept goes. */
  sayDelta: SayDelta;
}

/** The one type of word that publishers say. */
const DELTA = 'agent:delta';

/** What became of an event of a batch, as its publisher is told. */
type EventResult = z.input<typeof batchAnswer>['results'][number];

/** An event that can go to a log. */
interface Read extends Addressed {
  id: string;
}

/** A word that is said and not kept. */
interface Said {
  id: string;
  domain: string;
  word: unknown;
}

const { data: _data, datacontenttype: _type, ...attributes } = cloudEvent.shape;

const publishDoc = (most: number): RouteDoc => ({
  name: 'publish',
  doc: 'Publishes CloudEvents 1.0 in structured, binary or batch mode. The same source and id again is the same event.',
  who: 'publisher',
  headers: z.object(
    Object.fromEntries(
      Object.entries(attributes).map(([name, schema]) => [
        PREFIX + name,
        schema.optional().describe('In binary mode; percent-encoded.'),
      ]),
    ),
  ),
  body: publishable(cloudEvent),
  bodyTypes: ['application/json', STRUCTURED],
  bareBody: publishableData(),
  batch: { type: BATCH, most },
  answers: {
    201: {
      doc: 'It is in the log; or, of an `agent:delta`, it was said.',
      schema: z.union([publishedAnswer, saidAnswer]),
    },
    200: {
      doc: 'It was there already; or what became of each event of a batch.',
      schema: z.union([publishedAnswer, batchAnswer]),
    },
  },
  errors: ['invalid', 'unknown_type', 'duplicate_id', 'too_old', 'too_large', 'contended'],
});

/** Adds `POST /v1/events`. */
export function addCloudEventsRoute(server: FastifyInstance, tools: CloudEventsTools): void {
  const { intake, publishers, defaultDomain, batchEvents, depth, sayDelta } = tools;

  function read(publisher: Publisher, raw: unknown): Read | Said {
    if (typeof raw === 'object' && raw !== null && 'data_base64' in raw)
      throw new RealtimeError('invalid', {
        field: 'data_base64',
        message: 'data_base64: Only JSON data is understood here.',
      });
    const event = check(cloudEvent, raw);
    const domain = event.domain ?? domainFor(publisher, defaultDomain);
    assertMayPublish(publisher, { type: event.type, source: event.source, domain });
    if (event.type === DELTA) return { id: event.id, domain, word: event.data };
    return { id: event.id, domain, fact: factOf(event) };
  }

  function readOf(publisher: Publisher, raw: unknown): Read | Said | RealtimeError {
    try {
      assertFit(raw, depth);
      return read(publisher, raw);
    } catch (error) {
      return errorOf(error);
    }
  }

  async function takeBatch(publisher: Publisher, batch: unknown[]) {
    if (batch.length > batchEvents)
      throw new RealtimeError('too_large', { message: `A batch has at most ${batchEvents} events.` });
    const all = batch.map((raw) => readOf(publisher, raw));
    const home = publisher.domains?.[0] ?? defaultDomain;
    const { results, ...standing } = await intake(
      all.flatMap((one) => (one instanceof RealtimeError || 'word' in one ? [] : one)),
      home,
    );
    const taken = results.values();
    const answers = all.map(async (one, place): Promise<EventResult> => {
      if (one instanceof RealtimeError) return refusedAs(one, place, idOf(batch[place]));
      if (!('word' in one)) return resultOf(one, place, taken.next().value!, standing.epoch);
      // After what has entered with it: a run may have begun by that.
      return sayDelta(one.domain, one.word).then(
        () => ({ id: one.id, status: 'new' as const }),
        (thrown: unknown) => refusedAs(errorOf(thrown), place, { id: one.id }),
      );
    });
    return { ...standing, results: await Promise.all(answers) };
  }

  server.post(
    '/v1/events',
    { onRequest: publishers.publishersOnly, config: { doc: publishDoc(batchEvents) } },
    async (request, reply) => {
      const publisher = publishers.of(request);
      const received = receivedIn(request);
      if ('batch' in received) return takeBatch(publisher, received.batch);
      const event = read(publisher, received.event);
      if ('word' in event) {
        await sayDelta(event.domain, event.word);
        reply.status(201);
        return { id: event.id, status: 'new' };
      }
      const { epoch, seq, settle, results } = await intake([event], event.domain);
      const { published } = results[0]!;
      if (published.status === 'refused') throw published.error;
      reply.status(published.status === 'new' ? 201 : 200);
      return { id: event.id, status: published.status, epoch, seq: published.seqs.at(-1) ?? seq, settle };
    },
  );
}

function resultOf(
  { id }: Read,
  place: number,
  { published, standing }: IntakeResult['results'][number],
  epoch: string,
): EventResult {
  const { status } = published;
  if (status === 'refused') return refusedAs(published.error, place, { id });
  // Facts without `asOf` are never outdated.
  const known = status === 'new' ? status : 'known';
  const seq = published.seqs.at(-1) ?? standing.seq;
  return { id, status: known, seq, ...(standing.epoch === epoch ? {} : { epoch: standing.epoch }) };
}

/** What is wrong with one event of a batch: its field is a path in the array. */
function refusedAs(error: RealtimeError, place: number, named: { id?: string }): EventResult {
  const wire = error.toWire();
  const field = wire.field === undefined ? `${place}` : `${place}.${wire.field}`;
  return { ...named, status: 'refused', error: { ...wire, field } };
}

/** The id of what could not be read, as far as it has one. */
function idOf(raw: unknown): { id?: string } {
  const { id } = (raw ?? {}) as { id?: unknown };
  return typeof id === 'string' ? { id: id.slice(0, 255) } : {};
}

function factOf({ datacontenttype: _, ...event }: CloudEvent): Fact {
  const entry = CATALOGUE.get(event.type);
  if (entry ? !entry.publishable : !isCustomType(event.type)) {
    throw new RealtimeError('unknown_type', {
      field: 'type',
      message: `type: the catalogue has no ${event.type.slice(0, 100)} for publishers; custom types begin with x:`,
    });
  }
  return {
    source: `http/${event.source}`,
    id: event.id,
    type: event.type,
    time: new Date(event.time ?? Date.now()).toISOString(),
    data: event.data ?? null,
    // Without the content type, which only one of the modes has to name: an event is the same in each.
    digest: createHash('sha256').update(JSON.stringify(event)).digest('base64url'),
    ...(entry ? {} : { rooms: roomsOf(event) }),
  };
}

function roomsOf(event: Omit<CloudEvent, 'datacontenttype'>): Room[] {
  return [
    ...(event.executionid === undefined ? [] : [room('execution', event.executionid)]),
    ...(event.processinstanceid === undefined ? [] : [room('process', event.processinstanceid)]),
    ...(event.definitionkey === undefined ? [] : [room('definition', event.definitionkey)]),
    ...(event.userid === undefined ? [] : [room('user', event.userid)]),
    ...(event.groupid === undefined ? [] : [room('group', event.groupid)]),
  ];
}
