import { describe, expect, test } from 'vitest';
import type { EventType } from '../src/index.ts';
import { createWorld, LATER, NOON, types } from './support/world.ts';

const T = 'task/t1' as const;

describe('what a fact does to a task', () => {
  const created = ['task:created', {}] as const;
  const toAlice = ['task:assigned', { assignee: 'alice' }] as const;
  const completed = ['task:completed', {}] as const;
  const cancelled = ['task:cancelled', {}] as const;

  /** What was reported before, the fact, the types of event that follow, and some of the row after it. */
  const table: [string, (readonly [EventType, object])[], readonly [EventType, object], string[], object][] =
    [
      ['a task comes into being', [], created, ['task:created'], { state: 'open', created: NOON }],
      [
        'and may have an assignee from birth',
        [],
        ['task:created', { assignee: 'alice' }],
        ['task:created'],
        { assignee: 'alice' },
      ],
      ['it is created once', [created], ['task:created', { taskName: 'other' }], [], { state: 'open' }],
      ['somebody gets it', [created], toAlice, ['task:assigned'], { assignee: 'alice' }],
      [
        'somebody else gets it',
        [created, toAlice],
        ['task:assigned', { assignee: 'bob' }],
        ['task:assigned'],
        { assignee: 'bob' },
      ],
      ['who has it gets it again: no news', [created, toAlice], toAlice, [], { assignee: 'alice' }],
      [
        'it is given back',
        [created, toAlice],
        ['task:unassigned', { assignee: null }],
        ['task:unassigned'],
        { state: 'open' },
      ],
      ['what nobody has is given back: no news', [created], ['task:unassigned', { assignee: null }], [], {}],
      [
        'an update that changes the assignee is an assignment',
        [created],
        ['task:updated', { assignee: 'alice' }],
        ['task:assigned'],
        { assignee: 'alice' },
      ],
      [
        'an update that takes the assignee away says so',
        [created, toAlice],
        ['task:updated', { assignee: null }],
        ['task:unassigned'],
        {},
      ],
      [
        'an assignment that changes the name alone is an update',
        [created, toAlice],
        ['task:assigned', { assignee: 'alice', taskName: 'n' }],
        ['task:updated'],
        { taskName: 'n' },
      ],
      [
        'an update that says nothing new is none',
        [['task:created', { priority: 50 }]],
        ['task:updated', { priority: 50, assignee: null }],
        [],
        {},
      ],
      ['an update by another hand alone is none', [created], ['task:updated', { by: 'bob' }], [], {}],
      [
        'an update of something unseen is its creation',
        [],
        ['task:updated', { assignee: 'alice' }],
        ['task:created'],
        { assignee: 'alice' },
      ],
      [
        'a due date is set',
        [created],
        ['task:updated', { dueDate: LATER }],
        ['task:updated'],
        { dueDate: LATER },
      ],
      [
        'it is completed',
        [created, toAlice],
        completed,
        ['task:completed'],
        { state: 'completed', assignee: 'alice', ended: NOON },
      ],
      [
        'it is completed at the time that the source says',
        [created],
        ['task:completed', { ended: LATER }],
        ['task:completed'],
        { ended: LATER },
      ],
      ['it is cancelled', [created], cancelled, ['task:cancelled'], { state: 'cancelled', ended: NOON }],
      [
        'the end of something unseen is known as an end',
        [],
        completed,
        ['task:completed'],
        { state: 'completed' },
      ],
      ...(['completed', 'cancelled'] as const).flatMap((end): typeof table =>
        (['created', 'assigned', 'unassigned', 'updated', 'completed', 'cancelled'] as const).map((late) => [
          `after it is ${end}, a late ${late} changes nothing`,
          [created, [`task:${end}`, {}]],
          [`task:${late}`, { assignee: 'mallory', taskName: 'late', candidates: { addUsers: ['mallory'] } }],
          [],
          { state: end },
        ]),
      ),
    ];

  test.each(table)('%s', (_what, before, [type, data], events, row) => {
    const world = createWorld();
    for (const [earlier, said] of before) world.report(earlier, { taskId: 't1', ...said });
    const untouched = world.row(T);
    expect(types(world.report(type, { taskId: 't1', ...data }))).toEqual(events);
    if (events.length === 0) expect(world.row(T)).toBe(untouched);
    expect(world.row(T)).toMatchObject(row);
  });
});

test('what the source leaves out stays, and what it calls empty goes', () => {
  const world = createWorld();
  const all = { assignee: 'alice', owner: 'olga', description: 'd', dueDate: NOON, followUpDate: NOON };
  world.report('task:created', { taskId: 't1', taskName: 'n', ...all });
  world.report('task:updated', { taskId: 't1', priority: 1 });
  expect(world.row(T)).toMatchObject({ taskName: 'n', priority: 1, ...all });
  for (const field of Object.keys(all)) {
    const [change] = world.report('task:updated', { taskId: 't1', [field]: null });
    expect(change?.type, field).toBe(field === 'assignee' ? 'task:unassigned' : 'task:updated');
    expect(world.row(T)).not.toHaveProperty(field);
  }
});

test('candidates come and go, once each, and see the task while it is open', () => {
  const world = createWorld();
  const say = (candidates: object) => types(world.report('task:updated', { taskId: 't1', candidates }));
  world.report('task:created', {
    taskId: 't1',
    candidates: { addGroups: ['devs', 'devs'], addUsers: ['alice'] },
  });
  expect(world.rooms(T)).toEqual(['group:devs', 'user:alice']);
  expect(say({ addUsers: ['bob', 'alice'] })).toEqual(['task:updated']);
  expect(say({ addUsers: ['alice'] })).toEqual([]);
  expect(say({ removeUsers: ['alice', 'nobody'], removeGroups: ['devs'], addGroups: ['leads'] })).toEqual([
    'task:updated',
  ]);
  expect(say({ removeUsers: ['alice'] })).toEqual([]);
  expect(world.row(T)).toMatchObject({ candidateUsers: ['bob'], candidateGroups: ['leads'] });
  expect(world.rooms(T)).toEqual(['group:leads', 'user:bob']);
  world.report('task:completed', { taskId: 't1', assignee: 'carol' });
  expect(world.rooms(T)).toEqual(['user:carol']);
});

test('a candidate who is named late takes nobody the task', () => {
  const world = createWorld();
  world.report('task:created', { taskId: 't1', assignee: 'alice' });
  world.report('task:updated', { taskId: 't1', candidates: { addUsers: ['bob'] } });
  expect(world.row(T)).toMatchObject({ assignee: 'alice', candidateUsers: ['bob'] });
});

test('a task belongs where its process instance does', () => {
  const world = createWorld();
  world.report('process:started', { processInstanceId: 'root', businessKey: 'e1' });
  world.report('process:started', { processInstanceId: 'called', rootProcessInstanceId: 'root' });
  world.report('task:created', { taskId: 't1', processInstanceId: 'called', processDefinitionKey: 'check' });
  expect(world.row(T)).toMatchObject({ executionId: 'e1', rootProcessInstanceId: 'root' });
  expect(world.rooms(T)).toEqual(['definition:check', 'execution:e1', 'process:called', 'process:root']);
});

test('a task that came before its process instance takes the link over with its next fact', () => {
  const world = createWorld();
  world.report('task:created', { taskId: 't1', processInstanceId: 'p1' });
  expect(world.row(T)).not.toHaveProperty('executionId');
  world.report('process:started', { processInstanceId: 'p1', businessKey: 'e1' });
  expect(types(world.report('task:updated', { taskId: 't1' }))).toEqual(['task:updated']);
  expect(world.row(T)).toMatchObject({ executionId: 'e1', businessKey: 'e1' });
});

test('who completes a task takes part in its execution from then on', () => {
  const world = createWorld();
  world.report('execution:created', { executionId: 'e1', title: 'E', participants: ['alice'] });
  world.report('process:started', { processInstanceId: 'p1', businessKey: 'e1' });
  for (const [taskId, end] of [
    ['t1', 'completed'],
    ['t2', 'cancelled'],
    ['t3', 'completed'],
  ] as const) {
    world.report('task:created', {
      taskId,
      processInstanceId: 'p1',
      assignee: taskId === 't2' ? 'carol' : 'bob',
    });
    const followed = types(world.report(`task:${end}`, { taskId }));
    expect(followed).toEqual(taskId === 't1' ? ['task:completed', 'execution:updated'] : [`task:${end}`]);
  }
  expect(world.row('execution/e1')).toMatchObject({ participants: ['alice', 'bob'] });
});
