import { setTimeout as sleep } from 'node:timers/promises';
import { act, handOn } from './actor.mjs';
import { createRest } from './rest.mjs';

/** Actors that are at work at once, at most: what an engine takes on two cores. */
const AT_ONCE = 10;

/** Tasks beside these that go from hand to hand all the time. */
const HANDED = 2;

/**
 * Plays all actors, each from its time on.
 *
 * @param {{ seed: number, instances: number, pace: number, url: () => string, accounts: Record<string, { user: string, password: string }> }} call
 *   `pace`: milliseconds between two beginnings
 */
export function createLoad({ seed, instances, pace, url, accounts }) {
  const counts = { ended: 0, commands: 0, refused: 0, retried: 0, unknown: 0 };
  const restOf = createRest({ url, counts });
  return {
    counts,
    /** The part of it that has been played. */
    done: () => counts.ended / instances,
    async play() {
      const begun = Date.now();
      let next = 0;
      const lane = async () => {
        while (next < instances) {
          const index = next++;
          const wait = begun + index * pace - Date.now();
          if (wait > 0) await sleep(wait);
          await act({ seed, index, restOf: (user) => restOf(accounts[user]) });
          counts.ended++;
        }
      };
      const handing = (_, i) =>
        handOn({
          seed,
          index: instances + i,
          restOf: (user) => restOf(accounts[user]),
          isOver: () => counts.ended === instances,
        });
      await Promise.all([
        ...Array.from({ length: AT_ONCE }, lane),
        ...Array.from({ length: HANDED }, handing),
      ]);
      return counts;
    },
  };
}
