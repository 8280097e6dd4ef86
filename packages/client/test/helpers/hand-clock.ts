import type { Timing } from '../../src/core/timing.ts';

/** A clock that a test moves by hand. */
export class HandClock implements Timing {
  interval = 5_000;
  #now = 1_700_000_000_000;
  #timers = new Set<{ due: number; run: () => void }>();

  now = (): number => this.#now;

  after = (milliseconds: number, run: () => void): (() => void) => {
    const timer = { due: this.#now + milliseconds, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  /** Lets time pass, and what is due happen at its time. */
  pass(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = next.due;
      next.run();
    }
    this.#now = end;
  }

  /** Time passes and nothing happens, as on a machine that sleeps; then it wakes. */
  sleep(milliseconds: number): void {
    this.#now += milliseconds;
    const missed = [...this.#timers].filter(({ due }) => due <= this.#now);
    for (const timer of missed) if (this.#timers.delete(timer)) timer.run();
  }

  /** How much time passes until something does, at most so much. */
  until(condition: () => boolean, limit: number): number | undefined {
    const begin = this.#now;
    while (!condition()) {
      if (this.#now - begin >= limit) return undefined;
      this.pass(1);
    }
    return this.#now - begin;
  }

  #next(end: number) {
    return [...this.#timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
  }
}
