import type { IncomingMessage } from 'node:http';
import type { Server } from 'socket.io';
import type { WireSocket } from './wire-socket.ts';

/** What engine.io makes of the answer to an upgrade; it lives as long as the connection. */
interface Upgrade {
  req: IncomingMessage | undefined;
}

/**
 * Lets go of what a handshake leaves behind: the request with its headers, which is about a quarter of what a
 * connection costs. Nothing reads it once a session has begun.
 *
 * `request` alone frees nothing, as engine.io's own answer to the upgrade holds it, too; a middleware is the one
 * place where that can be had.
 */
export function forgetHandshakes(server: Server): (socket: WireSocket) => void {
  const upgrades = new WeakMap<IncomingMessage, Upgrade>();
  server.engine.use((request: IncomingMessage, response: Upgrade, next: () => void) => {
    upgrades.set(request, response);
    next();
  });
  return ({ conn, handshake }) => {
    // Over polling each request is another one, and the first has been answered.
    const upgrade = upgrades.get(conn.request);
    if (conn.transport.name === 'websocket' && upgrade) upgrade.req = undefined;
    Object.assign(conn, { request: undefined });
    // Its parts one by one: Socket.IO hands the object itself to whoever asks for the socket.
    Object.assign(handshake, { headers: {}, auth: {}, query: {} });
  };
}
