/** So many at once, and after that so many a second. */
export interface Rate {
  burst: number;
  perSecond: number;
}

/** What a setting such as `500/20` says; nothing where it says `off`. */
export function rateOf(text: string): Rate | undefined {
  const [burst, perSecond] = text.split('/').map(Number);
  return perSecond === undefined ? undefined : { burst: burst!, perSecond };
}

/** Lets things happen at a rate. */
export interface Bucket {
  /** @returns 0 if it may happen now; otherwise the milliseconds to wait, and nothing was taken */
  take(): number;
}

/**
 * The time from which on a bucket is full again, once one more is taken; `undefined` if it may not be taken now.
 * One number says all of a bucket (the generic cell rate algorithm), so that many of them cost little.
 *
 * @param full when it is full without that; in the past for one that nobody took from lately
 */
export function taken(full: number, now: number, { burst, perSecond }: Rate): number | undefined {
  const each = 1000 / perSecond;
  const next = Math.max(full, now) + each;
  // Rounding must not cost the last of a burst.
  return next - now > burst * each + 1e-6 ? undefined : next;
}

/** Milliseconds until one can be taken of a bucket that has none. */
export function waitOf(full: number, now: number, { burst, perSecond }: Rate): number {
  return Math.max(1, full - now - ((burst - 1) * 1000) / perSecond);
}

/**
 * A full bucket.
 *
 * @param rate none: everything may happen
 */
export function createBucket(rate: Rate | undefined, clock = (): number => performance.now()): Bucket {
  let full = 0;
  return {
    take() {
      if (!rate) return 0;
      const now = clock();
      const next = taken(full, now, rate);
      if (next === undefined) return waitOf(full, now, rate);
      full = next;
      return 0;
    },
  };
}
