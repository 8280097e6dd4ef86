import { describe, expect, test } from 'vitest';
import { MAX_VARIABLES, MAX_VARIABLES_LENGTH } from '../src/index.ts';
import { createWorld, LATER, types } from './support/world.ts';

const P = 'process/p1' as const;
const T = 'task/t1' as const;

function startedWorld() {
  const world = createWorld();
  world.report('process:started', { processInstanceId: 'p1', processDefinitionKey: 'order' });
  const report = (variables: object, more: object = {}) =>
    types(world.report('process:updated', { processInstanceId: 'p1', variables, ...more }));
  return { ...world, report, tell: world.report };
}

describe('variables of a process instance', () => {
  test('are set, changed and removed; what is not named stays', () => {
    const { report, row } = startedWorld();
    expect(report({ set: { amount: 1, customer: 'ACME', paid: false, note: null } })).toEqual([
      'process:updated',
    ]);
    expect(report({ set: { amount: 2 }, remove: ['customer', 'never there'] })).toEqual(['process:updated']);
    expect(row(P)).toMatchObject({ state: 'active', variables: { amount: 2, paid: false, note: null } });
    expect(report({ remove: ['amount', 'paid', 'note'] })).toEqual(['process:updated']);
    expect(row(P)).not.toHaveProperty('variables');
  });

  test('that are as they were are no news, whoever says it', () => {
    const { report } = startedWorld();
    report({ set: { amount: 1 }, omit: ['order'] }, { by: 'alice' });
    expect(report({ set: { amount: 1 }, omit: ['order'] }, { by: 'bob' })).toEqual([]);
  });

  test('whose value is not sent are there by name, until they have one again, or are removed', () => {
    const { report, row } = startedWorld();
    report({ set: { order: 'short' } });
    report({ omit: ['order', 'invoice'] });
    expect(row(P)).toMatchObject({ omittedVariables: ['invoice', 'order'] });
    expect(row(P)).not.toHaveProperty('variables');
    report({ set: { order: 'short' }, remove: ['invoice'] });
    expect(row(P)).toMatchObject({ variables: { order: 'short' } });
    expect(row(P)).not.toHaveProperty('omittedVariables');
  });

  test('may have any name', () => {
    const { report, row } = startedWorld();
    const set = { constructor: 1, toString: 'x', '': 1 };
    expect(() => report({ set })).toThrow();
    report({ set: { constructor: 1, toString: 'x' } });
    expect((row(P) as { variables: object }).variables).toEqual({ constructor: 1, toString: 'x' });
    report({ remove: ['constructor', '__proto__', 'toString'], omit: ['__proto__'] });
    expect(row(P)).toMatchObject({ omittedVariables: ['__proto__'] });
  });

  test('stay with an instance that stands still, goes on, is linked and ends, and change no more then', () => {
    const { report, row, tell } = startedWorld();
    report({ set: { amount: 1 } });
    for (const type of [
      'process:suspended',
      'process:resumed',
      'process:linked',
      'process:completed',
    ] as const) {
      tell(type, { processInstanceId: 'p1', businessKey: 'e1' });
      expect(row(P)).toMatchObject({ variables: { amount: 1 } });
    }
    expect(report({ set: { amount: 2 } })).toEqual([]);
  });

  test('of an instance whose start comes later stay when it comes; an id alone says nothing', () => {
    const { report, row, ...world } = createWorld();
    const variables = { set: { amount: 1 } };
    expect(types(report('process:updated', { processInstanceId: 'p1', variables }))).toEqual([]);
    report('process:updated', { processInstanceId: 'p1', processDefinitionKey: 'order', variables });
    const start = {
      processInstanceId: 'p1',
      processDefinitionKey: 'order',
      businessKey: 'e1',
      startedBy: 'al',
    };
    expect(types(report('process:started', start, LATER))).toEqual(['execution:created', 'process:started']);
    expect(row(P)).toMatchObject({
      executionId: 'e1',
      startedBy: 'al',
      started: LATER,
      variables: { amount: 1 },
    });
    expect(types(report('process:started', start, LATER))).toEqual([]);
    expect(world.rooms(P)).toContain('execution:e1');
  });
});

describe('a row has bounds:', () => {
  test('beyond so many variables the last are omitted by name', () => {
    const { report, row } = startedWorld();
    const names = Array.from({ length: MAX_VARIABLES + 3 }, (_, n) => `v${String(n).padStart(3, '0')}`);
    report({ set: Object.fromEntries(names.map((name) => [name, 1])) });
    const data = row(P) as { variables: object; omittedVariables: string[] };
    expect(Object.keys(data.variables)).toEqual(names.slice(0, MAX_VARIABLES));
    expect(data.omittedVariables).toEqual(names.slice(MAX_VARIABLES));
    report({ set: Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`w${n}`, 1])) });
    expect((row(P) as typeof data).omittedVariables).toHaveLength(MAX_VARIABLES);
  });

  test('beyond so many characters a long one is omitted, and short ones after it are not', () => {
    const { report, row } = startedWorld();
    report({ set: { a: 'x'.repeat(MAX_VARIABLES_LENGTH - 100), b: 'x'.repeat(200), c: 'x' } });
    const data = row(P) as { variables: object; omittedVariables: string[] };
    expect(Object.keys(data.variables)).toEqual(['a', 'c']);
    expect(data.omittedVariables).toEqual(['b']);
    expect(JSON.stringify(data.variables).length).toBeLessThan(MAX_VARIABLES_LENGTH);
  });
});

test("a task's own variables are on its row, change with it, and stay at its end", () => {
  const { report, row } = createWorld();
  report('task:created', { taskId: 't1', variables: { set: { checked: false } } });
  expect(row(T)).toMatchObject({ variables: { checked: false } });
  expect(types(report('task:updated', { taskId: 't1', variables: { set: { checked: false } } }))).toEqual([]);
  expect(
    types(report('task:updated', { taskId: 't1', assignee: 'al', variables: { set: { checked: true } } })),
  ).toEqual(['task:assigned']);
  expect(types(report('task:updated', { taskId: 't1', variables: { omit: ['order'] } }))).toEqual([
    'task:updated',
  ]);
  report('task:completed', { taskId: 't1' });
  expect(row(T)).toMatchObject({ variables: { checked: true }, omittedVariables: ['order'], assignee: 'al' });
});
