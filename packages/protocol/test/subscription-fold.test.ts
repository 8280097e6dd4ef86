import { expect, test } from 'vitest';
import { createWorld, LATER, NOON, types } from './support/world.ts';

const name = 'subscription/billing';
const reached = { name: 'billing', domain: 'default', holder: 'one', epoch: 'e', seq: 4 };
const failing = { seq: 5, since: NOON, attempts: 2, why: 'status 500' };

test('How far a subscription has come is what was said last of it, and no room hears of it', () => {
  const world = createWorld();
  expect(types(world.report('subscription:reached', { ...reached, failing }))).toEqual([
    'subscription:reached',
  ]);
  expect(world.row(name)).toMatchObject({ ...reached, failing });
  world.report('subscription:reached', { ...reached, seq: 5 }, LATER);
  expect(world.row(name)).toEqual({ ...reached, seq: 5, noted: LATER });
  expect(world.rooms(name)).toEqual([]);
});

test('Only what wanted no more is resumed, from where it was', () => {
  const world = createWorld();
  expect(world.report('subscription:resumed', { name: 'billing' })).toEqual([]);
  world.report('subscription:reached', { ...reached, failing });
  expect(world.report('subscription:resumed', { name: 'billing' })).toEqual([]);
  world.report('subscription:reached', { ...reached, failing, gone: NOON });
  expect(types(world.report('subscription:resumed', { name: 'billing' }, LATER))).toEqual([
    'subscription:resumed',
  ]);
  expect(world.row(name)).toEqual({ ...reached, noted: LATER });
});
