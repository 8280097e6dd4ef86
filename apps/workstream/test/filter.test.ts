import { expect, test } from 'vitest';
import { countsOf, filtered, isOverdue, itemsOf, queryOf, readFilter } from '../src/my-work/filter.ts';
import { taskRow } from './rows.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const alice = { userId: 'alice', groups: ['developers'] };
const rows = [
  taskRow('old', {
    created: '2026-01-01T00:00:00Z',
    executionId: 'e1',
    rooms: ['user:alice'],
    assignee: 'alice',
  }),
  taskRow('late', { created: '2026-02-01T00:00:00Z', dueDate: '2026-05-01T00:00:00Z' }),
  taskRow('soon', { created: '2026-01-15T00:00:00Z', dueDate: '2026-06-02T00:00:00Z', priority: 90 }),
  taskRow('given', { created: '2026-03-01T00:00:00Z', assignee: 'bob' }),
  taskRow('strange', { rooms: ['process:p1'] }),
  taskRow('over', { state: 'completed' }),
];
const titles = new Map([['e1', 'Delivery to Oslo']]);
const found = (query: Record<string, string>) =>
  filtered(itemsOf(rows, alice), readFilter(query), titles, NOW).map(({ row }) => row.data.taskId);

test('open tasks are mine, available or with others; what is no concern of mine is not there', () => {
  expect(found({})).toEqual(['old', 'soon', 'late', 'given']);
  expect(countsOf(itemsOf(rows, alice))).toEqual({ mine: 1, available: 2, others: 1 });
  expect(found({ show: 'available' })).toEqual(['soon', 'late']);
});

test('tasks are sorted by their due dates, those without one last, and by priority', () => {
  expect(found({ show: 'available', sort: 'due' })).toEqual(['late', 'soon']);
  expect(found({ show: 'available', sort: 'priority' })).toEqual(['soon', 'late']);
});

test('a task is overdue when its time has passed, and overdue ones can be looked at alone', () => {
  expect(rows.filter((row) => isOverdue(row, NOW)).map(({ data }) => data.taskId)).toEqual(['late']);
  expect(found({ only: 'overdue' })).toEqual(['late']);
});

test('all words that are looked for have to be there: in the name, the step, the people, or the workstream', () => {
  expect(found({ q: 'oslo DELIVERY' })).toEqual(['old']);
  expect(found({ q: 'bob' })).toEqual(['given']);
  expect(found({ q: 'task late' })).toEqual(['late']);
  expect(found({ q: 'oslo bob' })).toEqual([]);
});

test('an address names a filter, and nothing that is as usual', () => {
  const query = { show: 'mine', q: 'oslo', sort: 'due', only: 'overdue' };
  expect(queryOf(readFilter(query))).toEqual(query);
  expect(queryOf(readFilter({ show: 'everything', sort: 'colour', only: '' }))).toEqual({});
});
