/** A text frame as clients send it: masked, with a mask that changes nothing. */
export function frameOf(text) {
  const length = Buffer.byteLength(text);
  const long = length > 125;
  const frame = Buffer.alloc((long ? 8 : 6) + length);
  frame[0] = 0x81;
  frame[1] = 0x80 | (long ? 126 : length);
  if (long) frame.writeUInt16BE(length, 2);
  frame.write(text, long ? 8 : 6);
  return frame;
}

/** Takes frames out of a stream of bytes; `hear` gets the text of each, and `undefined` for the word that it ends. */
export function frameReader(hear) {
  let rest;
  return (chunk) => {
    const bytes = rest ? Buffer.concat([rest, chunk]) : chunk;
    let at = 0;
    for (;;) {
      if (bytes.length - at < 2) break;
      let length = bytes[at + 1];
      let begin = at + 2;
      if (length === 126) {
        if (bytes.length - at < 4) break;
        length = bytes.readUInt16BE(begin);
        begin += 2;
      } else if (length === 127) {
        if (bytes.length - at < 10) break;
        length = Number(bytes.readBigUInt64BE(begin));
        begin += 8;
      }
      if (bytes.length < begin + length) break;
      hear(bytes[at] === 0x81 ? bytes.toString('utf8', begin, begin + length) : undefined);
      at = begin + length;
    }
    rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : undefined;
  };
}
