/** How long to wait before a request that failed is made again, in milliseconds. */
export interface Backoff {
  /** Upper bound of the first wait; doubles with each failure. Default 100. */
  base: number;
  /** No wait is longer, but one that the gateway asks for. Default 10 000. */
  limit: number;
}

/** A wait with full jitter: anywhere between nothing and the bound, so that publishers do not come back in step. */
export function delay({ base, limit }: Backoff, failures: number): number {
  return Math.random() * Math.min(limit, base * 2 ** Math.min(failures, 20));
}
