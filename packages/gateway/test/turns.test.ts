import { expect, test } from 'vitest';
import { createTurns } from '../src/ingest/turns.ts';

test('turns of one name come one after the other, in the order in which they were asked for', async () => {
  const turns = createTurns();
  const had: number[] = [];
  await Promise.all(
    [1, 2, 3].map(async (n) => {
      const end = await turns('acme');
      had.push(n);
      await new Promise(setImmediate);
      had.push(n);
      end();
    }),
  );
  expect(had).toEqual([1, 1, 2, 2, 3, 3]);
});

test('a turn that is never given back holds up the next no longer than a while, and no other name at all', async () => {
  const turns = createTurns(50);
  await turns('acme');
  await turns('other');
  const end = await turns('acme');
  end();
  (await turns('acme'))();
});
