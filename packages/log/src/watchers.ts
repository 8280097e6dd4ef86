import type { Entry, Watcher } from './log.ts';

/** Those who hear of writes. One that throws harms neither the others nor the append. */
export class Watchers {
  readonly #all = new Set<{ watcher: Watcher }>();

  /** Whether nobody listens. */
  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  /** Adds one; returns the way to stop. The same function added twice hears twice. */
  add(watcher: Watcher): () => void {
    const entry = { watcher };
    this.#all.add(entry);
    return () => void this.#all.delete(entry);
  }

  /** Tells all of them; nothing is told of no entries. */
  tell(domain: string, entries: Entry[], epoch: string): void {
    if (entries.length === 0) return;
    for (const { watcher } of [...this.#all]) {
      try {
        watcher(domain, entries, epoch);
      } catch (error) {
        // It is the watcher's own bug, and must be seen; but the event is written, and the append says so.
        process.emitWarning(`A watcher of the log threw: ${String(error)}`);
      }
    }
  }

  /** Forgets all of them. */
  clear(): void {
    this.#all.clear();
  }
}
