import { RealtimeError } from '@netbuild/realtime-protocol';
import { isServed, refuse } from './refuse.ts';
import type { WireSocket } from './wire-socket.ts';

/** Largest packet of a client, in bytes; messages and variables fit, uploads do not belong here. */
const MOST_BYTES = 256 * 1024;

/**
 * What engine.io takes at all, in bytes. Beyond it the connection ends without a word (1009, or 413 over polling),
 * since the rest of the packet is never read; so it is above what is refused by a code.
 */
export const CUT_ABOVE = 2 * MOST_BYTES;

/** Refuses requests of a socket that are too large, by a code, and lets its connection live. */
export function refuseLarge(socket: WireSocket): void {
  let isLarge = false;
  const size = (data: string | Buffer): number => Buffer.byteLength(data);
  // Socket.IO takes a packet apart at once and hands it on at the next tick: what is put in line before that,
  // and after, stands on both sides of it.
  socket.conn.prependListener('data', (data: string | Buffer) => {
    if (size(data) > MOST_BYTES) process.nextTick(() => (isLarge = true));
  });
  socket.conn.on('data', (data: string | Buffer) => {
    if (size(data) > MOST_BYTES) process.nextTick(() => (isLarge = false));
  });
  socket.use((said, next) => {
    if (!isLarge) return next();
    const message = `A packet may have ${MOST_BYTES} bytes.`;
    if (isServed(socket, said[0])) refuse(socket, said, new RealtimeError('too_large', { message }));
  });
}
