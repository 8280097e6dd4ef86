import type { IncomingMessage } from 'node:http';
import type { Server } from 'socket.io';

/** What engine.io makes of the answer to an upgrade; it lives as long as the connection. */
interface UpgradeAnswer {
  req: IncomingMessage | undefined;
}

/**
 * Lets go of what handshakes leave behind, once nothing reads it any more: the requests with their headers, and
 * what was said at them. `socket.request = null` alone frees nothing, since engine.io's own answer to an upgrade
 * holds the request, too; a middleware is the one place where that answer can be had.
 */
// biome-ignore lint/suspicious/noExplicitAny: the names and payloads of any server.
export function forgetHandshakes(server: Server<any, any, any, any>): void {
  const answers = new WeakMap<IncomingMessage, UpgradeAnswer>();
  server.engine.use((request: IncomingMessage, answer: UpgradeAnswer, next: () => void) => {
    if (request.headers.upgrade) answers.set(request, answer);
    next();
  });
  // The last that needs it are those that add headers.
  server.engine.on('headers', (_headers: unknown, request: IncomingMessage) => {
    const answer = answers.get(request);
    if (answer) answer.req = undefined;
  });
  server.on('connection', ({ conn, handshake }) => {
    Object.assign(conn, { request: undefined });
    Object.assign(handshake, { headers: {}, auth: {}, query: {} });
  });
}
