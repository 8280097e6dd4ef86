import { randomInt } from 'node:crypto';
import { buildEngine } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { readOptions, wholeNumber } from './lib/options.mjs';
import { runOnOwnNode } from './lib/own-node.mjs';
import { Problem } from './lib/problem.mjs';
import { require } from './lib/requirements.mjs';
import { say } from './lib/say.mjs';

const HELP = `
npm run chaos -- [--seed N] [OPTIONS]

Kills, freezes and cuts a running system while it works, and holds every client against the log afterwards.
The same seed gives the same load and the same faults. Ends with 1 if anything was lost, doubled or out of order.

  --seed N         a whole number; without it, one by chance, which is told
  --events E       events to publish (6000)
  --faults F       faults to play meanwhile (40); from 200 on, some last half a minute
  --log L          what is under test: one gateway on sqlite, or on redis three of them behind nginx, where Redis
                   has a replica and fails over (sqlite)
  --target T       ours, or stock Socket.IO under the same faults: socketio (one process, its connection state
                   recovery), socketio-redis and socketio-streams (three behind nginx, with its adapters for Redis);
                   or engine: a real process engine, whose own tables the log is held against
  --json           the last line is the result as JSON
  --help           this text

With --target engine:
  --instances N    process instances to start, and tasks of their own (80); --faults is 8 without it
  --capture C      how the gateway learns of it: plugin, rest (by reconcile alone) or both (plugin)
  --engine E       camunda or operaton (camunda)
  --database D     what the engine's tables are in: h2, or postgres, and then the way to it is slow at times (h2)

For the suite's own tests:
  --mutant NAME    breaks one part of the gateway
  --settle MS      how long everybody may take to be whole in the end (15000; with an engine 60000)
  --keep FOLDER    where the notes of the run stay
`;

const text = { type: 'string' };

main(async () => {
  const options = readOptions(HELP, {
    seed: text,
    events: text,
    faults: text,
    log: text,
    target: text,
    instances: text,
    capture: text,
    engine: text,
    database: text,
    mutant: text,
    settle: text,
    keep: text,
    json: { type: 'boolean' },
  });
  require('node');
  await ensureInstalled();
  const code = await runOnOwnNode();
  if (code !== undefined) return code;
  // Loaded only now: they need what was installed.
  const result = options.target === 'engine' ? await onEngine(options) : await onGateways(options);
  table(result);
  if (options.json) say(JSON.stringify(result));
  return result.violations.length > 0 ? 1 : 0;
});

async function onGateways({ log = 'sqlite', target = 'ours', mutant, keep, ...options }) {
  const { run } = await import('../chaos/run.mjs');
  const { TARGETS } = await import('../chaos/targets/targets.mjs');
  const { LOGS } = await import('../chaos/storage/storage.mjs');
  const { SHORT } = await import('../chaos/plan/plan.mjs');
  oneOf('log', log, LOGS);
  oneOf('target', target, { ...TARGETS, engine: true });
  return run({
    seed: wholeNumber('seed', options.seed, randomInt(1_000_000)),
    events: wholeNumber('events', options.events, SHORT.events),
    faults: wholeNumber('faults', options.faults, SHORT.faults),
    settle: wholeNumber('settle', options.settle, 15_000),
    log,
    target,
    mutant,
    keep,
  });
}

async function onEngine({
  capture = 'plugin',
  engine = 'camunda',
  database = 'h2',
  mutant,
  keep,
  ...options
}) {
  require('java', 'maven');
  const { runEngine } = await import('../chaos/engine/run.mjs');
  const { CAPTURES } = await import('../chaos/engine/captures.mjs');
  const { DATABASES } = await import('../chaos/engine/databases.mjs');
  const { ENGINES } = await import('../chaos/engine/engines.mjs');
  const { SHORT } = await import('../chaos/engine/plan.mjs');
  oneOf('capture', capture, CAPTURES);
  oneOf('database', database, DATABASES);
  oneOf('engine', engine, ENGINES);
  await buildEngine(engine);
  return runEngine({
    seed: wholeNumber('seed', options.seed, randomInt(1_000_000)),
    instances: wholeNumber('instances', options.instances, SHORT.instances),
    faults: wholeNumber('faults', options.faults, SHORT.faults),
    settle: wholeNumber('settle', options.settle, 60_000),
    capture,
    engine,
    database,
    mutant,
    keep,
  });
}

function oneOf(name, given, known) {
  if (!Object.hasOwn(known, given))
    throw new Problem(`--${name} takes one of ${Object.keys(known).join(', ')}, not \`${given}\`.`);
}

function table({ violations, ...figures }) {
  say();
  for (const violation of violations) say(violation);
  for (const [name, value] of Object.entries(figures)) say(`  ${name.padEnd(16)}${value ?? '-'}`);
  say();
}
