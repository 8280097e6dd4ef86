import { CHAT_COMMANDS, COMMANDS, type RealtimeError } from '@netbuild/realtime-protocol';
import { taken, waitOf } from '../rate.ts';
import type { Kind, Limits } from './limits.ts';
import { tooMany } from './too-many.ts';

/** How fast one socket may ask. */
export interface Pace {
  /**
   * Asked for each request, before anything is done for it.
   *
   * @param size its bytes, which wait until {@link Pace.done}
   * @returns why it is refused; nothing where it may go on
   */
  ask(event: string, size: number): RealtimeError | undefined;
  /** A request that was let on has come to its end. */
  done(size: number): void;
  /** Counts a packet, whatever is in it. */
  packet(): void;
  /** Whether it goes on asking all the same, and has to be closed. */
  readonly isOver: boolean;
}

/** Milliseconds after which there may be room again for bytes. */
const SOON = 500;

/** Full buckets for a new socket. */
export function createPace(limits: Limits): Pace {
  /** When each bucket is full. Thousands of sockets have some each, so they are numbers and no more. */
  const full = { engine: 0, chat: 0, rooms: 0, refusals: 0, packets: 0 };
  let waiting = 0;
  let isOver = false;

  function take(what: keyof typeof full): number {
    const rate = what === 'refusals' || what === 'packets' ? limits[what] : limits.requests[what];
    if (!rate) return 0;
    const now = performance.now();
    const next = taken(full[what], now, rate);
    if (next === undefined) return waitOf(full[what], now, rate);
    full[what] = next;
    return 0;
  }

  function refused(error: RealtimeError): RealtimeError {
    if (take('refusals') > 0) isOver = true;
    return error;
  }

  return {
    ask(event, size) {
      const wait = take(kindOf(event));
      if (wait > 0) return refused(tooMany(wait));
      // One alone may always: a packet has a limit of its own.
      if (waiting > 0 && waiting + size > limits.waitingBytes)
        return refused(tooMany(SOON, 'Too much is waiting on this socket.'));
      waiting += size;
      return undefined;
    },
    done(size) {
      waiting -= size;
    },
    packet() {
      if (take('packets') > 0) isOver = true;
    },
    get isOver() {
      return isOver;
    },
  };
}

const OF_CHAT: ReadonlySet<string> = new Set(CHAT_COMMANDS);

/** What a request is counted as. */
export function kindOf(event: string): Kind {
  if (!Object.hasOwn(COMMANDS, event)) return 'rooms';
  return OF_CHAT.has(event) ? 'chat' : 'engine';
}
