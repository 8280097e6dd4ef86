import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';

/** A logger, and what it has written, from warnings on unless another level is said. */
export function linesOf(level = 'warn'): { logger: Logger; lines: () => object[] } {
  const written: object[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(JSON.parse(chunk.toString()) as object);
      done();
    },
  });
  return { logger: pino({ level, base: null }, stream), lines: () => written };
}
