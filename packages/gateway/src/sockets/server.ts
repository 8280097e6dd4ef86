import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { ErrorCode } from '@netbuild/realtime-protocol';
import { Server } from 'socket.io';
import type { Tokens } from '../auth/token.ts';
import { errorOf } from '../error.ts';
import { closeSocket, type SessionTools, serveSession } from './session.ts';
import type { SocketData, WireSocket } from './wire-socket.ts';

/** Largest packet of a client, in bytes; messages and variables fit, uploads do not belong here. */
const MAX_PACKET_BYTES = 256 * 1024;

/** What the socket server needs. */
export interface SocketServerOptions extends SessionTools {
  http: HttpServer;
  tokens: Tokens;
  /** Origins of pages that may connect, beside the gateway's own. */
  origins: string[];
}

/** The Socket.IO server: any Socket.IO 4 client can talk to it, over WebSocket or polling. */
export interface SocketServer {
  /** Tells each socket to come back, and closes. */
  close(): Promise<void>;
}

/** Attaches the socket server to an HTTP server. */
export function createSocketServer(options: SocketServerOptions): SocketServer {
  const { http, tokens, origins } = options;
  // biome-ignore lint/suspicious/noExplicitAny: see WireSocket.
  const io = new Server<any, any, any, SocketData>(http, {
    maxHttpBufferSize: MAX_PACKET_BYTES,
    cors: { origin: origins, credentials: true },
    allowRequest: (request, decide) => {
      if (isAllowedOrigin(request, origins)) return decide(null, true);
      // What is left of a refusal before the handshake: engine.io answers 403 with this text.
      decide('origin_refused' satisfies ErrorCode, false);
    },
    serveClient: false,
    // A half-open connection is noticed within half a minute.
    pingInterval: 15_000,
    pingTimeout: 15_000,
  });

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
  io.on('connection', (socket: WireSocket) => serveSession(socket, options));

  return {
    async close() {
      for (const socket of io.sockets.sockets.values()) closeSocket(socket, 'stopping', 500);
      await io.close();
    },
  };
}

function isAllowedOrigin(request: IncomingMessage, origins: string[]): boolean {
  const { origin, host } = request.headers;
  // No browser leaves it out where it matters; servers and command lines have none.
  if (origin === undefined) return true;
  return origins.includes(origin) || origin.replace(/^https?:\/\//, '') === host;
}
