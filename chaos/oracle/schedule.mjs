import { faultLine } from '../plan/faults.mjs';

/** Tells the faults of a run, and when each took place. */
export function tellSchedule(plan, taken, say) {
  say(`\nThe faults of seed ${plan.seed}:`);
  const begun = Math.min(...taken.map((fault) => fault.begun - plan.faults[fault.index].at));
  for (const fault of plan.faults) {
    const one = taken.find(({ index }) => index === fault.index);
    const took = one?.ended ? ` (took place ${one.begun - begun} to ${one.ended - begun} ms)` : '';
    say(`${faultLine(fault)}${took}`);
  }
}
