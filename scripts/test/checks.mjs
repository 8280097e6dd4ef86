import { checkReference } from '../docs/check.mjs';
import { bin } from '../lib/paths.mjs';
import { run } from '../lib/processes.mjs';
import { checkDirections } from './directions.mjs';

/** What is looked at without running the project. Each counts as one. */
export const CHECKS = [
  { name: 'Types', run: () => run(bin('tsc'), ['-p', '.']) },
  { name: 'Types of the client without a browser', run: () => run(bin('tsc'), ['-p', 'packages/client']) },
  {
    name: 'Style and lint',
    run: () => run(bin('biome'), ['check', '--error-on-warnings', '--max-diagnostics=30']),
  },
  { name: 'Directions of imports', run: async () => checkDirections() },
  { name: 'Doc comments, and the reference that is made of them', run: async () => checkReference() },
  {
    name: 'Unused files, exports and dependencies',
    run: () => run(bin('knip'), ['--treat-config-hints-as-errors']),
  },
];
