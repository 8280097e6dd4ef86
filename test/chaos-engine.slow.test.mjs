import { expect, test } from 'vitest';
import { chaos, NOTHING_WRONG } from './support/chaos.mjs';

/** A machine that is busy starts an engine slowly, and a run starts it twice. */
const PATIENCE = 300_000;

const onEngine = (...args) => chaos('--target', 'engine', ...args);

test(
  'the log has what the tables of a real engine have, under a seed that never changes',
  async () => {
    const result = await onEngine('--seed', '13', '--instances', '70', '--faults', '8');
    expect(result, result.said).toMatchObject({ code: 0, seed: 13, ...NOTHING_WRONG, excepted: 0 });
    // Killed once each, and started again.
    expect(result.starts).toBe(4);
    expect(result.transitions).toBeGreaterThan(500);
  },
  PATIENCE,
);

test(
  'the oracle finds an outbox that is written after the commit',
  async () => {
    const result = await onEngine(
      ...['--mutant', 'insert-after-commit', '--seed', '50', '--instances', '30', '--faults', '2'],
    );
    expect(result.code, result.said).toBe(1);
    expect(result.lost, result.said).toBeGreaterThan(0);
  },
  PATIENCE,
);
