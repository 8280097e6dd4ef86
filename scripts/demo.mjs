import { rmSync } from 'node:fs';
import path from 'node:path';
import { buildApp, buildEngine } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { readOptions } from './lib/options.mjs';
import { at } from './lib/paths.mjs';
import { chosenPort } from './lib/ports.mjs';
import { Problem } from './lib/problem.mjs';
import { require } from './lib/requirements.mjs';
import { say } from './lib/say.mjs';
import { startStack } from './stack/stack.mjs';

const HELP = `
npm run demo [-- OPTIONS]

Installs and builds what is missing, starts a process engine, the gateway and the web app, and prints the address.
Ctrl-C stops everything. The data, the logs and the logins of the demo are in .demo/.

  --fresh          forget what earlier runs left
  --smoke          instead: one scripted run through a headless browser, on data of its own; exits 0 or 1
  --help           this text

  PORT             the gateway's and the app's port (3000; 0: a free one)
  ENGINE_PORT      the engine's port (8080; 0: a free one)
  AGENT_WORK_MS    how long the demo's agent works on a service (8000)
  PAY_MS           how long it takes until the payment is made (3000)
`;

const DIR = at('.demo');

main(async () => {
  const options = readOptions(HELP, {
    fresh: { type: 'boolean' },
    smoke: { type: 'boolean' },
  });
  require('node', 'java', 'maven');
  // Before the long part: a port in use is better known at once.
  const ports = options.smoke
    ? {}
    : { port: await chosenPort('PORT', 3000), enginePort: await chosenPort('ENGINE_PORT', 8080) };
  await ensureInstalled();
  await buildApp();
  await buildEngine();
  if (options.smoke) return (await import('./smoke/smoke.mjs')).smoke({ dir: path.join(DIR, 'smoke') });
  return demo(options, ports);
});

async function demo({ fresh }, ports) {
  if (fresh) rmSync(DIR, { recursive: true, force: true });
  const times = { AGENT_WORK_MS: process.env.AGENT_WORK_MS ?? '8000', PAY_MS: process.env.PAY_MS ?? '3000' };
  const { gateway, engine, programs, secrets } = await startStack({ dir: DIR, ...ports, programs: times });
  say();
  say(`  Open      http://localhost:${new URL(gateway.url).port}`);
  say(`  Log in    alice or bob, each with the password ${secrets.demoPassword}`);
  say('            (two windows, one of them private, show how one sees what the other does)');
  say('  Ask       in the chat: "@agent what does it cost?", "@agent how far is it?"');
  say('  Logs      .demo/gateway.log, .demo/engine.log, .demo/programs.log');
  say('  Stop      Ctrl-C');
  say();
  const { one, how } = await Promise.race(
    [gateway, engine, programs].map(async (one) => ({ one, how: await one.exited })),
  );
  const log = path.relative(process.cwd(), one.log);
  throw new Problem(
    `The ${one.name} has ended (${how.signal ?? how.code}), so the demo stops. Its log is ${log}.`,
    {
      tail: one.tail.text,
    },
  );
}
