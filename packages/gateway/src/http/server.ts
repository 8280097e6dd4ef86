import type { RequestListener, Server } from 'node:http';
import { RealtimeError } from '@netbuild/realtime-protocol';
import Fastify, {
  type FastifyBodyParser,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import { depthErrorOf } from '../depth.ts';
import { comeBackAfter, type Drain } from '../drain.ts';
import { errorOf } from '../error.ts';
import type { Limits } from '../limits/limits.ts';
import type { Proxies } from '../limits/proxies.ts';
import type { Audit } from '../ops/audit.ts';
import { attach } from './attach.ts';
import { isBatch, isBinary } from './content-mode.ts';
import { addOpenApi } from './openapi/openapi.ts';
import { addOrigins, type IsAllowedOrigin } from './origins.ts';
import { refusedBy } from './refusal.ts';
import { addSecurityHeaders } from './security-headers.ts';

/** What the HTTP server needs. */
export interface HttpServerTools {
  logger: Logger;
  drain: Pick<Drain, 'isOn'>;
  limits: Limits;
  proxies: Proxies;
  isAllowedOrigin: IsAllowedOrigin;
  audit: Audit;
  /** A server that is there already, and has other things to answer, too. */
  own?: Server | undefined;
}

/** What a node answers also while it is stopping; for everything else, another one is there. */
const OF_THE_PROCESS = new Set<string | undefined>(['/live', '/metrics']);

/** JSON under whichever name, as CloudEvents in binary mode may have it. */
const JSON_TYPES = /^application\/(?:[^\s;/]+\+)?json\s*(?:;|$)/i;

/** What somebody is refused for, and not a mistake of theirs. */
const REFUSALS = new Set([401, 403, 429]);

/** An HTTP server that answers errors by our table, and pages by their origins. */
export function createHttpServer(tools: HttpServerTools): FastifyInstance {
  const { logger, drain, limits, proxies, isAllowedOrigin, audit, own } = tools;
  const { bodyBytes, milliseconds } = limits.http;
  const server = Fastify<Server>({
    ...(own
      ? { serverFactory: (answer: RequestListener) => attach(own, answer) }
      : // Who sends nothing, or a little now and then, holds a connection for nothing.
        { http: { headersTimeout: milliseconds / 6, connectionsCheckingInterval: milliseconds / 12 } }),
    requestTimeout: milliseconds,
    bodyLimit: bodyBytes,
    loggerInstance: logger,
    // It would answer by itself while the node drains, and not by our table.
    return503OnClosing: false,
    logController: new LogController({ disableRequestLogging: true }),
  });
  const parse = server.getDefaultJsonParser('error', 'error');
  const parseAny = server.getDefaultJsonParser('ignore', 'ignore');
  server.removeContentTypeParser('application/json');
  const take: FastifyBodyParser<string> = (request, text, done) => {
    const { headers, routeOptions } = request;
    // An event may have no data, and its content type all the same.
    if (text === '' && isBinary(headers)) return done(null, undefined);
    // One that is unfit must not cost the others of a batch: a route that takes several looks at each.
    if (isBatch(headers) && routeOptions.config?.doc?.batch) return parseAny(request, text, done);
    parse(request, text, (error, value) => done(error ?? depthErrorOf(value, limits.depth) ?? null, value));
  };
  server.addContentTypeParser<string>(JSON_TYPES, { parseAs: 'string' }, take);
  server.addContentTypeParser<string>('*', { parseAs: 'string' }, (request, text, done) => {
    const { headers } = request;
    const { 'content-type': type } = headers;
    // What is not there is not there, whatever it is sent.
    if (request.is404) return done(null, undefined);
    // Senders leave it out where an event does not say what its data is.
    if (type === undefined && isBinary(headers)) return take(request, text, done);
    done(
      new RealtimeError('invalid', {
        message: `Only JSON is understood here, not ${type === undefined ? 'a body without a Content-Type' : type.slice(0, 100)}.`,
        ...(isBinary(headers) ? { field: 'datacontenttype' } : {}),
      }),
    );
  });

  addOpenApi(server as unknown as FastifyInstance);
  addSecurityHeaders(server as unknown as FastifyInstance);
  addOrigins(server as unknown as FastifyInstance, isAllowedOrigin);
  server.addHook('onRequest', async ({ routeOptions }) => {
    if (drain.isOn && !OF_THE_PROCESS.has(routeOptions.url))
      throw new RealtimeError('stopping', { retryAfter: comeBackAfter() });
  });

  server.setErrorHandler((thrown, request, reply) => {
    const error = asOurs(thrown);
    if (error.code === 'internal')
      logger.error({ err: thrown, url: request.routeOptions.url }, 'request failed');
    if (REFUSALS.has(error.status))
      audit.refused(routeOf(request), proxies.addressOf(request.raw), error, roomOf(request));
    return refusedBy(reply, error).send({ error: error.toWire() });
  });
  server.setNotFoundHandler((_request, reply) =>
    reply.status(404).send({ error: new RealtimeError('not_found').toWire() }),
  );
  return server as unknown as FastifyInstance;
}

function routeOf({ method, routeOptions }: FastifyRequest): string {
  return `${method} ${routeOptions.url ?? 'no route'}`;
}

function roomOf({ query }: FastifyRequest): unknown {
  return (query as { room?: unknown } | undefined)?.room;
}

/** What fastify itself refuses (too large, no JSON) has a place in our table, too. */
function asOurs(thrown: unknown): RealtimeError {
  const status = (thrown as { statusCode?: number }).statusCode;
  if (thrown instanceof RealtimeError || status === undefined || status >= 500) return errorOf(thrown);
  const message = (thrown as Error).message;
  return new RealtimeError(status === 413 ? 'too_large' : 'invalid', { message });
}
