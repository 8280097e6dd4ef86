/** Waits until it is one's turn; the answer ends it. */
export type Turns = (name: string) => Promise<() => void>;

/** Milliseconds after which a turn is over in any case; the log's own answers come or fail in less. */
const LONGEST = 15_000;

/**
 * One at a time under each name, in the order in which they came.
 *
 * A turn only keeps others out of the way: what is written is compared all the same. So one that is never given
 * back, since a call inside it never ends, holds up the next no longer than a while.
 */
export function createTurns(longest = LONGEST): Turns {
  const last = new Map<string, Promise<void>>();
  return async (name) => {
    const before = last.get(name);
    const { promise: turn, resolve } = Promise.withResolvers<void>();
    last.set(name, turn);
    await before;
    const end = (): void => {
      clearTimeout(timer);
      if (last.get(name) === turn) last.delete(name);
      resolve();
    };
    const timer = setTimeout(end, longest).unref();
    return end;
  };
}
