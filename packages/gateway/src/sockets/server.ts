import { randomBytes } from 'node:crypto';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { RealtimeError } from '@netbuild/realtime-protocol';
import { Server } from 'socket.io';
import { comeBackAfter } from '../drain.ts';
import { errorOf } from '../error.ts';
import type { IsAllowedOrigin } from '../http/origins.ts';
import type { Proxies } from '../limits/proxies.ts';
import { forgetHandshakes } from './handshake.ts';
import { cutAbove } from './packet-size.ts';
import { parser } from './parser.ts';
import { PARTING, type SessionTools, serveSession } from './session.ts';
import { watchStrangers } from './strangers.ts';
import { writeAtOnce } from './transport.ts';
import { turnAway } from './turn-away.ts';
import type { SocketData, WireSocket } from './wire-socket.ts';

/** What the socket server needs. */
export interface SocketServerOptions extends SessionTools {
  http: HttpServer;
  /** Says which pages may connect. */
  isAllowedOrigin: IsAllowedOrigin;
  proxies: Proxies;
  /** What its session ids begin with, so that a proxy finds the node that has a session; none: by chance alone. */
  instance: string | undefined;
}

/** The Socket.IO server: any Socket.IO 4 client can talk to it, over WebSocket or polling. */
export interface SocketServer {
  /** Who is connected. */
  connections(): Iterable<{ kind: 'sdk' | 'plain'; transport: string }>;
  /** Ends what the drain has left. */
  close(): Promise<void>;
}

/** Attaches the socket server to an HTTP server. */
export function createSocketServer(options: SocketServerOptions): SocketServer {
  const { http, tokens, instance, drain, limits, entrance, audit, isAllowedOrigin, proxies } = options;
  // biome-ignore lint/suspicious/noExplicitAny: see WireSocket.
  const io = new Server<any, any, any, SocketData>(http, {
    maxHttpBufferSize: cutAbove(limits),
    connectTimeout: limits.unauthenticated.milliseconds,
    parser,
    allowRequest: (request, decide) => {
      // engine.io asks at the handshake alone: who is here may go on polling while the node drains.
      if (drain.isOn) return refuse(request, new RealtimeError('stopping', { retryAfter: comeBackAfter() }));
      try {
        entrance.assertMayKnock(proxies.addressOf(request));
      } catch (thrown) {
        return refuse(request, errorOf(thrown));
      }
      decide(null, true);
    },
    serveClient: false,
    // A half-open connection is noticed within half a minute.
    pingInterval: 15_000,
    pingTimeout: 15_000,
  });

  /** Of one who connects for a second time the request is forgotten. */
  function addressOf(request: IncomingMessage | undefined): string | undefined {
    return request && proxies.addressOf(request);
  }

  function refuse(request: IncomingMessage & { res?: ServerResponse }, error: RealtimeError): void {
    audit.refused('connect', proxies.addressOf(request), error);
    turnAway(request, error);
  }

  // Each request, and not the handshake alone: a page must not go on with what another one has begun.
  io.engine.use((request: IncomingMessage, answer: ServerResponse, next: () => void) => {
    if (!isAllowedOrigin(request)) return refuse(request, new RealtimeError('origin_refused'));
    const { origin, upgrade } = request.headers;
    // What a page reads is the answers of polling, and of these those that name it.
    if (origin === undefined || upgrade !== undefined) return next();
    answer.setHeader('access-control-allow-origin', origin);
    answer.setHeader('access-control-allow-credentials', 'true');
    answer.setHeader('vary', 'Origin');
    if (request.method !== 'OPTIONS') return next();
    answer.writeHead(204, {
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '',
    });
    answer.end();
  });
  if (instance !== undefined)
    io.engine.generateId = () => `${instance}.${randomBytes(15).toString('base64url')}`;

  io.use((socket, next) => {
    const { token, client } = socket.handshake.auth as { token?: unknown; client?: unknown };
    tokens
      .verify(token)
      .then((actor) => {
        entrance.assertMayEnter(actor);
        socket.data = { actor, isSdk: client === 'sdk' };
        // Socket.IO's word that it is connected, and `ready`.
        writeAtOnce(socket.conn);
        next();
      })
      .catch((thrown) => {
        const error = errorOf(thrown);
        audit.refused('connect', addressOf(socket.request), error);
        next(Object.assign(new Error(error.message), { data: error.toWire() }));
      });
  });
  // Before their requests are forgotten.
  watchStrangers(io, entrance, proxies, limits.unauthenticated.packets);
  forgetHandshakes(io);
  io.on('connection', (socket: WireSocket) => serveSession(socket, options));

  return {
    *connections() {
      for (const { data, conn } of io.of('/').sockets.values())
        yield { kind: data.isSdk ? 'sdk' : 'plain', transport: conn.transport.name };
    },
    async close() {
      await gone(io, PARTING);
      await io.close();
    },
  };
}

/** Resolves once nobody is connected any more, and after so many milliseconds in any case. */
async function gone(io: { engine: { clientsCount: number } }, most: number): Promise<void> {
  const until = performance.now() + most;
  while (io.engine.clientsCount > 0 && performance.now() < until) await sleep(20);
}
