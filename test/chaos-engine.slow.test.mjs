import { expect, test } from 'vitest';
import { chaos, missed, NOTHING_WRONG } from './support/chaos.mjs';
import { IS_LONG } from './support/long.mjs';

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

// Nobody waits long for sweeps that never come.
const HASTY = ['--settle', '2000'];

test.each([
  {
    mutant: 'looks-forgetful',
    seed: 7,
    // What changes once more before it is looked at is not lost, but never seen.
    kinds: ['lost', 'stale'],
    // Without faults each look begins where its list had come to, and on a quick machine that is enough.
    sizes: ['--capture', 'rest', '--instances', '40', '--faults', '4', ...HASTY],
  },
  ...(IS_LONG
    ? [
        {
          mutant: 'insert-after-commit',
          seed: 13,
          kinds: ['lost'],
          sizes: ['--instances', '70', '--faults', '8'],
        },
        {
          mutant: 'corrections-blind',
          seed: 3,
          kinds: ['doubled', 'disordered'],
          sizes: ['--capture', 'both', '--instances', '50', '--faults', '0', ...HASTY],
        },
      ]
    : []),
])(
  'the oracle finds $mutant',
  async ({ mutant, seed, kinds, sizes }) => {
    expect(await missed(mutant, seed, kinds, '--target', 'engine', ...sizes)).toBeUndefined();
  },
  3 * PATIENCE,
);
