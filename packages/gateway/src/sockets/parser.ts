import { Decoder, Encoder, type Packet } from 'socket.io-parser';

/** How many bytes the packets had that values came in. */
const sizes = new WeakMap<object, number>();

/** The size of what a socket has said: of the packet that an object came in, or of a text itself. */
export function sizeOf(input: unknown): number {
  if (typeof input === 'string') return input.length;
  return typeof input === 'object' && input !== null ? (sizes.get(input) ?? 0) : 0;
}

/**
 * Socket.IO's own decoder, which notes how large each packet was. What is binary has no place on this wire, and its
 * attachments would be held until the last has come: who sends it loses the connection.
 */
class MeasuringDecoder extends Decoder {
  #size = 0;

  constructor() {
    super();
    // Before Socket.IO's own listener, which has the packet served.
    this.on('decoded', ({ data }: Packet) => {
      if (!Array.isArray(data)) return;
      for (const said of [data, ...data])
        if (typeof said === 'object' && said !== null) sizes.set(said, this.#size);
    });
  }

  override add(packet: unknown): void {
    if (typeof packet !== 'string' || packet.startsWith('5') || packet.startsWith('6'))
      throw new Error('binary packets are not taken');
    this.#size = Buffer.byteLength(packet);
    super.add(packet);
  }
}

/** What Socket.IO is to write and read packets by. */
export const parser = { Encoder, Decoder: MeasuringDecoder };
