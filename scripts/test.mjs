import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildApp, buildEngine, buildMongodb } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { readOptions } from './lib/options.mjs';
import { CACHE } from './lib/paths.mjs';
import { require } from './lib/requirements.mjs';
import { say } from './lib/say.mjs';
import { createTally } from './test/tally.mjs';

const HELP = `
npm test [-- OPTIONS]

Installs what it needs and runs every test. The last line says how many passed and failed.

  --fast           checks, and the tests that need no engine, no browser, no Java and no patience; a minute or two
  --long           what takes minutes more, too: candidates of many tasks, and rights asked of an engine, on real ones
  --only PART      one part alone: checks, pack, vitest or java
  --help           this text
`;

const PARTS = ['checks', 'pack', 'vitest', 'java'];
const RESULT = path.join(CACHE, 'test-result');

main(async () => {
  rmSync(RESULT, { force: true });
  const {
    fast = false,
    long = false,
    only,
  } = readOptions(HELP, {
    fast: { type: 'boolean' },
    long: { type: 'boolean' },
    only: { type: 'string' },
  });
  if (only !== undefined && !PARTS.includes(only)) {
    say(`--only takes one of ${PARTS.join(', ')}.\n${HELP}`);
    return 2;
  }
  const runs = (part) =>
    only === undefined ? !fast || part === 'checks' || part === 'vitest' : part === only;
  const real = runs('vitest') && !fast;

  require('node', ...(runs('java') || real ? ['java', 'maven'] : []));
  await ensureInstalled();
  const tally = createTally();

  // Loaded only now: they need what was installed.
  if (runs('checks'))
    for (const { name, run } of (await import('./test/checks.mjs')).CHECKS) await tally.check(name, run);
  if (runs('pack')) {
    const { PACK_CHECKS } = await import('./pack/checks.mjs');
    for (const { name, run } of PACK_CHECKS) await tally.check(name, run);
  }
  if (runs('vitest')) {
    const { runVitest } = await import('./test/vitest.mjs');
    let env;
    if (real) {
      const chromium = await ensureChromium();
      await buildApp();
      await buildEngine();
      await buildMongodb();
      env = { CHROMIUM: chromium, ...(long ? { LONG_TESTS: '1' } : {}) };
    }
    await tally.suite('Tests of the TypeScript side', () => runVitest({ fast, env }));
  }
  if (runs('java')) await tally.suite('Tests of the Java side', (await import('./test/java.mjs')).runJava);

  const lines = tally.lines;
  say();
  for (const line of lines) say(line);
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(RESULT, `${lines.at(-1)}\n`);
  return tally.failed > 0 ? 1 : 0;
});
