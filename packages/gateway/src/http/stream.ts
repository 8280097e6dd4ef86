import type { ServerResponse } from 'node:http';
import { CLOSES, type CloseCode, type Closing, formatPosition, type Room } from '@netbuild/realtime-protocol';
import type { BacklogLimits } from '../delivery/limits.ts';
import type { Member, Place } from '../delivery/member.ts';
import { type Owed, textOf } from '../delivery/outgoing.ts';
import { comeBackAfter } from '../drain.ts';

/** Milliseconds that the last words have to be read. */
const PARTING = 2000;

/** One answer as an event stream, seen from the delivery. */
export interface Stream extends Member {
  /** Whether somebody still reads it. */
  readonly isOpen: boolean;
  /** The first word: from where on, and whether nothing since the position that was asked for is missing. */
  ready(place: Place, recovered: boolean): void;
  left(rooms: Room[], place: Place): void;
  close(code: keyof typeof CLOSES, retryAfter?: number): void;
  /** Resolves once what was written is on its way, or the reader has gone. */
  settled(): Promise<void>;
}

/**
 * Makes the stream and sends its head.
 *
 * @param onClose hears why it is ended, where it is ended here
 */
export function createStream(
  response: ServerResponse,
  { bytes, age }: BacklogLimits,
  onClose: (code: CloseCode) => void = () => undefined,
): Stream {
  let stuck: NodeJS.Timeout | undefined;

  function write(text: string): void {
    // One large batch alone makes nobody slow; what waited before it does.
    if (response.destroyed || response.writableEnded) return;
    if (response.writableLength > bytes) cut();
    else if (!response.write(text)) stuck ??= setTimeout(cut, age);
  }

  function cut(): void {
    onClose('behind');
    response.destroy();
  }

  function unstick(): void {
    clearTimeout(stuck);
    stuck = undefined;
  }

  response.on('drain', unstick);
  response.on('close', unstick);
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // nginx would keep events back to fill its buffer.
    'x-accel-buffering': 'no',
    // When it ends, nothing else will be asked on this connection.
    connection: 'close',
  });
  response.flushHeaders();

  const stream: Stream = {
    get isOpen() {
      return !response.destroyed && !response.writableEnded;
    },
    rooms: new Set(),
    revision: 0,
    ready({ epoch, seq }, recovered) {
      write(
        `id: ${formatPosition(epoch, seq)}\nevent: ready\ndata: ${JSON.stringify({ epoch, seq, recovered })}\n\n`,
      );
    },
    take(owed, epoch) {
      if (owed.length > 0) write(owed.map((one) => messageOf(one, epoch)).join(''));
    },
    left(rooms, { epoch, seq }) {
      const id = formatPosition(epoch, seq);
      write(`id: ${id}\nevent: room:left\ndata: ${JSON.stringify({ rooms })}\n\n`);
      stream.close('room_left', 0);
    },
    // An id without data is heard by no listener, and is where the reader goes on after a cut.
    prove: ({ epoch, seq }) => write(`id: ${formatPosition(epoch, seq)}\n\n`),
    close(code, retryAfter = comeBackAfter()) {
      const closing: Closing = { code, ...CLOSES[code], retryAfter };
      if (response.destroyed || response.writableEnded) return;
      if (code === 'behind') return cut();
      onClose(code);
      response.end(`retry: ${retryAfter}\nevent: closing\ndata: ${JSON.stringify(closing)}\n\n`);
      setTimeout(() => response.destroy(), PARTING).unref();
    },
    async settled() {
      while (response.writableNeedDrain && !response.destroyed) {
        await new Promise<void>((resolve) => {
          const done = (): void => {
            response.off('drain', done).off('close', done);
            resolve();
          };
          response.on('drain', done).on('close', done);
        });
      }
    },
  };
  return stream;
}

function messageOf(owed: Owed, epoch: string): string {
  const { item, left } = owed;
  const type = left ? 'left' : item.event.type;
  return `id: ${formatPosition(epoch, item.entry.seq)}\nevent: ${type}\ndata: ${textOf(owed)}\n\n`;
}
