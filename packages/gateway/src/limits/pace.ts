import { COMMANDS, type RealtimeError } from '@netbuild/realtime-protocol';
import { type Bucket, createBucket } from '../rate.ts';
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
  const buckets: Record<Kind, Bucket> = {
    engine: createBucket(limits.requests.engine),
    chat: createBucket(limits.requests.chat),
    rooms: createBucket(limits.requests.rooms),
  };
  const packets = createBucket(limits.packets);
  const refusals = createBucket(limits.refusals);
  let waiting = 0;
  let isOver = false;

  function refused(error: RealtimeError): RealtimeError {
    if (refusals.take() > 0) isOver = true;
    return error;
  }

  return {
    ask(event, size) {
      const wait = buckets[kindOf(event)].take();
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
      if (packets.take() > 0) isOver = true;
    },
    get isOver() {
      return isOver;
    },
  };
}

/** Commands whose effect is in the log alone; all others have an engine do something. */
const OF_CHAT = /^(message:send|execution:)/;

function kindOf(event: string): Kind {
  if (!Object.hasOwn(COMMANDS, event)) return 'rooms';
  return OF_CHAT.test(event) ? 'chat' : 'engine';
}
