import { randomBytes } from 'node:crypto';
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '@netbuild/realtime-protocol';
import { Server } from 'socket.io';
import { errorOf } from '../error.ts';
import { forgetHandshakes } from './handshake.ts';
import { CUT_ABOVE } from './packet-size.ts';
import { PARTING, type SessionTools, serveSession } from './session.ts';
import { turnAway } from './turn-away.ts';
import type { SocketData, WireSocket } from './wire-socket.ts';

/** What the socket server needs. */
export interface SocketServerOptions extends SessionTools {
  http: HttpServer;
  /** Origins of pages that may connect, beside the gateway's own. */
  origins: string[];
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
  const { http, tokens, origins, instance, drain } = options;
  // biome-ignore lint/suspicious/noExplicitAny: see WireSocket.
  const io = new Server<any, any, any, SocketData>(http, {
    maxHttpBufferSize: CUT_ABOVE,
    cors: { origin: origins, credentials: true },
    allowRequest: (request, decide) => {
      // engine.io asks at the handshake alone: who is here may go on polling while the node drains.
      if (drain.isOn) return turnAway(request);
      // What is left of a refusal before the handshake: engine.io answers 403 with this text.
      if (!isAllowedOrigin(request, origins)) return decide('origin_refused' satisfies ErrorCode, false);
      decide(null, true);
    },
    serveClient: false,
    // A half-open connection is noticed within half a minute.
    pingInterval: 15_000,
    pingTimeout: 15_000,
  });

  if (instance !== undefined)
    io.engine.generateId = () => `${instance}.${randomBytes(15).toString('base64url')}`;

  io.use((socket, next) => {
    const { token, client } = socket.handshake.auth as { token?: unknown; client?: unknown };
    tokens
      .verify(token)
      .then((actor) => {
        socket.data = { actor, isSdk: client === 'sdk' };
        next();
      })
      .catch((thrown) => {
        const error = errorOf(thrown);
        next(Object.assign(new Error(error.message), { data: error.toWire() }));
      });
  });
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

function isAllowedOrigin(request: IncomingMessage, origins: string[]): boolean {
  const { origin, host } = request.headers;
  // No browser leaves it out where it matters; servers and command lines have none.
  if (origin === undefined) return true;
  return origins.includes(origin) || origin.replace(/^https?:\/\//, '') === host;
}
