import { type Rate, taken, waitOf } from '../rate.ts';

/** A bucket for each key: an address, a person. */
export interface Buckets {
  /** @returns 0 if it may happen now; otherwise the milliseconds to wait, and nothing was taken */
  take(key: string): number;
  /** The milliseconds that this one has to wait; nothing is taken. */
  waitOf(key: string): number;
  /** Buckets that are held in memory. */
  readonly size: number;
}

/**
 * Buckets that are held: 100 bytes each. Who has that many others used in turn gets at most that many bursts, and
 * meets the limit of the whole node.
 */
const MOST = 20_000;

/**
 * Makes buckets by need. They stand in two halves: one that is used goes to the young half, and when that is full, or
 * has been there for as long as a bucket takes to fill, the old half is dropped and the young one becomes the old. So
 * what is dropped is full, which is as good as none, or was used longest ago; and all of it costs the same for each.
 *
 * @param rate none: everything may happen
 */
export function createBuckets(rate: Rate | undefined, clock = (): number => performance.now()): Buckets {
  /** When each is full. */
  let young = new Map<string, number>();
  let old = new Map<string, number>();
  let since = clock();
  const filling = rate ? (rate.burst * 1000) / rate.perSecond : 0;

  const fullOf = (key: string): number => young.get(key) ?? old.get(key) ?? 0;

  function turn(now: number): void {
    if (young.size < MOST / 2 && now - since < filling) return;
    old = now - since < 2 * filling ? young : new Map();
    young = new Map();
    since = now;
  }

  return {
    take(key) {
      if (!rate) return 0;
      const now = clock();
      turn(now);
      const full = fullOf(key);
      const next = taken(full, now, rate);
      young.set(key, next ?? full);
      return next === undefined ? waitOf(full, now, rate) : 0;
    },
    waitOf(key) {
      const full = fullOf(key);
      if (!rate || full === 0) return 0;
      const now = clock();
      return taken(full, now, rate) === undefined ? waitOf(full, now, rate) : 0;
    },
    get size() {
      return young.size + old.size;
    },
  };
}
