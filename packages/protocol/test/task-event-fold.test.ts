import { expect, test } from 'vitest';
import { createWorld, types } from './support/world.ts';

const announced = { taskId: 't1', processInstanceId: 'p1', assignee: 'bob', origin: 'task-event' };
const own = { taskId: 't1', processInstanceId: 'p1', taskDefinitionKey: 'review', assignee: 'alice' };

test('a task that was announced from a diagram stands in its process, and is nobody’s to do', () => {
  const world = createWorld();
  world.report('process:started', { processInstanceId: 'p1', businessKey: 'e1' });
  expect(types(world.report('task:created', announced))).toEqual(['task:created']);
  expect(world.rooms('task/t1')).toEqual(['execution:e1', 'process:p1']);
  expect(types(world.report('task:updated', { ...announced, assignee: 'carol' }))).toEqual(['task:assigned']);
  world.report('task:completed', { ...announced, assignee: 'carol' });
  expect(world.row('task/t1')).toMatchObject({ state: 'completed', origin: 'task-event' });
  // It makes nobody a participant.
  expect(world.row('execution/e1')).toMatchObject({ participants: [] });
});

test.each(['task:created', 'task:updated', 'task:completed', 'task:cancelled'] as const)(
  'what a diagram says (%s) of a task that the engine tells of itself is no news',
  (type) => {
    const world = createWorld();
    world.report('task:created', own);
    expect(world.report(type, announced)).toEqual([]);
    expect(world.row('task/t1')).toMatchObject({ state: 'open', assignee: 'alice' });
  },
);

test.each(['task:created', 'task:updated'] as const)(
  'an announced task becomes the engine’s once the engine tells of it (%s), also where it was announced as done',
  (type) => {
    const world = createWorld();
    world.report('task:completed', announced);
    expect(types(world.report(type, own))).toEqual(['task:created']);
    expect(world.row('task/t1')).toMatchObject({ state: 'open', assignee: 'alice' });
    expect(world.row('task/t1')).not.toHaveProperty('origin');
    expect(world.rooms('task/t1')).toContain('user:alice');
  },
);

test('an announced task stays one when it follows its process into an execution', () => {
  const world = createWorld();
  world.report('process:started', { processInstanceId: 'p1' });
  world.report('task:created', announced);
  world.report('process:linked', { processInstanceId: 'p1', businessKey: 'e1' });
  expect(types(world.report('task:updated', { taskId: 't1' }))).toEqual(['task:updated']);
  expect(world.row('task/t1')).toMatchObject({ origin: 'task-event', executionId: 'e1' });
});
