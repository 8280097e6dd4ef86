import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { RouteDoc } from '../http/openapi/route-doc.ts';
import type { Heartbeat } from './heartbeat.ts';

const liveDoc: RouteDoc = {
  name: 'live',
  doc: 'Whether the process lives.',
  who: 'anybody',
  answers: { 200: { doc: 'It does.', schema: z.object({ status: z.literal('live') }) } },
};

const readyDoc: RouteDoc = {
  name: 'ready',
  doc: 'Whether this node delivers.',
  who: 'anybody',
  answers: { 200: { doc: 'It does.', schema: z.object({ status: z.literal('ready') }) } },
  errors: ['storage_unavailable'],
};

/**
 * Adds `GET /live`, whether the process does anything at all, and `GET /ready`, whether it delivers.
 * A node that is stopping refuses all but `/live` and `/metrics`, so it is not ready either.
 */
export function addHealthRoutes(server: FastifyInstance, heartbeat: Heartbeat): void {
  server.get('/live', { config: { doc: liveDoc } }, async () => ({ status: 'live' }));

  server.get('/ready', { config: { doc: readyDoc } }, async () => {
    await heartbeat.beat();
    return { status: 'ready' };
  });
}
