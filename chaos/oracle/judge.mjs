import { existsSync } from 'node:fs';
import { percentile } from '../../scripts/lib/percentile.mjs';
import { createFindings } from './findings.mjs';
import { judgePlainClient } from './plain.mjs';
import { epochsIn, judgePublishes } from './publishes.mjs';
import { judgeReader } from './reader.mjs';
import { recoveriesOf } from './recovery.mjs';
import { tellSchedule } from './schedule.mjs';
import { judgeStockClient, publishedOf } from './stock.mjs';
import { entryLine, readTruth } from './truth.mjs';

/** Entries of the log on each side of the first violation. */
const AROUND = 10;

/**
 * Reads what everybody has noted, and the log, and says what was wrong. With the first violation it tells the
 * schedule of faults and the twenty entries around it.
 */
export async function judge({ plan, at, taken, late, storage, target, nodes, say }) {
  const findings = createFindings();
  const { report } = findings;
  for (const { name, code, signal, said } of nodes.flatMap(({ crashes }) => crashes))
    report('crashed', `${name} ended (${signal ?? code}): ${said}`);
  for (const index of late) report('behind', `client ${index} was not whole in time`);
  const { told, ...figures } = target.isStock
    ? judgeStock({ plan, at, report })
    : await judgeOurs({ plan, at, storage, findings, say });
  const { times, fromAttempt } = recoveriesOf(
    told.filter(({ statuses }) => statuses),
    taken,
  );
  if (findings.violations.length > 0 && !target.isStock) tellSchedule(plan, taken, say);
  const { lost = 0, doubled = 0, disordered = 0, unexplained = 0, ...others } = findings.counts;
  return {
    lost,
    doubled,
    disordered,
    unexplained,
    lostByStorage: 0,
    ...figures,
    ...others,
    violations: findings.violations,
    deliveries: told.reduce((sum, { got }) => sum + got, 0),
    recoveries: times.length,
    recoveryP50: percentile(times, 0.5),
    recoveryP99: percentile(times, 0.99),
    attemptP99: percentile(fromAttempt, 0.99),
    starts: nodes.reduce((sum, { starts }) => sum + starts.length, 0),
  };
}

async function judgeOurs({ plan, at, storage, findings, say }) {
  const { report } = findings;
  const log = await storage.open();
  try {
    const published = at('publishes.jsonl');
    const truth = await readTruth(log, epochsIn(published));
    const told = [];
    for (const { index, kind, user } of plan.clients) {
      const name = `client ${index} (${kind}, ${user})`;
      const file = at(`client-${index}.jsonl`);
      if (kind.startsWith('plain')) told.push(judgePlainClient({ name, file, report }));
      else told.push({ index, ...(await judgeReader({ name, file, truth, log, report })) });
    }
    const figures = await judgePublishes({ seed: plan.seed, file: published, truth, log, report });
    if (findings.first !== undefined) {
      say(`\nThe log around ${findings.first}:`);
      const begin = Math.max(0, findings.first - 1 - AROUND);
      for (const entry of truth.entries.slice(begin, begin + 2 * AROUND)) say(entryLine(entry));
    }
    const gotLost = told.reduce((sum, one) => sum + (one.gotLost ?? 0), 0);
    return { told, ...figures, gotLost, lives: truth.lives.count };
  } finally {
    await log.close();
  }
}

function judgeStock({ plan, at, report }) {
  const file = at('publishes.jsonl');
  const published = existsSync(file) ? publishedOf({ seed: plan.seed, file }) : [];
  const told = plan.clients.map(({ index, kind, user }) =>
    judgeStockClient({
      name: `client ${index} (${kind}, ${user})`,
      file: at(`client-${index}.jsonl`),
      published,
      report,
    }),
  );
  return { told };
}
