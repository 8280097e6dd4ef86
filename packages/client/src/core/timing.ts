/** The clock that a client goes by; tests bring their own. */
export interface Timing {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs something later, unless the returned function is called before. */
  after(milliseconds: number, run: () => void): () => void;
  /** Milliseconds between two checkpoints: `CHECKPOINT_INTERVAL` of the protocol, of which a client takes types alone. */
  interval: number;
}

/** The host's own clock. */
export const TIMING: Timing = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
  interval: 5_000,
};
