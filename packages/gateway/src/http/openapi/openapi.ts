import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type DescribedRoute, documentOf } from './document.ts';

/** Of the API; it is that of the wire, and of the packages. */
const VERSION = '0.1.0';

/** Listens to the routes that are added from here on, and serves what they say of themselves. */
export function addOpenApi(server: FastifyInstance): void {
  const routes: DescribedRoute[] = [];
  let text: string | undefined;
  server.addHook('onRoute', ({ method, url, config }) => {
    // Those of the app are files, and say nothing; HEAD comes with GET by itself.
    if (!config?.doc) return;
    for (const one of [method].flat()) if (one !== 'HEAD') routes.push({ method: one, url, doc: config.doc });
  });
  const doc = {
    name: 'describe',
    doc: 'This document.',
    who: 'anybody' as const,
    answers: { 200: { doc: 'OpenAPI 3.1.', schema: z.object({ openapi: z.string() }) } },
  };
  server.get('/v1/openapi.json', { config: { doc } }, async (_request, reply) => {
    text ??= JSON.stringify(documentOf(routes, VERSION));
    // It is no secret, and the same for everybody.
    reply.raw.setHeader('cache-control', 'public, max-age=300');
    return reply.type('application/json').send(text);
  });
}
