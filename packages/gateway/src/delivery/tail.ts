import type { Entry, Head, Log } from '@netbuild/realtime-log';
import type { Life } from '@netbuild/realtime-protocol';
import { withoutCut } from './group.ts';
import { FIRST_SLICE, MOST_CHARACTERS, sliceOf } from './slice.ts';

/** Follows one domain's log: hands on each entry once, in order, without holes. */
export interface Tail {
  readonly epoch: string;
  /** Everything up to here has been handed on. */
  readonly seq: number;
  /** The lives of the log, as of the last look. */
  readonly lives: readonly Life[];
  /** When the log's head was last asked for that this tail has reached since, by `performance.now()`. */
  readonly lookedAt: number;
  /** Events that are known to be in the log and were not handed on yet. */
  readonly missing: number;
  /**
   * Resolves as soon as everything up to `seq` of a life has been handed on;
   * to false if that life is over, or has lost it.
   */
  reached(seq: number, epoch?: string): Promise<boolean>;
  close(): void;
}

/** What a tail may be told beside where it looks. */
export interface TailOptions {
  /** Milliseconds from one look at the log's head to the next. */
  every?: number | undefined;
  /** The log no longer has what was handed on after `seq`; the tail goes on from there. */
  rewound?: (seq: number) => void;
}

/** How many entries are read at once at most where the tail has fallen behind. */
const PAGE = 500;

/**
 * Begins at the head of a domain's log and goes on from there.
 *
 * What the log's watcher brings is taken for a wake-up: the next in line is handed on, older ones are ignored,
 * and a hole, or another life, means a look at the log. So does a timer, since wake-ups may be lost.
 */
export async function createTail(
  log: Pick<Log, 'head' | 'read' | 'watch'>,
  domain: string,
  deliver: (entries: Entry[], epoch: string) => void,
  { every = 1000, rewound = () => undefined }: TailOptions = {},
): Promise<Tail> {
  let epoch = '';
  let seq = -1;
  let lives: readonly Life[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;
  let known = 0;
  let looking: Promise<void> | undefined;
  let isWanted = false;
  let isClosed = false;
  const waiting = new Set<{ seq: number; resolve: (isReached: boolean) => void }>();

  function handOn(entries: Entry[]): void {
    if (entries.length === 0) return;
    seq = entries.at(-1)!.seq;
    deliver(entries, epoch);
    for (const waiter of waiting) if (waiter.seq <= seq) waiter.resolve(true);
  }

  /** Goes back to what the log still has. */
  function goBack(to: number): void {
    seq = to;
    for (const waiter of waiting) waiter.resolve(false);
    rewound(seq);
  }

  const likelyFit = (entries: Entry[]) => Math.min(PAGE, sliceOf(entries, MOST_CHARACTERS));

  function follow(head: Head): void {
    const own = head.lives.findIndex((life) => life.epoch === epoch);
    const isNew = head.epoch !== epoch;
    epoch = head.epoch;
    lives = head.lives;
    if (!isNew) return;
    const fork = Math.min(...head.lives.slice(own + 1).map(({ from }) => from));
    // A life that is no longer known has nothing in common with this one.
    if (own < 0) goBack(head.seq);
    else if (seq >= fork) goBack(fork - 1);
  }

  async function look(): Promise<void> {
    const askedAt = performance.now();
    const head = await log.head(domain);
    if (isClosed) return;
    follow(head);
    known = head.seq;
    let limit = FIRST_SLICE;
    for (let more = seq < head.seq; more; ) {
      const page = await log.read(domain, { after: seq, limit });
      if (isClosed) return;
      if (page.epoch !== epoch) return look();
      // Where the page ends in the middle of a group, that comes with the next: it changes all at once.
      const whole = page.more ? withoutCut(page.entries) : page.entries;
      // The watcher may have brought some of them while the log was read.
      const fresh = whole.filter((entry) => entry.seq > seq);
      // What lies between is no longer kept: nobody can be given it any more.
      if (page.floor > seq) goBack(page.floor);
      handOn(fresh);
      more = page.more;
      if (more) limit = whole.length === 0 ? limit * 2 : likelyFit(page.entries);
    }
    if (seq >= head.seq) lookedAt = askedAt;
  }

  /** Looks at the log from now on; one look at a time. */
  function lookAgain(): Promise<void> {
    isWanted = true;
    looking ??= (async () => {
      while (isWanted && !isClosed) {
        isWanted = false;
        await look();
      }
    })().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  /** What the watcher brings in one go, of one life. */
  let arriving: { life: string; entries: Entry[] } | undefined;

  function takeIn({ life, entries }: { life: string; entries: Entry[] }): void {
    const fresh = entries.filter((entry) => entry.seq > seq);
    if (isClosed || (life === epoch && fresh.length === 0)) return;
    const isNext = fresh[0]?.seq === seq + 1 && fresh.at(-1)!.seq === seq + fresh.length;
    if (life === epoch && isNext) handOn(fresh);
    // A failed look leaves it to the next wake-up, or to the timer.
    else lookAgain().catch(() => undefined);
  }

  const stop = log.watch((changed, entries, life) => {
    if (changed !== domain || seq < 0 || isClosed) return;
    if (arriving?.life === life) {
      const last = arriving.entries.at(-1)?.seq ?? 0;
      arriving.entries = arriving.entries.concat(entries.filter((entry) => entry.seq > last));
      return;
    }
    const batch = { life, entries };
    arriving = batch;
    // Writes that are acknowledged together go out together: one packet a socket, and not one for each.
    queueMicrotask(() => {
      if (arriving === batch) arriving = undefined;
      takeIn(batch);
    });
  });

  try {
    const head = await log.head(domain);
    ({ epoch, seq, lives } = head);
    await lookAgain();
  } catch (error) {
    stop();
    throw error;
  }

  let timer = setTimeout(onTimer, every).unref();
  function onTimer(): void {
    lookAgain()
      .catch(() => undefined)
      .finally(() => {
        if (!isClosed) timer = setTimeout(onTimer, every).unref();
      });
  }

  return {
    get epoch() {
      return epoch;
    },
    get seq() {
      return seq;
    },
    get lives() {
      return lives;
    },
    get lookedAt() {
      return lookedAt;
    },
    get missing() {
      return Math.max(0, known - seq);
    },
    async reached(wanted, life = epoch) {
      if (life !== epoch) await lookAgain();
      if (life !== epoch) return false;
      if (seq >= wanted) return true;
      const arrival = Promise.withResolvers<boolean>();
      const waiter = { seq: wanted, resolve: arrival.resolve };
      waiting.add(waiter);
      try {
        await lookAgain();
        return await arrival.promise;
      } finally {
        waiting.delete(waiter);
      }
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      stop();
      for (const waiter of waiting) waiter.resolve(false);
    },
  };
}
