import { expect, test } from 'vitest';
import { chaos, NOTHING_WRONG } from './support/chaos.mjs';

/** A machine that is busy starts an engine slowly, and a run starts it twice. */
const PATIENCE = 300_000;

const onEngine = (...args) => chaos('--target', 'engine', ...args);

test(
  'the log has what the tables of a real engine have, under a seed that never changes',
  async () => {
    // Not on H2: it shows what is committed before it is on the disk, and so a kill can make it unhappen.
    const sizes = ['--database', 'postgres', '--instances', '60', '--faults', '8'];
    const result = await onEngine('--seed', '7', ...sizes);
    expect(result, result.said).toMatchObject({ code: 0, seed: 7, ...NOTHING_WRONG, excepted: 0 });
    // Engine and gateway were killed, and started again.
    expect(result.starts).toBeGreaterThan(3);
    expect(result.transitions).toBeGreaterThan(500);
  },
  PATIENCE,
);

test(
  'so has it where nobody but reconcile looks, but for what that says it can not see',
  async () => {
    const result = await onEngine('--capture', 'rest', '--seed', '60', '--instances', '50', '--faults', '5');
    expect(result, result.said).toMatchObject({ code: 0, seed: 60, ...NOTHING_WRONG });
    expect(result.excepted).toBeGreaterThan(0);
  },
  PATIENCE,
);

// Side by side: what breaks is found however slow that makes them.
test.concurrent.each([
  ['insert-after-commit', ['--seed', '13', '--instances', '70', '--faults', '8'], ['lost']],
  // Nobody waits long for sweeps that never come.
  [
    'looks-forgetful',
    ['--capture', 'rest', '--seed', '7', '--instances', '40', '--faults', '0', '--settle', '2000'],
    // What changes once more before it is looked at is not lost, but never seen.
    ['lost', 'stale'],
  ],
  [
    'corrections-blind',
    ['--capture', 'both', '--seed', '3', '--instances', '50', '--faults', '0', '--settle', '2000'],
    ['doubled', 'disordered'],
  ],
])(
  'the oracle finds %s',
  async (mutant, sizes, kinds) => {
    const result = await onEngine('--mutant', mutant, ...sizes);
    expect(result.code, result.said).toBe(1);
    const found = kinds.reduce((sum, kind) => sum + (result[kind] ?? 0), 0);
    expect(found, result.said).toBeGreaterThan(0);
  },
  PATIENCE,
);
