import type { FastifyInstance } from 'fastify';
import { networkOf } from '../network.ts';
import { type Buckets, createBuckets } from './buckets.ts';
import type { Limits } from './limits.ts';
import type { Proxies } from './proxies.ts';
import { tooMany } from './too-many.ts';

/** What requests over HTTP are counted as. */
type HttpKind = 'read' | 'publish' | 'login';

/** The routes that are not for reading. */
const KINDS: Record<string, HttpKind> = {
  '/v1/events': 'publish',
  '/v1/engine': 'publish',
  '/login': 'login',
};

/** Answered whatever happens: what watches over the process asks there. */
const FREE = new Set<string | undefined>(['/live', '/metrics']);

/** Milliseconds after which there may be room for a body again. */
const SOON = 1000;

/**
 * Holds requests to the limits, by the address that they come from, and the bodies of a node by what all of them
 * have together.
 */
export function addHttpLimits(server: FastifyInstance, { http }: Limits, { addressOf }: Proxies): void {
  const buckets: Record<HttpKind, Buckets> = {
    read: createBuckets(http.read),
    publish: createBuckets(http.publish),
    login: createBuckets(http.login),
  };
  let inFlight = 0;

  server.addHook('onRequest', async ({ raw, method, routeOptions: { url } }) => {
    if (FREE.has(url)) return;
    const kind = method === 'POST' ? (KINDS[url ?? ''] ?? 'read') : 'read';
    const wait = buckets[kind].take(networkOf(addressOf(raw)));
    if (wait > 0) throw tooMany(wait);
  });

  // Behind the look at the key: who has none does not get so far.
  server.addHook('preParsing', async ({ raw, routeOptions }, reply) => {
    const { 'content-length': length, 'transfer-encoding': encoding } = raw.headers;
    // Of a body whose length is not said it may be all that the route takes.
    const size = encoding === undefined ? Number(length ?? 0) : (routeOptions.bodyLimit ?? http.bodyBytes);
    // What is too large is refused by its own name, and never read.
    if (!(size > 0) || size > (routeOptions.bodyLimit ?? http.bodyBytes)) return;
    if (inFlight > 0 && inFlight + size > http.bytesInFlight)
      throw tooMany(SOON, 'Too much is being worked on here.');
    inFlight += size;
    reply.raw.once('close', () => {
      inFlight -= size;
    });
  });
}
