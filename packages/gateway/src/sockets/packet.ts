import type { WireSocket } from './wire-socket.ts';

/** An event of Socket.IO in its encoded form, made once for every socket that gets it. */
export interface Packet {
  /** As any transport can send it. */
  readonly data: string;
  /**
   * What engine.io takes with it. Over WebSocket it writes `wsPreEncodedFrame` as it is, and one piece costs less
   * than the head and the body that are written otherwise.
   */
  readonly options: { readonly compress: false; readonly wsPreEncodedFrame: readonly [Buffer] };
}

/**
 * The packet of `socket.emit(name, …)`.
 *
 * @param name of the event, as JSON
 * @param values each as JSON
 */
export function packetOf(name: string, ...values: string[]): Packet {
  const data = `2[${[name, ...values].join(',')}]`;
  return { data, options: { compress: false, wsPreEncodedFrame: [frameOf(`4${data}`)] } };
}

/** Sends a packet, in turn with all that goes to this socket. */
export function send(socket: WireSocket, { data, options }: Packet): void {
  // Its types leave out the frame, and it sets `compress` on what it is given.
  socket.conn.write(data, options as { compress: boolean });
}

/** A text in one WebSocket frame (RFC 6455, 5.2), as a server sends it: whole and not masked. */
function frameOf(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x81;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, head);
  return frame;
}
