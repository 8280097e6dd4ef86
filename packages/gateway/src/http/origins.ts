import type { IncomingMessage } from 'node:http';
import { RealtimeError } from '@netbuild/realtime-protocol';
import type { FastifyInstance } from 'fastify';
import type { Proxies } from '../limits/proxies.ts';

/** Says of a page whether it may ask here. */
export type IsAllowedOrigin = (request: IncomingMessage) => boolean;

/** Seconds for which a browser need not ask again. */
const MAX_AGE = 600;

/**
 * Origins of pages: those that were named, and the gateway's own. A page without an origin of its own (`null`: a
 * file, a sandboxed frame) is nobody's; who sends none at all is no page.
 *
 * @param named CLIENT_URL
 */
export function createOrigins(named: readonly string[], proxies: Pick<Proxies, 'isSecure'>): IsAllowedOrigin {
  return (request) => {
    const { origin, host } = request.headers;
    if (origin === undefined) return true;
    if (origin === 'null') return false;
    if (named.includes(origin) || origin === `https://${host}`) return true;
    // Behind a proxy that was not named it can't be known what the page came by.
    return origin === `http://${host}` && !proxies.isSecure(request);
  };
}

/** Answers pages that may ask, and refuses all others: what they send is not even looked at. */
export function addOrigins(server: FastifyInstance, isAllowed: IsAllowedOrigin): void {
  server.addHook('onRequest', async ({ raw }, reply) => {
    const { origin } = raw.headers;
    if (origin === undefined) return;
    // On the answer itself, so that it is there for streams, too.
    reply.raw.setHeader('vary', 'Origin');
    if (!isAllowed(raw)) throw new RealtimeError('origin_refused');
    reply.raw.setHeader('access-control-allow-origin', origin);
    reply.raw.setHeader('access-control-expose-headers', 'Retry-After');
    if (raw.method !== 'OPTIONS' || raw.headers['access-control-request-method'] === undefined) return;
    await reply
      .status(204)
      .headers({
        'access-control-allow-methods': 'GET, POST, DELETE',
        'access-control-allow-headers': 'Authorization, Content-Type, Last-Event-ID',
        'access-control-max-age': `${MAX_AGE}`,
      })
      .send();
  });
}
