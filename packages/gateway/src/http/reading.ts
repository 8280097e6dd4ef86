import type { Log } from '@netbuild/realtime-log';
import { check, type StateAnswer } from '@netbuild/realtime-protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Policy } from '../auth/policy.ts';
import { bearer, type Tokens } from '../auth/token.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { createSubscriptions } from '../sockets/subscribe.ts';

const stateQuery = z.object({ room: z.string(), more: z.string().max(400).optional() });

/** What the readers' routes need. */
export interface ReadingTools {
  log: Log;
  tokens: Tokens;
  policy: Policy;
  delivery: Delivery;
  subscriptions: ReturnType<typeof createSubscriptions>;
  defaultDomain: string;
}

/** Adds `GET /v1/state`, `/live` and `/ready`. */
export function addReadingRoutes(server: FastifyInstance, tools: ReadingTools): void {
  const { log, tokens, policy, delivery, subscriptions, defaultDomain } = tools;

  server.get('/v1/state', async (request): Promise<StateAnswer> => {
    const actor = await tokens.verify(bearer(request.headers.authorization));
    const { room, more } = check(stateQuery, request.query);
    const { domainId } = actor;
    const page = await subscriptions.page(domainId, [await policy.assertMayEnter(actor, room)], more);
    const isRebuilding = await delivery.isRebuilding(domainId, page.epoch);
    return { ...page, ...(isRebuilding ? { rebuilding: true } : {}) };
  });

  server.get('/live', async () => ({ status: 'live' }));

  server.get('/ready', async () => {
    const { epoch, seq } = await log.head(defaultDomain);
    return { status: 'ready', epoch, seq };
  });
}
