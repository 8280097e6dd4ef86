#!/usr/bin/env node
import { buildApp } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { at, bin } from './lib/paths.mjs';
import { start } from './lib/processes.mjs';

// What `npx netbuild-realtime` finds in a checkout that nothing was installed in yet: it installs, and hands over
// to the gateway's own command line. Once installed, npx finds that one by itself.
main(async () => {
  const args = process.argv.slice(2);
  // Standard output is the command's own: `token` prints a token there, alone.
  process.stdout.write = process.stderr.write.bind(process.stderr);
  await ensureInstalled();
  if (args.includes('--dev')) await buildApp();
  const { exited } = start(bin('node'), [at('packages/gateway/src/main.ts'), ...args], { show: true });
  return (await exited).code;
});
