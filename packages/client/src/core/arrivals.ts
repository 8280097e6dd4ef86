import { type ErrorDetails, RealtimeError } from './error.ts';
import type { Point } from './ledger.ts';

interface Waiter {
  point: Point;
  settle: (error?: ErrorDetails) => void;
}

/** Those who wait until everything up to a place is here. */
export class Arrivals {
  #waiting = new Set<Waiter>();

  /** @throws {RealtimeError} by the promise: `timeout`, `life_changed`, or what the waiting was ended with */
  wait(point: Point, timeout: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => waiter.settle(LATE), timeout);
      const waiter: Waiter = {
        point,
        settle: (error) => {
          clearTimeout(timer);
          this.#waiting.delete(waiter);
          if (error) reject(new RealtimeError(error));
          else resolve();
        },
      };
      this.#waiting.add(waiter);
    });
  }

  /** @param isAnswer the server has just named its life, so another one's place will never come. */
  reached(position: Point | undefined, isAnswer = false): void {
    for (const { point, settle } of this.#waiting) {
      if (position?.epoch === point.epoch) {
        if (position.seq >= point.seq) settle();
      } else if (isAnswer) settle(OTHER_LIFE);
    }
  }

  fail(error: ErrorDetails): void {
    for (const { settle } of this.#waiting) settle(error);
  }
}

const LATE: ErrorDetails = {
  code: 'timeout',
  message: 'Not reached in time.',
  retryable: true,
};

/** What a wait for a place in another life of the log ends with. */
export const OTHER_LIFE: ErrorDetails = {
  code: 'life_changed',
  message: 'It is of another life of the log.',
  retryable: false,
};
