import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { RealtimeError } from '@netbuild/realtime-protocol';

/**
 * Answers a handshake with an error, over polling and WebSocket alike: with 503 a proxy asks another node, and each
 * client comes back when it is told to. engine.io itself could only say 403 or 400, without a time.
 *
 * @param request as engine.io hands it to `allowRequest`: with its answer, unless it asks for an upgrade
 */
export function turnAway(request: IncomingMessage & { res?: ServerResponse }, error: RealtimeError): void {
  const body = JSON.stringify({ error: error.toWire() });
  const { retryAfter } = error;
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(retryAfter === undefined ? {} : { 'retry-after': `${Math.ceil(retryAfter / 1000)}` }),
    connection: 'close',
  };
  if (request.res) {
    request.res.writeHead(error.status, headers).end(body);
    return;
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  // It may have gone meanwhile.
  request.socket.on('error', () => undefined);
  request.socket.end(
    [`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`, ...lines, '', body].join('\r\n'),
  );
}
