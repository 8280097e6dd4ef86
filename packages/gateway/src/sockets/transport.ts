import type { Socket as TcpSocket } from 'node:net';
import type { WireSocket } from './wire-socket.ts';

/** The parts of engine.io's transport that its types don't show. */
export interface Transport {
  writable: boolean;
  once(event: 'ready', listener: () => void): void;
  off(event: 'ready', listener: () => void): void;
  /** Of WebSocket: ws's socket, with the TCP connection. */
  socket?: { _socket?: TcpSocket };
  /** Of polling: the answer to the poll that is open. */
  res?: { socket: TcpSocket | null };
}

/** The transport that a connection has now: who began by polling may go on over WebSocket. */
export function transportOf(conn: WireSocket['conn']): Transport {
  return conn.transport as unknown as Transport;
}

/**
 * Lets all that a connection is sent in this turn of the event loop go out in one write. At a handshake that is two
 * packets, and each write costs as much as everything else that is done for it.
 */
export function writeAtOnce(conn: WireSocket['conn']): void {
  const tcp = transportOf(conn).socket?._socket;
  if (!tcp) return;
  tcp.cork();
  setImmediate(() => tcp.uncork());
}
