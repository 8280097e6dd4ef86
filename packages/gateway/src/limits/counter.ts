/** Counts what is open, by a key: an address, a person. It holds those alone that have something open. */
export interface Counter {
  /** Whether this one has as much open as it may. */
  isFull(key: string): boolean;
  /** Counts one more; returns the way to say, once, that it has ended. */
  add(key: string): () => void;
  /** Keys that have something open. */
  readonly size: number;
}

/** @param most that a key may have open; 0: no limit */
export function createCounter(most: number): Counter {
  const open = new Map<string, number>();
  return {
    isFull: (key) => most > 0 && (open.get(key) ?? 0) >= most,
    add(key) {
      open.set(key, (open.get(key) ?? 0) + 1);
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        const left = open.get(key)! - 1;
        if (left > 0) open.set(key, left);
        else open.delete(key);
      };
    },
    get size() {
      return open.size;
    },
  };
}
