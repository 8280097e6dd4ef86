import type { Closing, Handshake, WireError } from '@netbuild/realtime-protocol';
import { io, type Socket } from 'socket.io-client';
import type { ClientOptions } from '../options.ts';
import type { ErrorDetails } from './error.ts';
import type { OfflineReason } from './status.ts';

/** Why a connection ended, and what was said of coming back. */
export interface Ending {
  reason: OfflineReason | 'by-hand';
  /** Milliseconds before which the server does not want to see us. */
  retryAfter?: number | undefined;
  error?: ErrorDetails | undefined;
}

/** What a socket tells of its end. */
export type OnEnd = (how: 'refused' | 'lost' | 'dismissed', ending: Ending) => void;

/**
 * Opens one socket, that ends once.
 * Socket.IO's own reconnection and send buffer stay off: the buffer is unbounded, lost with the page,
 * and would send again what the server has had.
 */
export function openSocket(options: ClientOptions, token: string, onEnd: OnEnd): Socket {
  const { url, path, transports = ['websocket', 'polling'] } = options;
  const auth: Handshake = { token, client: 'sdk', wire: 1 };
  // Without an address it is the page's own; without a path, Socket.IO's.
  const socket = io(url as string, {
    auth,
    path: path as string,
    transports,
    tryAllTransports: true,
    reconnection: false,
    forceNew: true,
  });
  let closing: Closing | undefined;
  socket.on('closing', (told: Closing) => {
    closing = told;
  });
  socket.on('connect_error', ({ data }: Error & { data?: Partial<WireError> }) => {
    const error = data?.code ? (data as WireError) : undefined;
    onEnd(error && !error.retryable ? 'refused' : 'lost', {
      reason: error ? 'busy' : 'network',
      retryAfter: error?.retryAfter,
      error,
    });
  });
  socket.on('disconnect', () =>
    onEnd(closing?.comeBack === false ? 'dismissed' : 'lost', {
      reason: closing?.code ?? 'network',
      retryAfter: closing?.retryAfter,
    }),
  );
  return socket;
}
