/** Those who hear of something. One that throws harms neither the others nor who tells it. */
export class Listeners<A extends unknown[]> {
  readonly #all = new Set<{ listener: (...told: A) => void }>();

  /** Whether nobody listens. */
  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  /** Adds one; returns the way to stop. The same function added twice hears twice. */
  add(listener: (...told: A) => void): () => void {
    const entry = { listener };
    this.#all.add(entry);
    return () => void this.#all.delete(entry);
  }

  /** Tells all of them. */
  tell(...told: A): void {
    for (const { listener } of [...this.#all]) {
      try {
        listener(...told);
      } catch (error) {
        // It is the listener's own bug, and must be seen; but what it was told of is so, whatever it does.
        process.emitWarning(`A watcher of the log threw: ${String(error)}`);
      }
    }
  }

  /** Forgets all of them. */
  clear(): void {
    this.#all.clear();
  }
}
