/** How long to wait between attempts to connect, in milliseconds. */
export interface Backoff {
  /** Upper bound of the first wait; doubles with each failure. Default 500. */
  base: number;
  /** No wait is longer. Default 30 000. */
  limit: number;
}

/**
 * A wait with full jitter: anywhere between nothing and the bound, so that the clients of a node
 * that died do not come back in waves.
 */
export function delay({ base, limit }: Backoff, failures: number): number {
  return Math.random() * Math.min(limit, base * 2 ** Math.min(failures, 20));
}
