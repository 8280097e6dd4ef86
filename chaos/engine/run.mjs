import { writeFile } from 'node:fs/promises';
import { duration, say } from '../../scripts/lib/say.mjs';
import { inject } from '../faults/injector.mjs';
import { openFolder } from '../folder.mjs';
import { createFindings } from '../oracle/findings.mjs';
import { tellSchedule } from '../oracle/schedule.mjs';
import { CAPTURES } from './captures.mjs';
import { DATABASES } from './databases.mjs';
import { DOMAINS } from './load/cast.mjs';
import { judgeLedger } from './oracle/judge.mjs';
import { ledgerOf } from './oracle/ledger.mjs';
import { readTables } from './oracle/read-ledger.mjs';
import { readLog } from './oracle/read-log.mjs';
import { tellSubject } from './oracle/tell.mjs';
import { enginePlanOf } from './plan.mjs';
import { openEngineWorld } from './world.mjs';

/** How long after the last command the last event of all may take, in milliseconds. */
const SETTLE = 60_000;

/**
 * One seeded run on a real engine: its load, the faults, and then its own tables as the ledger that the log is held
 * against.
 *
 * @param {{ seed: number, instances: number, faults: number, engine?: string, database?: string, capture?: string, mutant?: string, settle?: number, keep?: string }} call
 *   `mutant`: a part that is broken on purpose, to test the oracle; `keep`: a folder for what the run leaves behind
 */
export async function runEngine(call) {
  const {
    seed,
    instances,
    faults,
    engine = 'camunda',
    capture = 'plugin',
    database = 'h2',
    mutant,
    settle = SETTLE,
    keep,
  } = call;
  const begun = performance.now();
  const captured = CAPTURES[capture];
  const tables = DATABASES[database];
  const { networks } = captured;
  const plan = enginePlanOf({ seed, instances, faults, networks, hasDatabase: tables.hasNetwork });
  const { folder, at, drop } = await openFolder(keep);
  const world = await openEngineWorld({ plan, at, engine, capture: captured, database: tables, mutant });

  say(
    `${instances} instances and ${faults} faults in ${duration(plan.duration)}, seed ${seed}, ${engine} on ${database} by ${capture} (${folder})`,
  );
  const progress = setInterval(() => say(`  ${world.progress()}`), 5000);
  const [counts, taken] = await Promise.all([world.play(), inject(plan, world.targets, world.done)]);
  await world.atRest();
  const late = await world.settled(settle);
  clearInterval(progress);
  const found = await readTables(world.rest);
  await world.end();
  const { subjects, length } = await readLog(at('data'), DOMAINS);
  await writeFile(at('faults.json'), JSON.stringify(taken));
  if (keep)
    await writeFile(at('tables.json'), JSON.stringify({ ...found, candidates: [...found.candidates] }));

  const findings = createFindings();
  const { report } = findings;
  for (const { name, code, signal, said } of world.nodes.flatMap(({ crashes }) => crashes))
    report('crashed', `${name} ended (${signal ?? code}): ${said}`);
  for (const what of late) report('behind', `${what} had not come to the last event of all in time`);
  const { excepts, excepted } = captured.exceptions();
  const transitions = judgeLedger(ledgerOf(found), subjects, { report, excepts });
  if (findings.violations.length > 0) {
    tellSchedule(plan, taken, say);
    tellSubject({ sentences: findings.violations, subjects, tables: found, say });
  }
  await drop();
  const { lost = 0, doubled = 0, disordered = 0, unexplained = 0, ...others } = findings.counts;
  return {
    seed,
    events: length,
    faults,
    lost,
    doubled,
    disordered,
    unexplained,
    lostByStorage: 0,
    ...others,
    violations: findings.violations,
    instances: found.instances.length,
    tasks: found.tasks.length,
    transitions,
    excepted: excepted(),
    ...counts,
    starts: world.nodes.reduce((sum, { starts }) => sum + starts.length, 0),
    seconds: Math.round((performance.now() - begun) / 100) / 10,
  };
}
