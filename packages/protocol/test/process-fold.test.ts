import { describe, expect, test } from 'vitest';
import type { EventType } from '../src/index.ts';
import { createWorld, LATER, NOON, types } from './support/world.ts';

const P = 'process/p1' as const;

describe('a link', () => {
  const started = { processInstanceId: 'p1', processDefinitionKey: 'order', startedBy: 'alice' };
  const link = { processInstanceId: 'p1', businessKey: 'e1' };

  test('that comes late makes the execution, with the starter in it, and is one of the room', () => {
    const world = createWorld();
    world.report('process:started', started);
    expect(types(world.report('process:linked', link))).toEqual(['execution:created', 'process:linked']);
    expect(world.row('execution/e1')).toMatchObject({ participants: ['alice'], title: 'order' });
    expect(world.rooms(P)).toContain('execution:e1');
    expect(types(world.report('process:linked', link, LATER))).toEqual([]);
  });

  test('to an execution that the starter is not in links nothing, and the same key again decides nothing anew', () => {
    const world = createWorld();
    world.report('execution:created', { executionId: 'e1', title: 'One', participants: ['bob'] });
    world.report('process:started', { ...started, businessKey: 'e1' });
    expect(world.row(P)).not.toHaveProperty('executionId');
    expect(types(world.report('process:linked', link))).toEqual([]);
    expect(types(world.report('process:linked', { ...link, businessKey: 'e2' }))).toEqual([
      'execution:created',
      'process:linked',
    ]);
    expect(types(world.report('process:linked', link))).toEqual(['process:linked']);
    expect(world.row(P)).toMatchObject({ businessKey: 'e1' });
    expect(world.row(P)).not.toHaveProperty('executionId');
  });

  test('of an instance that is not known yet makes its row, if the source says enough of it', () => {
    const world = createWorld();
    expect(types(world.report('process:linked', link))).toEqual([]);
    world.report('process:linked', { ...link, processDefinitionKey: 'order' });
    expect(world.row(P)).toMatchObject({ state: 'active', executionId: 'e1' });
  });

  test('of the root is that of all that it called, whatever their own keys, also before they follow', () => {
    const world = createWorld();
    const called = { processInstanceId: 'p2', rootProcessInstanceId: 'p1', businessKey: 'own' };
    world.report('process:started', started);
    world.report('process:started', called);
    world.report('process:linked', link);
    world.report('task:created', { taskId: 't', processInstanceId: 'p2', rootProcessInstanceId: 'p1' });
    expect(world.row('task/t')).toMatchObject({ executionId: 'e1', businessKey: 'own' });
    expect(world.row('process/p2')).not.toHaveProperty('executionId');
    expect(types(world.report('process:linked', { processInstanceId: 'p2' }))).toEqual(['process:linked']);
    expect(world.row('process/p2')).toMatchObject({ executionId: 'e1', businessKey: 'own' });
  });

  test('stays what it is when the instance stands still, goes on and ends', () => {
    const world = createWorld();
    world.report('process:started', started);
    world.report('process:linked', link);
    for (const type of ['process:suspended', 'process:resumed', 'process:completed'] as const) {
      world.report(type, { processInstanceId: 'p1', businessKey: 'another' });
      expect(world.row(P)).toMatchObject({ executionId: 'e1', businessKey: 'e1' });
    }
    expect(types(world.report('process:linked', { ...link, businessKey: 'e2' }))).toEqual([]);
  });
});

describe('what a fact does to a process instance', () => {
  const table: [string, EventType[], EventType, string[], object][] = [
    ['it starts', [], 'process:started', ['process:started'], { state: 'active', started: NOON }],
    ['it starts once', ['process:started'], 'process:started', [], { state: 'active' }],
    [
      'it is suspended',
      ['process:started'],
      'process:suspended',
      ['process:suspended'],
      { state: 'suspended' },
    ],
    [
      'it is suspended again: no news',
      ['process:started', 'process:suspended'],
      'process:suspended',
      [],
      { state: 'suspended' },
    ],
    [
      'it goes on',
      ['process:started', 'process:suspended'],
      'process:resumed',
      ['process:resumed'],
      { state: 'active' },
    ],
    ['what is active goes on: no news', ['process:started'], 'process:resumed', [], { state: 'active' }],
    [
      'it reaches its end',
      ['process:started'],
      'process:completed',
      ['process:completed'],
      { state: 'completed', ended: NOON },
    ],
    [
      'it is ended before',
      ['process:started'],
      'process:cancelled',
      ['process:cancelled'],
      { state: 'cancelled', ended: NOON },
    ],
    [
      'a suspended one is ended',
      ['process:started', 'process:suspended'],
      'process:cancelled',
      ['process:cancelled'],
      { state: 'cancelled' },
    ],
    ['an unseen one is suspended', [], 'process:suspended', ['process:suspended'], { state: 'suspended' }],
    ['an unseen one reaches its end', [], 'process:completed', ['process:completed'], { state: 'completed' }],
    ...(['completed', 'cancelled'] as const).flatMap((end): typeof table =>
      (['started', 'suspended', 'resumed', 'completed', 'cancelled'] as const).map((late) => [
        `after it is ${end}, a late ${late} changes nothing`,
        ['process:started', `process:${end}`],
        `process:${late}`,
        [],
        { state: end },
      ]),
    ),
  ];

  test.each(table)('%s', (_what, before, type, events, row) => {
    const world = createWorld();
    const data = { processInstanceId: 'p1' };
    for (const earlier of before) world.report(earlier, data);
    expect(types(world.report(type, data))).toEqual(events);
    expect(world.row(P)).toMatchObject(row);
  });

  test('an unseen one that goes on stays unseen, since nothing is known of its link', () => {
    const world = createWorld();
    expect(world.report('process:resumed', { processInstanceId: 'p1' })).toEqual([]);
    expect(world.row(P)).toBeUndefined();
  });
});

describe('a business key', () => {
  const start = {
    processInstanceId: 'p1',
    businessKey: 'e1',
    processDefinitionName: 'Delivery',
    startedBy: 'alice',
  };

  test('makes an execution where there is none, first, with the starter in it', () => {
    const world = createWorld();
    expect(types(world.report('process:started', start))).toEqual(['execution:created', 'process:started']);
    expect(world.row('execution/e1')).toEqual({
      executionId: 'e1',
      title: 'Delivery',
      participants: ['alice'],
      createdBy: 'alice',
      created: NOON,
    });
    expect(world.row(P)).toMatchObject({ executionId: 'e1', businessKey: 'e1' });
    expect(world.rooms(P)).toEqual(['execution:e1', 'process:p1', 'user:alice']);
  });

  test('makes one with nobody in it where the engine does not say who started', () => {
    const world = createWorld();
    world.report('process:started', { processInstanceId: 'p1', businessKey: 'e1' });
    expect(world.row('execution/e1')).toEqual({
      executionId: 'e1',
      title: 'e1',
      participants: [],
      created: NOON,
    });
  });

  test('links to an execution that its starter takes part in', () => {
    const world = createWorld();
    world.report('execution:created', { executionId: 'e1', title: 'Ours', participants: ['alice'] });
    expect(types(world.report('process:started', start))).toEqual(['process:started']);
    expect(world.row(P)).toMatchObject({ executionId: 'e1' });
    expect(world.row('execution/e1')).toMatchObject({ title: 'Ours' });
  });

  test('does not open an execution of others to who starts a process', () => {
    const world = createWorld();
    world.report('execution:created', { executionId: 'e1', title: 'Theirs', participants: ['bob'] });
    world.report('process:started', start);
    expect(world.row(P)).not.toHaveProperty('executionId');
    expect(world.row(P)).toMatchObject({ businessKey: 'e1' });
    expect(world.rooms(P)).not.toContain('execution:e1');
  });

  test('of a called instance does not count: it inherits the link of its root', () => {
    const world = createWorld();
    world.report('process:started', start);
    const called = {
      processInstanceId: 'p2',
      rootProcessInstanceId: 'p1',
      superProcessInstanceId: 'p1',
      businessKey: 'e2',
    };
    expect(types(world.report('process:started', called))).toEqual(['process:started']);
    expect(world.row('process/p2')).toMatchObject({ executionId: 'e1', businessKey: 'e2' });
    expect(world.row('execution/e2')).toBeUndefined();
    expect(world.rooms('process/p2')).toEqual(['execution:e1', 'process:p1', 'process:p2']);
  });

  test('that is longer than a title makes an execution with the beginning of it', () => {
    const world = createWorld();
    world.report('process:started', { processInstanceId: 'p1', businessKey: 'k'.repeat(255) });
    expect(world.row(`execution/${'k'.repeat(255)}`)).toMatchObject({ title: 'k'.repeat(200) });
  });
});

test('an instance keeps its link and its starter to the end', () => {
  const world = createWorld();
  world.report('process:started', {
    processInstanceId: 'p1',
    businessKey: 'e1',
    startedBy: 'alice',
    started: NOON,
  });
  for (const type of ['process:suspended', 'process:resumed', 'process:completed'] as const) {
    world.report(
      type,
      { processInstanceId: 'p1', startedBy: 'service-account', processDefinitionKey: 'd' },
      LATER,
    );
    expect(world.row(P)).toMatchObject({ executionId: 'e1', startedBy: 'alice', started: NOON });
  }
  expect(world.row(P)).toMatchObject({ ended: LATER, processDefinitionKey: 'd' });
});
