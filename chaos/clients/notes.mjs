import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { crc32 } from 'node:zlib';

/** What one client has seen, line by line in its order; the oracle reads it back. */
export function notesIn(file) {
  const stream = createWriteStream(file);
  return {
    write: (...line) => stream.write(`${JSON.stringify(line)}\n`),
    async end() {
      stream.end();
      await finished(stream);
    },
  };
}

/** Notes in which life of the log the client takes itself to be, whenever that is another one; `null`: in none. */
export function lifeIn(notes) {
  let life;
  return (epoch = null) => {
    if (epoch === life) return;
    life = epoch;
    notes.write('life', epoch);
  };
}

/** An event's text in the log, told again from what came: all but its `seq`. */
export function printOf({ seq: _, ...rest }) {
  return crc32(JSON.stringify(rest));
}
