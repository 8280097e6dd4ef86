import { type Backoff, delay } from './backoff.ts';
import type { Buffer, Entry } from './buffer.ts';
import { PublishError } from './error.ts';
import type { Answer, Gateway, Result } from './gateway.ts';

/** How events go together. */
export interface BatchLimits {
  /** Events of a batch, at most; the gateway's own limit is 1,000 (`LIMIT_BATCH_EVENTS`). Default 100. */
  events: number;
  /** Bytes of a batch, at most, unless an event alone has more; the gateway's limit is 1 MiB (`LIMIT_BODY_BYTES`). Default 500 000. */
  bytes: number;
  /** Milliseconds that an event waits for others, at most, while no request is under way. Default 5. */
  gather: number;
}

/** What it needs. */
export interface DeliveryTools<E extends Entry> {
  buffer: Buffer<E>;
  gateway: Gateway;
  batch: BatchLimits;
  backoff: Backoff;
  /** Whether somebody waits for it, so that nothing should wait for more. */
  isHurried: () => boolean;
  onAnswered: (entry: E, result: Result, epoch: string) => void;
  /** A request has failed, and is made again after so many milliseconds. */
  onFailed: (error: PublishError, wait: number) => void;
}

/** What sends. */
export interface Delivery {
  /** To be called whenever the buffer has got or lost something, or somebody is in a hurry. */
  look(): void;
  /** Resolves when the buffer is empty. */
  idle(): Promise<void>;
}

/** The longest time that a timer of Node's takes. */
const LONGEST_PAUSE = 2 ** 31 - 1;

/**
 * Sends what waits in a buffer: one request at a time, so that order is kept, and each again until it is answered.
 *
 * A gateway whose storage can lose what it has acknowledged says for how long: its `settle`. So long it is kept, and
 * until it is known that the log was still in the same life then; in another one all of it is sent again, in order.
 * The ask for that is the first event that is kept, sent once more: it is known, or the first that was lost. An empty
 * batch would be answered with the life of the key's own domain, and the events may go to another.
 */
export function createDelivery<E extends Entry>(tools: DeliveryTools<E>): Delivery {
  const { buffer, gateway, batch, backoff, isHurried, onAnswered, onFailed } = tools;
  let running: Promise<void> | undefined;
  let wake = (): void => undefined;
  let epoch: string | undefined;
  let failures = 0;
  /** The last request, and perhaps since the log is in another life: that is asked before anything follows. */
  let hasFailed = false;
  let most = Math.max(1, batch.events);

  /** Waits, without keeping the process alive; `isOver` is asked now, and again at each look. */
  function pause(milliseconds: number, isOver: () => boolean): Promise<void> {
    if (isOver()) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(end, Math.min(LONGEST_PAUSE, milliseconds)).unref();
      wake = () => {
        if (isOver()) end();
      };
    });
  }

  async function run(): Promise<void> {
    while (buffer.events > 0) {
      try {
        await step();
      } catch (thrown) {
        const error = thrown as PublishError;
        if (error.code === 'closed') continue;
        hasFailed = true;
        const wait = (error.details.retryAfter ?? 0) + delay(backoff, failures++);
        onFailed(error, wait);
        await pause(wait, () => buffer.events === 0);
      }
    }
    running = undefined;
  }

  async function step(): Promise<void> {
    const { firstKept } = buffer;
    if (firstKept && hasFailed) return ask(firstKept);
    if (buffer.waiting > 0) {
      await pause(batch.gather, () => buffer.waiting >= most || buffer.waiting === 0 || isHurried());
      return buffer.waiting > 0 ? deliver() : undefined;
    }
    const wait = buffer.keptUntil - performance.now();
    if (wait > 0) return pause(wait, () => buffer.waiting > 0 || buffer.events === 0);
    return ask(firstKept!);
  }

  async function deliver(): Promise<void> {
    const entries = buffer.next(most, batch.bytes);
    const askedAt = performance.now();
    const answer = await exchange(entries);
    if (!answer) return;
    const taken = entries.filter((_, place) => answer.results[place]!.status !== 'refused');
    buffer.drop(entries.length);
    if (taken.length > 0) {
      hear(answer.epoch, askedAt);
      if (answer.settle > 0) buffer.keep(taken, performance.now() + answer.settle);
    }
    for (const [place, entry] of entries.entries())
      onAnswered(entry, placed(answer.results[place]!, place), answer.epoch);
  }

  /** Asks in which life the log is. */
  async function ask(first: E): Promise<void> {
    const askedAt = performance.now();
    const answer = await exchange([first]);
    const result = answer!.results[0]!;
    if (result.status === 'refused') {
      buffer.dropFirstKept();
      onAnswered(first, placed(result, 0), answer!.epoch);
    } else hear(answer!.epoch, askedAt);
  }

  /** @returns nothing where it was too much, or something in it that can only be found in fewer */
  async function exchange(entries: readonly E[]): Promise<Answer | undefined> {
    let answer: Answer;
    try {
      answer = await gateway.post(entries.map(({ json }) => json));
      // Slowly back up after a refusal: doubling would run into the same limit at every second request.
      most = Math.max(1, Math.min(batch.events, most + 1 + Math.floor(most / 8)));
    } catch (error) {
      if (!(error instanceof PublishError) || !isForWhatWasSent(error)) throw error;
      if (entries.length > 1) {
        most = Math.floor(entries.length / 2);
        return undefined;
      }
      // A gateway that refuses a question as well does not mean this event.
      const standing = await gateway.post([]);
      answer = { ...standing, results: [{ status: 'refused', error: error.details }] };
    }
    const later = answer.results.find((result) => result.status === 'refused' && result.error.retryable);
    if (later?.status === 'refused') throw new PublishError(later.error);
    failures = 0;
    hasFailed = false;
    return answer;
  }

  function hear(now: string, askedAt: number): void {
    if (epoch === now) buffer.sameLifeAt(askedAt);
    else buffer.lifeIsOver();
    epoch = now;
  }

  return {
    look() {
      if (buffer.events > 0) running ??= run();
      wake();
    },
    idle: () => running ?? Promise.resolve(),
  };
}

/** Whether it would be refused again, since it is too large or not as it has to be. */
function isForWhatWasSent({ details: { status, retryable, code } }: PublishError): boolean {
  return status === 413 || (status === 400 && !retryable && code !== 'unreachable');
}

/** A result as of the event by itself: in an answer the field is a path in the batch. */
function placed(result: Result, place: number): Result {
  if (result.status !== 'refused' || result.error.field === undefined) return result;
  const { field, ...error } = result.error;
  const [first, ...path] = field.split('.');
  if (first !== `${place}`) return result;
  return { status: 'refused', error: path.length > 0 ? { ...error, field: path.join('.') } : error };
}
