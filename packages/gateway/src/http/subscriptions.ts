import { check, RealtimeError, subscriptionSubject } from '@netbuild/realtime-protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Audit } from '../ops/audit.ts';
import type { Outbound } from '../outbound/outbound.ts';
import { subscriptionAnswer, subscriptionsAnswer } from './answers.ts';
import type { RouteDoc } from './openapi/route-doc.ts';

const place = z.object({ name: z.string().min(1).max(64) });

const DOCS = {
  list: {
    name: 'subscriptions',
    doc: 'The subscriptions of the setting, and how far each has come.',
    who: 'operator',
    answers: { 200: { doc: 'All of them.', schema: subscriptionsAnswer } },
  },
  resume: {
    name: 'resumeSubscription',
    doc: 'Goes on with one whose receiver had said that it wants no more; one that goes on already is left alone.',
    who: 'operator',
    params: place,
    answers: { 200: { doc: 'The subscription as it is then.', schema: subscriptionAnswer } },
    errors: ['invalid', 'not_found'],
  },
} satisfies Record<string, RouteDoc>;

/** What the routes of subscriptions need. */
export interface SubscriptionRouteTools {
  outbound: Pick<Outbound, 'list' | 'resume'>;
  /** Lets nobody in but operators. */
  onRequest: (request: FastifyRequest) => Promise<void>;
  audit: Pick<Audit, 'note'>;
}

/** Adds `/v1/subscriptions`: how far services have been told, and that one is told again. */
export function addSubscriptionRoutes(server: FastifyInstance, tools: SubscriptionRouteTools): void {
  const { outbound, onRequest, audit } = tools;

  server.get('/v1/subscriptions', { onRequest, config: { doc: DOCS.list } }, async () => ({
    subscriptions: await outbound.list(),
  }));

  server.post(
    '/v1/subscriptions/:name/resume',
    { onRequest, config: { doc: DOCS.resume } },
    async ({ params }) => {
      const { name } = check(place, params);
      await outbound.resume(name);
      const found = (await outbound.list()).find((one) => one.name === name);
      if (!found) throw new RealtimeError('not_found');
      audit.note({
        what: 'resume',
        result: 'done',
        domain: found.domain,
        subject: subscriptionSubject(name),
      });
      return found;
    },
  );
}
