import { randomInt } from 'node:crypto';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { readOptions, wholeNumber } from './lib/options.mjs';
import { runOnOwnNode } from './lib/own-node.mjs';
import { require } from './lib/requirements.mjs';
import { say } from './lib/say.mjs';

const HELP = `
npm run fuzz -- [--seed N] [OPTIONS]

Sends a gateway what no client would: malformed, oversized, half and almost right frames, packets and requests, with
and without a token, while two tenants work in it. Ends with 1 if it crashed, if something went wrong inside of it, if
a tenant noticed, or if anybody heard what is not theirs. The same seed makes the same inputs.

  --seed N         a whole number; without it, one by chance, which is told
  --seconds S      for so long (30)
  --inputs I       so many instead
  --json           the last line is the result as JSON
  --keep FOLDER    where the gateway's data and log stay
  --mutant NAME    breaks one part of the gateway, for the suite's own test
  --help           this text
`;

const text = { type: 'string' };

main(async () => {
  const options = readOptions(HELP, {
    seed: text,
    seconds: text,
    inputs: text,
    keep: text,
    mutant: text,
    json: { type: 'boolean' },
  });
  require('node');
  await ensureInstalled();
  const code = await runOnOwnNode();
  if (code !== undefined) return code;
  // Loaded only now: they need what was installed.
  const { runFuzz } = await import('../fuzz/run.mjs');
  const result = await runFuzz({
    seed: wholeNumber('seed', options.seed, randomInt(1_000_000)),
    seconds: wholeNumber('seconds', options.seconds, 30),
    inputs: wholeNumber('inputs', options.inputs, undefined),
    keep: options.keep,
    mutant: options.mutant,
  });
  const { violations, memory, ...figures } = result;
  say();
  for (const violation of violations) say(violation);
  for (const [name, value] of Object.entries(figures)) say(`  ${name.padEnd(16)}${value}`);
  say(
    `  ${'memory'.padEnd(16)}${memory.warm ?? '-'} MB held when warm, ${memory.end ?? '-'} at the end; ${memory.highest} resident at most`,
  );
  say();
  if (options.json) say(JSON.stringify(result));
  return violations.length > 0 ? 1 : 0;
});
