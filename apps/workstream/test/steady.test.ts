import { expect, test } from 'vitest';
import { type Item, itemsOf } from '../src/my-work/filter.ts';
import { type Steady, steady } from '../src/my-work/steady.ts';
import { taskRow } from './rows.ts';

const alice = { userId: 'alice', groups: ['developers'] };
const item = (taskId: string, more: Parameters<typeof taskRow>[1] = {}): Item =>
  itemsOf([taskRow(taskId, more)], alice)[0]!;
const shown = (...items: Item[]): Steady => ({ items, waiting: 0 });
const ids = ({ items }: Steady) => items.map(({ row }) => row.data.taskId);

/** What comes next for somebody who is at the list, or not. */
const next = (before: Steady, items: Item[], isHeld = true, rows: ReturnType<typeof taskRow>[] = []) =>
  steady({
    before,
    next: items,
    isHeld,
    me: 'alice',
    newest: (name) => rows.find(({ subject }) => subject === name),
  });

const [a, b, c] = [item('a'), item('b'), item('c')];

test('a list that nobody is at shows what is there', () => {
  expect(ids(next(shown(a, b), [c, b], false))).toEqual(['c', 'b']);
});

test('what is new waits while somebody is at the list, and is counted', () => {
  const after = next(shown(a, b), [c, a, item('d'), b]);
  expect([ids(after), after.waiting]).toEqual([['a', 'b'], 2]);
  expect(ids(next(after, [c, a, b], false))).toEqual(['c', 'a', 'b']);
});

test('an empty list has nothing that could move, and shows what comes at once', () => {
  const after = next(shown(), [a, b]);
  expect([ids(after), after.waiting]).toEqual([['a', 'b'], 0]);
});

test('what somebody else has done stays in its place and says so, until the list may move', () => {
  const done = taskRow('a', { seq: 2, state: 'completed', by: 'bob' });
  const after = next(shown(a, b), [b], true, [done]);
  expect(ids(after)).toEqual(['a', 'b']);
  expect(after.items[0]).toMatchObject({ isGone: true, row: { data: { state: 'completed', by: 'bob' } } });
  expect(ids(next(after, [b], false))).toEqual(['b']);
});

test('what somebody else has taken stays among what is available', () => {
  const taken = item('a', { seq: 2, assignee: 'bob', by: 'bob' });
  const after = next(shown(a, b), [b, taken]);
  expect(after.items.map(({ part }) => part)).toEqual(['available', 'available']);
  expect(after.items[0]!.row.data.assignee).toBe('bob');
});

test('what the person has done takes effect at once: they look for it', () => {
  const mine = item('b', { seq: 2, assignee: 'alice', by: 'alice' });
  const claimed = next(shown(a, b, c), [mine, a, c]);
  expect(claimed.items.map(({ row, part }) => [row.data.taskId, part])).toEqual([
    ['b', 'mine'],
    ['a', 'available'],
    ['c', 'available'],
  ]);
  const done = taskRow('b', { seq: 3, state: 'completed', by: 'alice' });
  expect(ids(next(claimed, [a, c], true, [done]))).toEqual(['a', 'c']);
});

test('sorted places do not change under somebody, whatever happens to what is sorted by', () => {
  const urgent = item('b', { seq: 2, priority: 90, by: 'bob' });
  const after = next(shown(a, b), [urgent, a]);
  expect(ids(after)).toEqual(['a', 'b']);
  expect(after.items[1]!.row.data.priority).toBe(90);
});

test('a list that has not changed is the same list', () => {
  const before = shown(a, b);
  expect(next(before, [a, b])).toBe(before);
  expect(next(before, [a, b], false)).toBe(before);
});
