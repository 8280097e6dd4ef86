/**
 * Something that can be watched, in the shape that `useSyncExternalStore` wants.
 *
 * @example const stop = client.status.subscribe(() => show(client.status.getSnapshot()));
 */
export interface Readable<T> {
  /** Calls back after each change, until the returned function is called. */
  subscribe(listener: () => void): () => void;
  /** The value as it is; the same object until it changes. */
  getSnapshot(): T;
}

/** A set of callbacks, of which one that throws harms no other. */
export class Listeners<A extends unknown[] = []> {
  #all = new Set<(...args: A) => void>();

  get size(): number {
    return this.#all.size;
  }

  add = (listener: (...args: A) => void): (() => void) => {
    this.#all.add(listener);
    return () => this.remove(listener);
  };

  remove(listener: (...args: A) => void): void {
    this.#all.delete(listener);
  }

  clear(): void {
    this.#all.clear();
  }

  tell(...args: A): void {
    for (const listener of [...this.#all]) {
      try {
        listener(...args);
      } catch (error) {
        // The log's order must not depend on a screen.
        report(error);
      }
    }
  }
}

/** Into the host's own report of uncaught errors. */
export function report(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** A value that tells when it is replaced. */
export class Value<T> implements Readable<T> {
  #value: T;
  #listeners = new Listeners();

  constructor(value: T) {
    this.#value = value;
  }

  subscribe = this.#listeners.add;

  getSnapshot = (): T => this.#value;

  set(value: T): void {
    if (value === this.#value) return;
    this.#value = value;
    this.#listeners.tell();
  }
}
