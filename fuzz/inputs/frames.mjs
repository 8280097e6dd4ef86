/** Frames of WebSocket (RFC 6455, 5.2) by hand, since no client would send these. */

/**
 * One frame, masked as a client's has to be, unless told otherwise.
 *
 * @param {Buffer} payload
 * @param {{ opcode?: number, fin?: boolean, rsv?: number, masked?: boolean, says?: number | bigint }} [shape]
 *   `says`: the length that it claims to have
 */
export function frame(payload, { opcode = 1, fin = true, rsv = 0, masked = true, says } = {}) {
  const claimed = BigInt(says ?? payload.length);
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const mask = masked ? 0x80 : 0;
  const length =
    claimed < 126n
      ? [mask | Number(claimed)]
      : claimed < 65_536n
        ? [mask | 126, Number(claimed >> 8n), Number(claimed & 255n)]
        : [
            mask | 127,
            ...Array.from({ length: 8 }, (_, i) => Number((claimed >> BigInt(56 - 8 * i)) & 255n)),
          ];
  const key = Buffer.from([1, 2, 3, 4]);
  const body = masked ? payload.map((byte, i) => byte ^ key[i % 4]) : payload;
  return Buffer.concat([Buffer.from([first, ...length]), masked ? key : Buffer.alloc(0), body]);
}

/**
 * @param {ReturnType<import('../../scripts/lib/random.mjs').randomOf>} random
 * @param {ReturnType<import('./values.mjs').valuesOf>} values
 */
export function framesOf(random, values) {
  /** A frame that is wrong in some way. */
  return function wrong(text) {
    const payload = Buffer.from(text);
    const kind = random.pick([
      'opcode',
      'rsv',
      'unmasked',
      'longer',
      'endless',
      'fragment',
      'continued',
      'utf8',
      'control',
      'noise',
    ]);
    switch (kind) {
      case 'opcode':
        return frame(payload, { opcode: random.below(16) });
      case 'rsv':
        return frame(payload, { rsv: random.between(1, 7) });
      case 'unmasked':
        return frame(payload, { masked: false });
      case 'longer':
        return frame(payload, { says: payload.length + random.between(1, 5000) });
      case 'endless':
        return frame(payload, { says: random.pick([2 ** 31, 2n ** 40n, 2n ** 63n, 2n ** 64n - 1n]) });
      case 'fragment':
        return frame(payload, { fin: false });
      case 'continued':
        return frame(payload, { opcode: 0, fin: random.next() < 0.5 });
      case 'utf8':
        return frame(Buffer.concat([Buffer.from('42["'), values.bytes(20), Buffer.from('"]')]));
      case 'control':
        return frame(Buffer.alloc(random.pick([0, 1, 125, 126, 70_000]), 7), {
          opcode: random.pick([8, 9, 10]),
          fin: random.next() < 0.8,
        });
      default:
        return values.bytes(random.between(1, 200));
    }
  };
}
