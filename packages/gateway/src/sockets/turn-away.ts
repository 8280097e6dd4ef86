import type { IncomingMessage, ServerResponse } from 'node:http';
import { RealtimeError } from '@netbuild/realtime-protocol';
import { comeBackAfter } from '../drain.ts';

/**
 * Answers a handshake with 503, over polling and WebSocket alike: a proxy then asks another node, and a client
 * comes back. engine.io itself could only say 403 or 400, which a proxy passes on.
 *
 * @param request as engine.io hands it to `allowRequest`: with its answer, unless it asks for an upgrade
 */
export function turnAway(request: IncomingMessage & { res?: ServerResponse }): void {
  const error = new RealtimeError('stopping', { retryAfter: comeBackAfter() });
  const body = JSON.stringify({ error: error.toWire() });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'retry-after': `${Math.ceil(error.retryAfter! / 1000)}`,
    connection: 'close',
  };
  if (request.res) {
    request.res.writeHead(error.status, headers).end(body);
    return;
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  // It may have gone meanwhile.
  request.socket.on('error', () => undefined);
  request.socket.end([`HTTP/1.1 ${error.status} Service Unavailable`, ...lines, '', body].join('\r\n'));
}
