import type { FastifyInstance } from 'fastify';
import type { Heartbeat } from './heartbeat.ts';

/**
 * Adds `GET /live`, whether the process does anything at all, and `GET /ready`, whether it delivers.
 * A node that is stopping refuses all but `/live` and `/metrics`, so it is not ready either.
 */
export function addHealthRoutes(server: FastifyInstance, heartbeat: Heartbeat): void {
  server.get('/live', async () => ({ status: 'live' }));

  server.get('/ready', async () => {
    await heartbeat.beat();
    return { status: 'ready' };
  });
}
