import { check, engineBatch, type PublishAnswer } from '@netbuild/realtime-protocol';
import type { FastifyInstance } from 'fastify';
import { assertMayPublish } from '../auth/publishers.ts';
import type { Relays } from '../capture/relays.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { Relayed } from '../ingest/relayed.ts';
import { wholeFact } from '../whole.ts';
import { engineAnswer } from './answers.ts';
import { addCloudEventsRoute, type CloudEventsTools } from './cloud-events.ts';
import type { RouteDoc } from './openapi/route-doc.ts';

/** What the publishers' routes need. */
export interface PublishingTools extends CloudEventsTools {
  relayed: Relayed;
  delivery: Delivery;
  /** Largest body of a relay: it posts whole engine commands, and one with thousands of tasks has some megabytes. */
  engineBodyBytes: number;
  /** Relays of engines that reconcile looks after. */
  relays: Relays;
  /** Hears what waits in an engine's outbox. */
  onBacklog?: (engine: string, backlog: { rows: number; oldest?: number | undefined }) => void;
  /** Hears how many milliseconds ago the oldest of the relay's rows was committed, once they are in the log. */
  onRelayed?: (age: number) => void;
}

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
  const { relayed, delivery, defaultDomain, relays, publishers } = tools;
  addCloudEventsRoute(server, tools);

  server.post(
    '/v1/engine',
    { onRequest: publishers.publishersOnly, bodyLimit: tools.engineBodyBytes, config: { doc: engineDoc } },
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
