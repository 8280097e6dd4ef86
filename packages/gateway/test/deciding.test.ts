import { describe, expect, test } from 'vitest';
import { decide, MOST_TAKES, type Next, type Sight } from '../src/commands/deciding.ts';

const NOW = Date.parse('2026-01-01T12:00:00.000Z');
const at = { now: NOW, isStale: false };
const left = { now: NOW, isStale: true };
const running = { take: 1, until: '2026-01-01T12:00:00.001Z' };
const over = { take: 1, until: '2026-01-01T12:00:00.000Z' };
const last = { ...over, take: MOST_TAKES };
/** What a version without takes has left. */
const old = { until: over.until };

const done: Sight<number> = { is: 'done', result: 7 };
const undone: Sight<number> = { is: 'undone' };
const impossible: Sight<number> = { is: 'impossible', code: 'task_closed' };
const unknown: Sight<number> = { is: 'unknown' };
const hidden: Sight<number> = { is: 'hidden' };

const ask: Next<number> = { do: 'ask' };
const complete: Next<number> = { do: 'complete', result: 7 };
const wait: Next<number> = { do: 'wait' };
const fail = (code: 'task_closed' | 'in_doubt' | 'abandoned'): Next<number> => ({ do: 'fail', code });

describe('Each cell of the table:', () => {
  test.each([
    ['accepted, never taken', {}, undone, at, ask],
    ['accepted, never taken, left behind', {}, undone, left, fail('abandoned')],
    ['done, lease runs', running, done, at, complete],
    ['done, lease is over', over, done, at, complete],
    ['done, left behind', over, done, left, complete],
    ['undone, lease runs', running, undone, at, wait],
    ['undone, lease runs, left behind', running, undone, left, wait],
    ['undone, lease is over', over, undone, at, ask],
    ['undone, lease is over, asked often enough', last, undone, at, fail('in_doubt')],
    ['undone, left behind', over, undone, left, fail('abandoned')],
    ['impossible, lease runs', running, impossible, at, fail('task_closed')],
    ['impossible, lease is over', over, impossible, at, fail('task_closed')],
    ['unknown, lease runs', running, unknown, at, wait],
    ['unknown, lease is over', over, unknown, at, fail('in_doubt')],
    ['hidden, lease runs', running, hidden, at, wait],
    ['hidden, lease is over', over, hidden, at, wait],
    ['hidden, left behind', last, hidden, left, wait],
    ['undone, of an earlier version', old, undone, at, ask],
    ['done, of an earlier version', old, done, at, complete],
  ] as const)('%s', (_cell, row, sight, when, next) => {
    expect(decide(row, sight, when)).toEqual(next);
  });
});
