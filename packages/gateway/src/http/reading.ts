import { check, type StateAnswer } from '@netbuild/realtime-protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Policy } from '../auth/policy.ts';
import { bearer, type Tokens } from '../auth/token.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { createSubscriptions } from '../sockets/subscribe.ts';
import { stateAnswer } from './answers.ts';
import type { RouteDoc } from './openapi/route-doc.ts';

const stateQuery = z.object({ room: z.string(), more: z.string().min(1).max(400).optional() });

const stateDoc: RouteDoc = {
  name: 'state',
  doc: 'The open rows of a room, in pages.',
  who: 'person',
  query: stateQuery,
  answers: { 200: { doc: 'The rows, and the position at which they are true.', schema: stateAnswer } },
  errors: ['invalid', 'invalid_room'],
};

/** What the readers' routes need. */
export interface ReadingTools {
  tokens: Tokens;
  policy: Policy;
  delivery: Delivery;
  subscriptions: ReturnType<typeof createSubscriptions>;
}

/** Adds `GET /v1/state`. */
export function addReadingRoutes(server: FastifyInstance, tools: ReadingTools): void {
  const { tokens, policy, delivery, subscriptions } = tools;

  server.get('/v1/state', { config: { doc: stateDoc } }, async (request): Promise<StateAnswer> => {
    const actor = await tokens.verify(bearer(request.headers.authorization));
    const { room, more } = check(stateQuery, request.query);
    const { domainId } = actor;
    const page = await subscriptions.page(domainId, [await policy.assertMayEnter(actor, room)], more);
    const isRebuilding = await delivery.isRebuilding(domainId, page.epoch);
    return { ...page, ...(isRebuilding ? { rebuilding: true } : {}) };
  });
}
