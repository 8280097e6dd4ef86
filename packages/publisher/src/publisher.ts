import { randomUUID } from 'node:crypto';
import { createBuffer, type Entry } from './buffer.ts';
import { createDelivery } from './delivery.ts';
import { PublishError, type PublishErrorCode } from './error.ts';
import {
  type EventOptions,
  type PublishData,
  type PublishedEvent,
  type PublishOptions,
  type PublishType,
  type Rooms,
  write,
} from './event.ts';
import { beforeExit } from './exit.ts';
import { createGateway } from './gateway.ts';
import type { PublisherOptions } from './options.ts';

/** An event that is in the log: `epoch` and `seq` are the position from which on it can be seen. */
export interface Acknowledged {
  id: string;
  /** `known`: it was there already. */
  status: 'new' | 'known';
  epoch: string;
  seq: number;
}

/** How many events were given up. */
export interface Left {
  /** Each was told to `onRefused` as `closed`; what was under way may be in the log. */
  unanswered: number;
  /** They were acknowledged, and would be lost with a storage that fails over just now. */
  unsettled: number;
}

/** Sends events to a gateway, in the order in which they are given. */
export interface Publisher {
  /**
   * Takes an event, and returns at once; never throws. It is sent with others, and again until it is answered.
   *
   * @returns its id
   */
  publish<T extends PublishType>(type: T, data: PublishData<T>, ...options: PublishOptions<T>): string;
  /**
   * The same, for who has to know.
   *
   * @throws {PublishError} by the promise: why it was refused; `timeout` where it has not been answered in
   * `sendTimeout`, and goes on being sent all the same
   * @example const { seq } = await publisher.send('x:shipped', { parcel }, { executionId: 'order-7' });
   */
  send<T extends PublishType>(
    type: T,
    data: PublishData<T>,
    ...options: PublishOptions<T>
  ): Promise<Acknowledged>;
  /** Sends at once, and resolves when all that was given before has been answered. Never rejects; the process lives so long. */
  flush(): Promise<void>;
  /**
   * Takes nothing any more; resolves when all is acknowledged and can no longer be lost, or `closeTimeout` has passed
   * and the rest is given up. Call it where a signal ends the process.
   */
  close(): Promise<Left>;
  /** What is held: waiting, under way, and acknowledged but not settled. */
  readonly buffered: { readonly events: number; readonly bytes: number };
}

/** An event that is held, and who waits for its answer. */
interface Given extends Entry {
  isAnswered: boolean;
  tell?: Tell | undefined;
}

/** Tells whoever sent it; false where nobody waits any more. */
type Tell = (outcome: Acknowledged | PublishError) => boolean;

/**
 * Makes a publisher. It connects when there is something to send, and keeps no process alive but by a request that is
 * under way: what waits when nothing else is left to do (`beforeExit`) is sent then, within `closeTimeout`. Neither
 * `process.exit()` nor a signal waits for it: that is what `close` is for.
 *
 * @throws {TypeError} where `url` is none
 * @example
 * const publisher = createPublisher({ url: 'https://realtime.example.com', key, source: 'shop' });
 * publisher.publish('message:new', { messageId, executionId, userId, content });
 * publisher.publish('x:shipped', { parcel: '0815' }, { executionId: 'order-7' });
 * process.once('SIGTERM', async () => { await publisher.close(); process.exit(); });
 */
export function createPublisher(options: PublisherOptions): Publisher {
  const { requestTimeout = 10_000, sendTimeout = 30_000, closeTimeout = 10_000 } = options;
  const warn = warnOnce();
  const {
    onRefused = ({ id, type }, error) => warn(error, `The event ${id} (${type}) was dropped`),
    onRetry = (error) => warn(error, 'A request failed and is made again'),
  } = options;
  const buffer = createBuffer<Given>({ events: 100_000, bytes: 64 * 1024 * 1024, ...options.buffer });
  const gateway = createGateway({ ...options, requestTimeout });
  const delivery = createDelivery({
    buffer,
    gateway,
    batch: { events: 100, bytes: 500_000, gather: 5, ...options.batch },
    backoff: { base: 100, limit: 10_000, ...options.backoff },
    isHurried: () => flushes.length > 0 || isDraining,
    onAnswered(given, result, epoch) {
      if (result.status === 'refused') refuse(given, new PublishError(result.error));
      else given.tell?.({ ...result, id: idOf(given), epoch });
      answered(given);
    },
    onFailed: (error, wait) => queueMicrotask(() => onRetry(error, wait)),
  });
  let given = 0;
  let known = 0;
  let flushes: { upTo: number; end: () => void }[] = [];
  let isDraining = false;
  let closing: Promise<Left> | undefined;

  function take(
    type: PublishType,
    data: unknown,
    about: EventOptions & Partial<Rooms> = {},
    tell?: Tell,
  ): string {
    const { id = randomUUID() } = about;
    const make = (data: unknown): Given => {
      const json = write(options, type, data, { ...about, id });
      return { json, bytes: Buffer.byteLength(json), isAnswered: false, tell };
    };
    try {
      const one = make(data);
      if (closing) refuse(one, own('closed', 'The publisher is closed.'));
      else if (!buffer.add(one)) refuse(one, own('buffer_full', 'The buffer of the publisher is full.'));
      else {
        given++;
        delivery.look();
      }
    } catch (error) {
      const message = `data: There is no JSON of it: ${(error as Error).message}`;
      refuse(
        make(undefined),
        new PublishError({ code: 'invalid', message, retryable: false, field: 'data' }, error),
      );
    }
    return id;
  }

  /** Outside of whoever gave it: nothing that a callback throws gets into their path. */
  function refuse(one: Given, error: PublishError): void {
    if (!one.tell?.(error)) queueMicrotask(() => onRefused(JSON.parse(one.json) as PublishedEvent, error));
  }

  /** What is sent again in another life of the log was answered before. */
  function answered(one: Given): void {
    if (one.isAnswered) return;
    one.isAnswered = true;
    known++;
    // The first answers come in the order in which events were given.
    for (const { end } of flushes.filter(({ upTo }) => upTo <= known)) end();
    flushes = flushes.filter(({ upTo }) => upTo > known);
  }

  /** Sends what there is, and gives up what is left after a time. The process lives so long. */
  function drain(): Promise<Left> {
    isDraining = true;
    return new Promise((resolve) => {
      const end = (left: Left) => {
        clearTimeout(timer);
        isDraining = false;
        resolve(left);
      };
      const timer = setTimeout(() => end(giveUp()), closeTimeout);
      delivery.look();
      delivery.idle().then(() => end({ unanswered: 0, unsettled: 0 }));
    });
  }

  function giveUp(): Left {
    const { waiting, kept } = buffer.clear();
    const error = own('closed', 'Given up before it was acknowledged.');
    gateway.abort(error);
    for (const one of waiting) {
      refuse(one, error);
      answered(one);
    }
    delivery.look();
    return { unanswered: waiting.length, unsettled: kept };
  }

  const forget = beforeExit(() => {
    if (buffer.events > 0) drain();
  });

  return {
    publish: (type, data, ...[about]) => take(type, data, about),
    send: (type, data, ...[about]) =>
      new Promise((resolve, reject) => {
        let isTold = false;
        const tell: Tell = (outcome) => {
          if (isTold) return false;
          isTold = true;
          clearTimeout(timer);
          if (outcome instanceof PublishError) reject(outcome);
          else resolve(outcome);
          return true;
        };
        const message = `There was no answer within ${sendTimeout} ms; it goes on being sent.`;
        const timer = setTimeout(() => tell(own('timeout', message)), sendTimeout);
        take(type, data, about, tell);
      }),
    flush() {
      if (known === given) return Promise.resolve();
      return new Promise((resolve) => {
        const hold = setInterval(() => undefined, 60_000);
        const end = () => {
          clearInterval(hold);
          resolve();
        };
        flushes.push({ upTo: given, end });
        delivery.look();
      });
    },
    close() {
      forget();
      closing ??= drain().finally(gateway.close);
      return closing;
    },
    get buffered() {
      const { events, bytes } = buffer;
      return { events, bytes };
    },
  };
}

const idOf = ({ json }: Entry): string => (JSON.parse(json) as PublishedEvent).id;

/** An error that only a publisher can know. */
const own = (code: PublishErrorCode, message: string): PublishError =>
  new PublishError({ code, message, retryable: true });

/** Warns of each kind of error once, so that an outage does not fill a log. */
function warnOnce(): (error: PublishError, what: string) => void {
  const told = new Set<string>();
  return ({ code, message }, what) => {
    if (told.has(code)) return;
    told.add(code);
    process.emitWarning(`${what}: ${message}`, { type: 'RealtimePublisher', code });
  };
}
