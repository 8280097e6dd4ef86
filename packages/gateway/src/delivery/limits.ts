/** How far a reader may fall behind, over whatever it is connected. */
export interface BacklogLimits {
  /** Bytes that may wait for it, beside what is on its way. */
  bytes: number;
  /** Milliseconds that something may wait without any of it going out. */
  age: number;
}
