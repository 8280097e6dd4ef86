import { createHash } from 'node:crypto';
import {
  CATALOGUE,
  type CloudEvent,
  check,
  cloudEvent,
  engineBatch,
  type Fact,
  isCustomType,
  type PublishAnswer,
  RealtimeError,
  type Room,
  room,
} from '@netbuild/realtime-protocol';
import type { FastifyInstance } from 'fastify';
import { assertMayPublish, domainFor, type Publishers } from '../auth/publishers.ts';
import { issuedByNow, type Revocations } from '../auth/revocations.ts';
import type { Relays } from '../capture/relays.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { Publish } from '../ingest/publish.ts';
import type { Relayed } from '../ingest/relayed.ts';
import { wholeFact } from '../whole.ts';
import { engineAnswer, publishedAnswer } from './answers.ts';
import { publishable } from './openapi/document.ts';
import type { RouteDoc } from './openapi/route-doc.ts';

/** What the publishers' routes need. */
export interface PublishingTools {
  publish: Publish;
  relayed: Relayed;
  delivery: Delivery;
  publishers: Publishers;
  revocations: Pick<Revocations, 'revoke'>;
  /** Largest body of a relay: it posts whole engine commands, and one with thousands of tasks has some megabytes. */
  engineBodyBytes: number;
  /** The domain of what names no tenant. */
  defaultDomain: string;
  /** Relays of engines that reconcile looks after. */
  relays: Relays;
  /** Hears what waits in an engine's outbox. */
  onBacklog?: (engine: string, backlog: { rows: number; oldest?: number | undefined }) => void;
  /** Hears how many milliseconds ago the oldest of the relay's rows was committed, once they are in the log. */
  onRelayed?: (age: number) => void;
}

const publishDoc: RouteDoc = {
  name: 'publish',
  doc: 'Publishes one CloudEvent 1.0. The same id again is the same event.',
  who: 'publisher',
  body: publishable(cloudEvent),
  bodyTypes: ['application/json', 'application/cloudevents+json'],
  answers: {
    201: { doc: 'It is in the log.', schema: publishedAnswer },
    200: { doc: 'It was there already.', schema: publishedAnswer },
  },
  errors: ['invalid', 'unknown_type', 'duplicate_id', 'too_old', 'too_large', 'contended'],
};

const engineDoc: RouteDoc = {
  name: 'relay',
  doc: "Takes what an engine's relay has of it.",
  who: 'publisher',
  body: engineBatch,
  answers: { 200: { doc: 'All of it is in the log, or kept aside.', schema: engineAnswer } },
  errors: ['invalid', 'too_large', 'life_over', 'contended'],
};

/** Adds `POST /v1/events` and `POST /v1/engine`. */
export function addPublishingRoutes(server: FastifyInstance, tools: PublishingTools): void {
  const { publish, relayed, delivery, defaultDomain, relays, publishers, revocations } = tools;
  const onRequest = publishers.publishersOnly;

  server.post('/v1/events', { onRequest, config: { doc: publishDoc } }, async (request, reply) => {
    const event = check(cloudEvent, request.body);
    const publisher = publishers.of(request);
    const domain = event.domain ?? domainFor(publisher, defaultDomain);
    assertMayPublish(publisher, { type: event.type, source: event.source, domain });
    const { epoch, seq, settle, results } = await publish(domain, [factOf(event)]);
    const published = results[0]!;
    if (published.status === 'refused') throw published.error;
    const { user } = event.type === 'data:erased' ? (event.data as { user?: string }) : {};
    // Their rooms do not hear of it, so whoever is in one goes on hearing what the erased rows had let them in to.
    if (user !== undefined) await revocations.revoke({ domain, user, before: issuedByNow() });
    reply.status(published.status === 'new' ? 201 : 200);
    return { id: event.id, status: published.status, epoch, seq: published.seqs.at(-1) ?? seq, settle };
  });

  server.post(
    '/v1/engine',
    { onRequest, bodyLimit: tools.engineBodyBytes, config: { doc: engineDoc } },
    async (request): Promise<PublishAnswer> => {
      const batch = check(engineBatch, request.body);
      const publisher = publishers.of(request);
      // An engine's rows are of many types, so whoever is bound to some can not bring them.
      assertMayPublish(publisher, { source: `engine/${batch.engine}`, type: 'engine' });
      const own = batch.whole === undefined ? [] : [wholeFact(batch.engine, batch.whole)];
      const { epoch, seq, settle } = await relayed.take(batch, own, (domain) =>
        assertMayPublish(publisher, { domain }),
      );
      const committedAt = oldestOf(batch.commands);
      if (committedAt !== undefined) tools.onRelayed?.(Date.now() - committedAt);
      if (batch.backlog) tools.onBacklog?.(batch.engine, batch.backlog);
      const ask = await relays.heard(batch.engine, batch.seen);
      const { sources } = await delivery.channel(defaultDomain);
      return {
        epoch,
        seq,
        settle,
        ...(sources.isAwaited(batch.engine, epoch) ? { rebuilding: true } : {}),
        ...(ask === undefined ? {} : { ask }),
      };
    },
  );
}

/** When the first of the commands was committed, where it can be read. */
function oldestOf([first]: unknown[]): number | undefined {
  const { committedAt } = (first ?? {}) as { committedAt?: unknown };
  return typeof committedAt === 'number' ? committedAt : undefined;
}

function factOf(event: CloudEvent): Fact {
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
    data: event.data,
    digest: createHash('sha256').update(JSON.stringify(event)).digest('base64url'),
    ...(entry ? {} : { rooms: roomsOf(event) }),
  };
}

function roomsOf(event: CloudEvent): Room[] {
  return [
    ...(event.executionid === undefined ? [] : [room('execution', event.executionid)]),
    ...(event.processinstanceid === undefined ? [] : [room('process', event.processinstanceid)]),
    ...(event.definitionkey === undefined ? [] : [room('definition', event.definitionkey)]),
    ...(event.userid === undefined ? [] : [room('user', event.userid)]),
    ...(event.groupid === undefined ? [] : [room('group', event.groupid)]),
  ];
}
