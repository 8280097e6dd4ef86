import { describe, expect, test } from 'vitest';
import { MAX_PARTICIPANTS } from '../src/index.ts';
import { createWorld, LATER, NOON, types } from './support/world.ts';

/** Both have a beginning and an end, and belong to a process instance. */
describe.each([
  [
    'an activity',
    'activity/1',
    { activityInstanceId: '1', activityId: 'review' },
    'activity:started',
    'activity:completed',
    'running',
    'ended',
  ],
  [
    'an incident',
    'incident/1',
    { incidentId: '1', message: 'No.' },
    'process:error',
    'process:error-resolved',
    'open',
    'resolved',
  ],
] as const)('%s', (_kind, name, data, begin, end, going, over) => {
  test('begins, and ends', () => {
    const world = createWorld();
    expect(types(world.report(begin, data))).toEqual([begin]);
    expect(world.row(name)).toMatchObject({ ...data, state: going });
    expect(types(world.report(end, data))).toEqual([end]);
    expect(world.row(name)).toMatchObject({ ...data, state: over });
  });

  test('begins once, and ends once', () => {
    const world = createWorld();
    world.report(begin, data);
    expect(world.report(begin, data, LATER)).toEqual([]);
    world.report(end, data);
    expect(world.report(end, data, LATER)).toEqual([]);
  });

  test('does not begin after its end', () => {
    const world = createWorld();
    expect(types(world.report(end, data))).toEqual([end]);
    expect(world.report(begin, data)).toEqual([]);
    expect(world.row(name)).toMatchObject({ state: over });
  });

  test('is seen where its process instance is', () => {
    const world = createWorld();
    world.report('process:started', { processInstanceId: 'p1', businessKey: 'e1' });
    world.report(begin, {
      ...data,
      processInstanceId: 'p1',
      rootProcessInstanceId: 'p1',
      processDefinitionKey: 'd',
    });
    expect(world.row(name)).toMatchObject({ executionId: 'e1', businessKey: 'e1' });
    expect(world.rooms(name)).toEqual(['definition:d', 'execution:e1', 'process:p1']);
    world.report(end, data);
    expect(world.rooms(name)).toEqual(['definition:d', 'execution:e1', 'process:p1']);
  });
});

test('an activity that ends keeps what its beginning told, and says when', () => {
  const world = createWorld();
  world.report('activity:started', {
    activityInstanceId: '1',
    activityId: 'call',
    calledProcessInstanceId: 'p2',
    taskId: 't1',
  });
  world.report('activity:completed', { activityInstanceId: '1', activityId: 'call', canceled: true }, LATER);
  expect(world.row('activity/1')).toMatchObject({
    calledProcessInstanceId: 'p2',
    taskId: 't1',
    canceled: true,
    ended: LATER,
  });
});

describe('an execution', () => {
  const data = { executionId: 'e1', title: 'Billing', participants: ['alice', 'bob'] };

  test('is made, and each participant has it in the own room', () => {
    const world = createWorld();
    expect(types(world.report('execution:created', data))).toEqual(['execution:created']);
    expect(world.row('execution/e1')).toEqual({ ...data, created: NOON });
    expect(world.rooms('execution/e1')).toEqual(['execution:e1', 'user:alice', 'user:bob']);
  });

  test('is not made a second time', () => {
    const world = createWorld();
    world.report('execution:created', data);
    expect(() => world.report('execution:created', { ...data, title: 'Mine' })).toThrow(
      expect.objectContaining({ code: 'duplicate_id', field: 'executionId' }),
    );
  });

  test('gets another title; the same one, and that of none, are no news', () => {
    const world = createWorld();
    expect(world.report('execution:updated', { executionId: 'e1', title: 'New' })).toEqual([]);
    world.report('execution:created', data);
    expect(world.report('execution:updated', { executionId: 'e1', title: 'Billing' })).toEqual([]);
    expect(types(world.report('execution:updated', { executionId: 'e1', title: 'New' }))).toEqual([
      'execution:updated',
    ]);
    expect(world.row('execution/e1')).toEqual({ ...data, title: 'New', created: NOON });
  });

  test('that is full takes nobody more in, and the task is completed all the same', () => {
    const world = createWorld();
    const participants = Array.from({ length: MAX_PARTICIPANTS }, (_, n) => `user-${n}`);
    world.report('execution:created', { executionId: 'e1', title: 'Full', participants });
    world.report('process:started', { processInstanceId: 'p1', businessKey: 'e1' });
    world.report('task:created', { taskId: 't1', processInstanceId: 'p1', assignee: 'late' });
    expect(types(world.report('task:completed', { taskId: 't1' }))).toEqual(['task:completed']);
  });
});

describe('sources that keep', () => {
  test('say once in which life all of theirs is, each beside the others', () => {
    const world = createWorld();
    const say = (source: string, epoch: string | null) =>
      types(world.report('source:whole', { source, epoch }));
    expect(say('one', 'e1')).toEqual(['source:whole']);
    expect(say('one', 'e1')).toEqual([]);
    say('two', 'e1');
    say('one', 'e2');
    expect(world.row('source/engines')).toEqual({ wholeIn: { one: 'e2', two: 'e1' } });
    say('two', null);
    expect(world.row('source/engines')).toEqual({ wholeIn: { one: 'e2' } });
    expect(world.rooms('source/engines')).toEqual([]);
  });

  test('are no more than a row can hold', () => {
    const world = createWorld();
    const say = (n: number) => world.report('source:whole', { source: `s${n}`, epoch: 'e' });
    for (let n = 0; n < 100; n++) say(n);
    expect(() => say(100)).toThrow('Too many sources');
    expect(say(99)).toEqual([]);
  });
});
