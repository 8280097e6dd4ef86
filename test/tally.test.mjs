import { describe, expect, it } from 'vitest';
import { createTally } from '../scripts/test/tally.mjs';

const suite = (failed, failures) => async () => ({ passed: 1, failed, skipped: 0, failures });

describe('What a run of all tests ends with', () => {
  it('is the sum alone where nothing failed', async () => {
    const tally = createTally();
    await tally.suite('TypeScript', suite(0, []));
    await tally.check('lint', async () => {});
    expect(tally.lines).toEqual(['2 passed, 0 failed']);
  });

  it('names each test that failed, with its error, under the part that it is of', async () => {
    const tally = createTally();
    await tally.suite('TypeScript', suite(1, ['a.test.ts > does it\n  Error: 1 is not 2']));
    await tally.check('lint', () => Promise.reject(new Error('a line too long')));
    expect(tally.lines.join('\n')).toBe(
      'failed:\n  TypeScript\n    a.test.ts > does it\n      Error: 1 is not 2\n  lint\n1 passed, 2 failed',
    );
  });

  it('stays short where one fault fails everything', async () => {
    const tally = createTally();
    const names = Array.from({ length: 500 }, (_, n) => `a.test.ts > ${n}`);
    await tally.suite('TypeScript', suite(500, names));
    expect(tally.lines.length).toBeLessThan(30);
    expect(tally.lines.at(-2)).toContain('and 480 more');
  });
});
