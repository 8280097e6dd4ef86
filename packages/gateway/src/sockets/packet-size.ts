import { RealtimeError } from '@netbuild/realtime-protocol';
import { isDeeper } from '../depth.ts';
import type { Limits } from '../limits/limits.ts';
import { sizeOf } from './parser.ts';
import { isServed, refuse } from './refuse.ts';
import type { WireSocket } from './wire-socket.ts';

/**
 * What engine.io takes at all, in bytes. Beyond it the connection ends without a word (1009, or 413 over polling),
 * since the rest of the packet is never read; so it is above what is refused by a code.
 */
export function cutAbove({ packetBytes }: Limits): number {
  return 2 * packetBytes;
}

/** Refuses requests of a socket that are too large, or nested too deep, by a code, and lets its connection live. */
export function refuseLarge(socket: WireSocket, { packetBytes, depth }: Limits): void {
  socket.use((all, next) => {
    const [event, ...said] = all;
    const refusal =
      sizeOf(all) > packetBytes
        ? new RealtimeError('too_large', { message: `A packet may have ${packetBytes} bytes.` })
        : said.some((value) => isDeeper(value, depth))
          ? new RealtimeError('invalid', { message: `A request may be nested ${depth} levels deep.` })
          : undefined;
    if (!refusal) return next();
    if (isServed(socket, event)) refuse(socket, all, refusal);
  });
}
