/** How far a reader may fall behind, over whatever it is connected. */
export interface BacklogLimits {
  /** Bytes that may wait for it, beside what is on its way. */
  bytes: number;
  /** Milliseconds that something may wait without any of it going out. */
  age: number;
}

/** A slow phone fits, a tab that has gone to sleep does not. */
export const BACKLOG_LIMITS: BacklogLimits = { bytes: 8 * 1024 * 1024, age: 10_000 };
