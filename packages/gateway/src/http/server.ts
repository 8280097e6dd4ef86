import type { RequestListener, Server } from 'node:http';
import { RealtimeError } from '@netbuild/realtime-protocol';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import { comeBackAfter, type Drain } from '../drain.ts';
import { errorOf } from '../error.ts';
import { attach } from './attach.ts';

/** Largest body of a request that is not the relay's, in bytes. */
const BODY_LIMIT = 1024 * 1024;

/** What a node answers also while it is stopping; for everything else, another one is there. */
const OF_THE_PROCESS = new Set<string | undefined>(['/live', '/metrics']);

/**
 * An HTTP server that answers errors by our table.
 *
 * @param own a server that is there already, and has other things to answer, too
 */
export function createHttpServer(logger: Logger, drain: Pick<Drain, 'isOn'>, own?: Server): FastifyInstance {
  const server = Fastify<Server>({
    ...(own && { serverFactory: (answer: RequestListener) => attach(own, answer) }),
    bodyLimit: BODY_LIMIT,
    loggerInstance: logger,
    // It would answer by itself while the node drains, and not by our table.
    return503OnClosing: false,
    logController: new LogController({ disableRequestLogging: true }),
  });
  server.addContentTypeParser(
    'application/cloudevents+json',
    { parseAs: 'string' },
    server.getDefaultJsonParser('error', 'error'),
  );

  server.addHook('onRequest', async ({ routeOptions }) => {
    if (drain.isOn && !OF_THE_PROCESS.has(routeOptions.url))
      throw new RealtimeError('stopping', { retryAfter: comeBackAfter() });
  });

  server.setErrorHandler((thrown, request, reply) => {
    const error = asOurs(thrown);
    if (error.code === 'internal')
      logger.error({ err: thrown, url: request.routeOptions.url }, 'request failed');
    reply.status(error.status);
    if (error.retryAfter !== undefined) reply.header('retry-after', Math.ceil(error.retryAfter / 1000));
    return reply.send({ error: error.toWire() });
  });
  server.setNotFoundHandler((_request, reply) =>
    reply.status(404).send({ error: new RealtimeError('not_found').toWire() }),
  );
  return server as unknown as FastifyInstance;
}

/** What fastify itself refuses (too large, no JSON) has a place in our table, too. */
function asOurs(thrown: unknown): RealtimeError {
  const status = (thrown as { statusCode?: number }).statusCode;
  if (thrown instanceof RealtimeError || status === undefined || status >= 500) return errorOf(thrown);
  const message = (thrown as Error).message;
  return new RealtimeError(status === 413 ? 'too_large' : 'invalid', { message });
}
