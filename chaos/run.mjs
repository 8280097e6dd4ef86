import { writeFile } from 'node:fs/promises';
import { duration, say } from '../scripts/lib/say.mjs';
import { inject } from './faults/injector.mjs';
import { openFolder } from './folder.mjs';
import { judge } from './oracle/judge.mjs';
import { planOf } from './plan/plan.mjs';
import { LOGS } from './storage/storage.mjs';
import { TARGETS } from './targets/targets.mjs';
import { openWorld } from './world.mjs';

/** How long after the last fault and the last event everybody may take to be whole, in milliseconds. */
const SETTLE = 15_000;

/**
 * One seeded run: processes, load, faults, and the oracle's word on it.
 *
 * @param {{ seed: number, events: number, faults: number, log?: string, target?: string, mutant?: string, settle?: number, keep?: string }} call
 *   `mutant`: a part that is broken on purpose, to test the oracle; `keep`: a folder for the notes of the run
 */
export async function run({ seed, events, faults, log, target = 'ours', mutant, settle = SETTLE, keep }) {
  const begun = performance.now();
  const played = TARGETS[target];
  const { scene, open } = LOGS[played.log ?? log ?? 'sqlite'];
  const plan = planOf({ seed, events, faults, scene });
  const { folder, at, drop } = await openFolder(keep);
  const storage = await open({ at, events, nodes: scene.nodes });
  const world = await openWorld({ plan, at, target: played, storage, scene, mutant });

  say(
    `${events} events and ${faults} faults in ${duration(plan.duration)}, seed ${seed}, ${target} (${folder})`,
  );
  const progress = setInterval(() => say(`  ${world.progress()}`), 5000);
  const [counts, taken] = await Promise.all([world.publish(), inject(plan, world.targets, world.done)]);
  await writeFile(at('faults.json'), JSON.stringify(taken));
  await world.healthy();
  const late = await world.settled(settle);
  clearInterval(progress);
  await world.end();
  say(`  ${counts.acknowledged} acknowledged after ${counts.retried} retries, ${counts.resent} sent again`);

  const verdict = await judge({ plan, at, taken, late, storage, target: played, nodes: world.nodes, say });
  await storage.drop();
  await drop();
  return {
    seed,
    events,
    faults,
    ...verdict,
    retried: counts.retried,
    seconds: Math.round((performance.now() - begun) / 100) / 10,
  };
}
