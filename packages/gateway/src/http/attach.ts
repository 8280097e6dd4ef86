import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

/** The paths that a gateway answers on somebody else's server. */
const OURS = /^\/(v1\/|(live|ready|metrics|login)(\?|$))/;

/** Answers the gateway's paths on a server of one's own, before its other listeners, which have all the rest. */
export function attach(server: Server, answer: RequestListener): Server {
  const others = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    // Where nobody else answers, the gateway does: that there is no such thing.
    if (OURS.test(request.url ?? '') || others.length === 0) answer(request, response);
    else for (const other of others) other.call(server, request, response);
  });
  return server;
}
