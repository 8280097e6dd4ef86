import { expect, test } from 'vitest';
import { runFuzz } from '../fuzz/run.mjs';

test('half a minute of hostile input breaks nothing, is told nothing, and disturbs nobody', async () => {
  const result = await runFuzz({ seed: 1, seconds: 30 });
  expect(result.violations).toEqual([]);
  expect(result).toMatchObject({ crashes: 0, leaks: 0, broken: 0 });
  expect(result.inputs).toBeGreaterThan(1000);
  expect(result.messages).toBeGreaterThan(20);
}, 120_000);

test.each([
  ['doors-open', 'leaks'],
  ['position-unchecked', 'crashes'],
])(
  'it finds out a gateway that is broken: %s',
  async (mutant, kind) => {
    const result = await runFuzz({ seed: 3, seconds: 40, mutant, untilFound: true });
    expect(result[kind]).toBeGreaterThan(0);
  },
  120_000,
);
