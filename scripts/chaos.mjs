import { randomInt } from 'node:crypto';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { readOptions } from './lib/options.mjs';
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
                   recovery), socketio-redis and socketio-streams (three behind nginx, with its adapters for Redis)
  --json           the last line is the result as JSON
  --help           this text

For the suite's own tests:
  --mutant NAME    breaks one part of the gateway
  --settle MS      how long everybody may take to be whole in the end (15000)
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
    mutant: text,
    settle: text,
    keep: text,
    json: { type: 'boolean' },
  });
  require('node');
  await ensureInstalled();
  const code = await runOnOwnNode();
  if (code !== undefined) return code;
  // Loaded only now: it needs what was installed.
  const { run } = await import('../chaos/run.mjs');
  const { TARGETS } = await import('../chaos/targets/targets.mjs');
  const { LOGS } = await import('../chaos/storage/storage.mjs');
  const { SHORT } = await import('../chaos/plan/plan.mjs');
  const { log = 'sqlite', target = 'ours', mutant, keep, json } = options;
  oneOf('log', log, LOGS);
  oneOf('target', target, TARGETS);
  const result = await run({
    seed: whole('seed', options.seed, randomInt(1_000_000)),
    events: whole('events', options.events, SHORT.events),
    faults: whole('faults', options.faults, SHORT.faults),
    settle: whole('settle', options.settle, 15_000),
    log,
    target,
    mutant,
    keep,
  });
  table(result);
  if (json) say(JSON.stringify(result));
  return result.violations.length > 0 ? 1 : 0;
});

function whole(name, given, otherwise) {
  if (given === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(given)) throw new Problem(`--${name} must be a whole number, not \`${given}\`.`);
  return Number(given);
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
