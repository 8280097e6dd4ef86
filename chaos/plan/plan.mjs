import { clientsOf } from './clients.mjs';
import { faultsOf } from './faults.mjs';

/** What `npm run chaos` plays when it is told no sizes. */
export const SHORT = { events: 6000, faults: 40 };

/** Milliseconds between two faults, on average. */
const FAULT_EVERY = 500;

/** Events a second at most: what the nodes, their clients and the suite take on two cores. */
const MOST_A_SECOND = 1000;

/** Publishers that each send one fact at a time; more events need more of them. */
const lanesFor = (events) => Math.min(64, Math.max(16, Math.round(events / 1000)));

/**
 * Everything that is decided before a run: who takes part, what they do when, and which faults hit whom.
 * A pure function of the seed, the sizes and the scene.
 *
 * @param {{ seed: number, events: number, faults: number, scene: { nodes: number, isShared: boolean } }} call
 *   `scene`: how many servers there are, and whether they share a Redis and stand behind nginx
 */
export function planOf({ seed, events, faults, scene }) {
  const duration = Math.max(faults * FAULT_EVERY, (events / MOST_A_SECOND) * 1000, 2000);
  const lanes = lanesFor(events);
  const clients = clientsOf(seed, duration);
  return {
    seed,
    duration,
    lanes: Array.from({ length: lanes }, (_, i) => Math.floor((events + i) / lanes)),
    /** Milliseconds between two facts of a lane. */
    pace: duration / (events / lanes),
    clients,
    faults: faultsOf({ seed, count: faults, duration, scene, clients: clients.length }),
  };
}
