import { readdirSync } from 'node:fs';
import { ensureInstalled } from './lib/install.mjs';
import { busyPercent } from './lib/machine.mjs';
import { main } from './lib/main.mjs';
import { readOptions } from './lib/options.mjs';
import { runOnOwnNode } from './lib/own-node.mjs';
import { at } from './lib/paths.mjs';
import { Problem } from './lib/problem.mjs';
import { require } from './lib/requirements.mjs';
import { say } from './lib/say.mjs';

const NAMES = readdirSync(at('bench'))
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.slice(0, -4))
  .sort();

const HELP = `
npm run bench -- NAME [--json]

Measures one of ${NAMES.join(', ')}; without a name, says what each is.

  --json           the last line is the result as JSON
  --tasks N        open tasks of first-sync (20000)
  --help           this text
`;

main(async () => {
  const { json, tasks, names } = readOptions(
    HELP,
    { json: { type: 'boolean' }, tasks: { type: 'string' } },
    true,
  );
  require('node');
  await ensureInstalled();
  const code = await runOnOwnNode();
  if (code !== undefined) return code;
  if (names.length === 0) return list();
  const [name] = names;
  if (names.length > 1 || !NAMES.includes(name)) {
    throw new Problem(`There is no measurement \`${names.join(' ')}\`: choose one of ${NAMES.join(', ')}.`);
  }
  const busy = await busyPercent();
  say(`Other work takes ${busy} % of this machine${busy > 10 ? ': too much for numbers to rely on' : ''}.`);
  const { run } = await import(`../bench/${name}.mjs`);
  const { samples, results } = await run({ tasks });
  table(samples, results);
  if (json) say(JSON.stringify({ name, results }));
});

async function list() {
  for (const name of NAMES) say(`${name.padEnd(20)} ${(await import(`../bench/${name}.mjs`)).about}`);
}

function table(samples, results) {
  say();
  for (const [what, count] of Object.entries(samples)) say(`${count} ${what}`);
  let scenario;
  for (const one of results) {
    if (one.scenario !== scenario) say(`\n${one.scenario}`);
    scenario = one.scenario;
    const spread = (side) => (one.spread?.[side] ? ` (${one.spread[side].join(' to ')})` : '');
    const beside = Object.entries(one.peers).map(
      ([peer, value]) => `${peer} ${value} ${one.unit}${spread(peer)}`,
    );
    if (one.ratio !== null) beside.push(`ratio ${one.ratio}${spread('ratio')}`);
    if (one.interval) beside.push(`its median between ${one.interval.join(' and ')} (95 %)`);
    if (one.more !== undefined) beside.push(`${one.more} more`);
    say(
      `  ${[`${one.metric.padEnd(36)} ${String(one.ours).padStart(9)} ${one.unit}${spread('ours')}`, ...beside].join('; ')}`,
    );
  }
  say();
}
