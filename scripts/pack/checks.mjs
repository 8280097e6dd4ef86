import { bin } from '../lib/paths.mjs';
import { run } from '../lib/processes.mjs';
import { checkBudgets } from './budget.mjs';
import { checkFirstLoad } from './first-load.mjs';
import { tryInstalled } from './install.mjs';
import { publishable, tarball } from './packages.mjs';
import { stageAll } from './stage.mjs';

const each = (check) => async () => {
  for (const { manifest } of publishable()) await check(tarball(manifest), manifest);
};

const ATTW = ['--profile', 'esm-only', '--no-emoji', '--format', 'ascii'];

/** Style sheets have no types. */
function untyped({ exports }) {
  const names = Object.keys(exports).filter((name) => name.endsWith('.css'));
  return names.length > 0 ? ['--exclude-entrypoints', ...names] : [];
}

/** What is looked at in the packages as they would be published. */
export const PACK_CHECKS = [
  { name: 'Packing what is published', run: stageAll },
  {
    name: 'Shape of the packages (publint)',
    run: each((file) => run(bin('publint'), ['run', file, '--strict'])),
  },
  {
    name: 'Types of the packages (attw)',
    run: each((file, manifest) => run(bin('attw'), [file, ...ATTW, ...untyped(manifest)])),
  },
  { name: 'Installing and starting what is published', run: tryInstalled },
  { name: 'Size of what browsers load', run: checkBudgets },
  { name: 'What people wait for before the first page', run: checkFirstLoad },
];
