import { RealtimeError } from '@netbuild/realtime-protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isSameSecret } from '../auth/secret.ts';
import { bearer } from '../auth/token.ts';
import type { RouteDoc } from '../http/openapi/route-doc.ts';
import type { Figures } from './figures.ts';

const LOOPBACK = /^(::ffff:)?127\.|^::1$/;

const metricsDoc: RouteDoc = {
  name: 'metrics',
  doc: 'The figures of this node.',
  who: 'metrics',
  answers: { 200: { doc: 'In the text format of Prometheus.', type: 'text/plain' } },
};

/**
 * Adds `GET /metrics`: for whoever has the key or, where there is none, for this machine alone.
 *
 * @param key METRICS_KEY
 */
export function addMetricsRoute(server: FastifyInstance, figures: Figures, key: string | undefined): void {
  server.get('/metrics', { config: { doc: metricsDoc } }, async (request, reply) => {
    assertMayAsk(request, key);
    reply.type(figures.contentType);
    return figures.text();
  });
}

function assertMayAsk(request: FastifyRequest, key: string | undefined): void {
  if (key !== undefined) {
    const given = bearer(request.headers.authorization);
    if (given === undefined || !isSameSecret(given, key))
      throw new RealtimeError('key_invalid', { message: 'The key of the metrics is not valid.' });
    return;
  }
  // A proxy on this machine comes from the loopback, too, and those behind it may be anybody.
  const isProxied =
    request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
  if (isProxied || !LOOPBACK.test(request.socket.remoteAddress ?? ''))
    throw new RealtimeError('forbidden', { message: 'Without a METRICS_KEY, only this machine may ask.' });
}
