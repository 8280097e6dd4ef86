import type { Timing } from './timing.ts';

/**
 * One timer, that notices when the machine slept or the page was frozen: it looks at the clock twice an
 * interval, since a host's own timers stand still meanwhile and would ring that much too late.
 */
export class Alarm {
  #timing: Timing;
  #onGap: () => void;
  #stop: (() => void) | undefined;

  /** @param onGap is called when a look came later than an interval after its time. */
  constructor(timing: Timing, onGap: () => void) {
    this.#timing = timing;
    this.#onGap = onGap;
  }

  clear(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  /** Rings once, in so many milliseconds, instead of what was set before. `Infinity`: looks, and never rings. */
  set(wait: number, ring: () => void): void {
    const { now, after, interval } = this.#timing;
    const due = now() + wait;
    const nap = (): void => {
      const begun = now();
      const length = Math.min(Math.max(0, due - begun), interval / 2);
      this.clear();
      const stop = after(length, () => {
        if (now() - begun > length + interval) this.#onGap();
        // Whoever was told of the gap may have set another time.
        if (this.#stop !== stop) return;
        if (now() < due) nap();
        else {
          this.clear();
          ring();
        }
      });
      this.#stop = stop;
    };
    nap();
  }
}
