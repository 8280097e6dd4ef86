import type { Entry, Log } from '@netbuild/realtime-log';

/** Follows one domain's log: hands on each entry once, in order, without holes. */
export interface Tail {
  readonly epoch: string;
  /** Everything up to here has been handed on. */
  readonly seq: number;
  /** Resolves as soon as everything up to `seq` has been handed on. */
  reached(seq: number): Promise<void>;
  close(): void;
}

/** How many entries are read at once where the tail has fallen behind. */
const PAGE = 1000;

/**
 * Begins at the head of a domain's log and goes on from there.
 *
 * What the log's watcher brings is taken for a wake-up: the next in line is handed on, older ones are ignored,
 * and a hole means reading the log.
 */
export async function createTail(
  log: Pick<Log, 'head' | 'read' | 'watch'>,
  domain: string,
  deliver: (entries: Entry[], epoch: string) => void,
): Promise<Tail> {
  let epoch = '';
  let seq = -1;
  let reading: Promise<void> | undefined;
  let isClosed = false;
  const waiting = new Set<{ seq: number; resolve: () => void }>();

  function handOn(entries: Entry[]): void {
    if (entries.length === 0) return;
    seq = entries.at(-1)!.seq;
    deliver(entries, epoch);
    for (const waiter of waiting) {
      if (waiter.seq > seq) continue;
      waiting.delete(waiter);
      waiter.resolve();
    }
  }

  function catchUp(): Promise<void> {
    reading ??= (async () => {
      for (let more = true; more && !isClosed; ) {
        const page = await log.read(domain, { after: seq, limit: PAGE });
        // The watcher may have brought some of them while the log was read.
        handOn(page.entries.filter((entry) => entry.seq > seq));
        more = page.more;
      }
    })().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  const stop = log.watch((changed, entries, life) => {
    if (changed !== domain || seq < 0 || isClosed) return;
    epoch = life;
    const fresh = entries.filter((entry) => entry.seq > seq);
    if (fresh[0]?.seq === seq + 1) handOn(fresh);
    // A failed read leaves the hole; the next wake-up finds it again.
    else if (fresh.length > 0) catchUp().catch(() => undefined);
  });

  const head = await log.head(domain);
  epoch = head.epoch;
  seq = head.seq;
  await catchUp();

  return {
    get epoch() {
      return epoch;
    },
    get seq() {
      return seq;
    },
    async reached(wanted) {
      if (seq >= wanted) return;
      const arrival = Promise.withResolvers<void>();
      const waiter = { seq: wanted, resolve: arrival.resolve };
      waiting.add(waiter);
      try {
        await catchUp();
        await arrival.promise;
      } finally {
        waiting.delete(waiter);
      }
    },
    close() {
      isClosed = true;
      stop();
    },
  };
}
