import { scheduleOf } from '../plan/faults.mjs';

/** What is played when no sizes are told. */
export const SHORT = { instances: 80, faults: 8 };

/** Milliseconds between two instances, and between two faults, on average: an engine that is killed needs its time. */
const INSTANCE_EVERY = 150;
const FAULT_EVERY = 2500;

/** What can go wrong on the way from the engine's tables to the log, and how often beside the rest. */
const KINDS = {
  // Of the network between the relay and the gateway, between the gateway and REST, or of who works at the engine.
  cut: { weight: 14, on: 'network' },
  delay: { weight: 5, on: 'network' },
  'half-open': { weight: 7, on: 'network' },
  stall: { weight: 7, on: 'network' },
  // Of the gateway.
  kill: { weight: 18, on: 'gateway', rest: 1500, most: 800 },
  replace: { weight: 5, on: 'gateway', rest: 1500 },
  freeze: { weight: 12, on: 'gateway', rest: 1500 },
  // Of the engine, and of the relay in it. It takes a while to be there again.
  'engine-kill': { weight: 12, on: 'engine', rest: 15_000, most: 500 },
  'engine-freeze': { weight: 12, on: 'engine', rest: 1500 },
  // Of the way to the database.
  'database-cut': { weight: 4, on: 'database' },
  'database-delay': { weight: 8, on: 'database', rest: 500 },
  'database-stall': { weight: 4, on: 'database' },
};

/**
 * Everything that is decided before a run. The load is decided by the seed as well, as far as an engine lets anybody
 * decide: what each actor finds depends on what became of its last step.
 *
 * @param {{ seed: number, instances: number, faults: number, networks: string[], hasDatabase: boolean }} call
 *   `hasDatabase`: the engine's database is a server of its own
 */
export function enginePlanOf({ seed, instances, faults, networks, hasDatabase }) {
  const duration = Math.max(faults * FAULT_EVERY, instances * INSTANCE_EVERY);
  const targets = {
    network: networks,
    gateway: ['gateway'],
    engine: ['engine'],
    ...(hasDatabase ? { database: ['database'] } : {}),
  };
  return {
    seed,
    instances,
    duration,
    pace: duration / instances,
    faults: scheduleOf({ seed, count: faults, duration, kinds: KINDS, targets }),
  };
}
