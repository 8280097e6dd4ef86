import { existsSync, readFileSync } from 'node:fs';
import { at } from './paths.mjs';
import { run } from './processes.mjs';
import { step } from './step.mjs';

/**
 * Installs the npm packages, unless those of the lockfile are there already.
 *
 * Not by `npm ci`: that refuses a lockfile without the optional packages of all platforms, and a registry that
 * mirrors only some of them can not give it any other. This takes what the lockfile says, too, and does not write it.
 */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await step('Installing the npm packages', () =>
    run('npm', ['install', '--no-save', '--loglevel', 'error']),
  );
}

/**
 * npm writes down what it has installed as its last act, so this file tells an installation that is whole
 * and current from one that was interrupted, or is older than the lockfile.
 */
function isInstalled() {
  const written = at('node_modules/.package-lock.json');
  if (!existsSync(written)) return false;
  const have = read(written);
  const want = read(at('package-lock.json'));
  const isSame = (name) => have[name]?.version === want[name]?.version;
  // Packages of a platform are optional: of those, each machine has its own.
  const needed = Object.keys(want).filter((name) => name !== '' && !want[name].optional);
  const extra = Object.keys(have).filter((name) => !have[name].optional);
  return [...needed, ...extra].every(isSame);
}

const read = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
