/** Waits until it is one's turn; the answer ends it. */
export type Turns = (name: string) => Promise<() => void>;

/** One at a time under each name, in the order in which they came. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();
  return async (name) => {
    const before = last.get(name);
    let end = () => {};
    const turn = new Promise<void>((resolve) => {
      end = resolve;
    });
    last.set(name, turn);
    await before;
    return () => {
      if (last.get(name) === turn) last.delete(name);
      end();
    };
  };
}
