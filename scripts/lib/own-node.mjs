import { readFileSync } from 'node:fs';
import { at, bin } from './paths.mjs';
import { start } from './processes.mjs';

/**
 * Runs this script again on the Node that the installation brought, where it was begun on another: on a fresh clone
 * there is only the machine's own, and that may not know how to load the sources.
 *
 * @returns {Promise<number | undefined>} the exit code of that run; nothing where this is the right one already
 */
export async function runOnOwnNode() {
  const { version } = JSON.parse(readFileSync(at('node_modules/node/package.json'), 'utf8'));
  if (process.version === `v${version}`) return undefined;
  return (await start(bin('node'), process.argv.slice(1), { show: true }).exited).code;
}
