import type { FastifyInstance } from 'fastify';

/** Nothing that the gateway answers, but for the app, is a page: it loads nothing, and nobody shows it in a frame. */
const HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Adds to each answer what tells browsers to be careful with it. */
export function addSecurityHeaders(server: FastifyInstance): void {
  server.addHook('onRequest', async ({ routeOptions }, reply) => {
    // On the answer itself, so that they are there for streams, too.
    for (const [name, value] of Object.entries(HEADERS)) reply.raw.setHeader(name, value);
    // What people may see is for them alone; what the app consists of is kept by its own rules.
    if (/^\/(v1\/|login)/.test(routeOptions.url ?? '')) reply.raw.setHeader('cache-control', 'no-store');
  });
}
