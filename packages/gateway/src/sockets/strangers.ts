import type { Server } from 'socket.io';
import type { Entrance } from '../limits/entrance.ts';
import type { Proxies } from '../limits/proxies.ts';
import type { WireSocket } from './wire-socket.ts';

/**
 * Counts sessions from their begin on, and those that have yet to say who they are: these may send a few packets, as
 * each can ask for a token to be checked. Socket.IO itself ends them when their time is over.
 *
 * @param most packets that they may send; 0: no limit
 */
export function watchStrangers(
  // biome-ignore lint/suspicious/noExplicitAny: the names and payloads of any server.
  io: Server<any, any, any, any>,
  entrance: Entrance,
  proxies: Proxies,
  most: number,
): void {
  const strangers = new WeakMap<WireSocket['conn'], () => void>();
  io.engine.on('connection', (conn: WireSocket['conn']) => {
    const visit = entrance.visit(proxies.addressOf(conn.request));
    conn.once('close', visit.end);
    let packets = 0;
    const count = (): void => {
      if (most > 0 && ++packets > most) conn.close();
    };
    conn.on('packet', count);
    strangers.set(conn, () => {
      conn.off('packet', count);
      visit.known();
    });
  });
  io.on('connection', ({ conn }) => {
    strangers.get(conn)?.();
    strangers.delete(conn);
  });
}
