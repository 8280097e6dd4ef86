import { describe, expect, test } from 'vitest';
import { commandSubject, parseRoom, type RealtimeError, type Subject, UNDER_WAY } from '../src/index.ts';
import { createWorld, LATER, NOON, types, type World } from './support/world.ts';

const UNTIL = '2026-01-01T12:00:20.000Z';

const BUSY = expect.objectContaining({ code: 'busy' });

/** Takes a command on. */
function accept(world: World, type: string, target: Subject | undefined, more: object = {}, time = NOON) {
  const data = { commandId: 'c1', userId: 'alice', type, target, digest: 'd', payload: {}, ...more };
  return world.report('command:accepted', data, time);
}

/** Goes to ask the engine. */
function take(world: World, more: object = {}, time = NOON) {
  const data = { commandId: 'c1', userId: 'alice', take: 1, until: UNTIL, ...more };
  return world.report('command:taken', data, time);
}

const own = (userId: string, commandId: string) => commandSubject({ userId, commandId });

test('a command is found by its id and by what it is about, and by who takes it up again, in a room that is none', () => {
  const world = createWorld();
  const changes = accept(world, 'task:claim', 'task/t1', { payload: { taskId: 't1' } });
  expect(types(changes)).toEqual(['command:accepted', 'command:accepted']);
  expect(world.row(own('alice', 'c1'))).toMatchObject({ status: 'accepted', payload: { taskId: 't1' } });
  expect(changes[1]!.data).not.toHaveProperty('payload');
  expect(changes.map(({ subject }) => world.rooms(subject))).toEqual([[UNDER_WAY], []]);
  expect(parseRoom(UNDER_WAY)).toBeUndefined();
  world.report('command:completed', { commandId: 'c1', userId: 'alice' });
  for (const { subject } of changes) expect(world.rooms(subject)).toEqual([]);
});

test("a command without a target stands in nobody's way", () => {
  const world = createWorld();
  expect(accept(world, 'process:emit', undefined)).toHaveLength(1);
  expect(accept(world, 'process:emit', undefined, { commandId: 'c2' })).toHaveLength(1);
  expect(world.report('command:completed', { commandId: 'c1', userId: 'alice' })).toHaveLength(1);
});

describe('a lease', () => {
  test('is had by one at a time, and by the next when it is over', () => {
    const world = createWorld();
    accept(world, 'task:claim', 'task/t1');
    expect(types(take(world))).toEqual(['command:taken', 'command:taken']);
    expect(world.row(own('alice', 'c1'))).toMatchObject({ status: 'taken', take: 1, until: UNTIL });
    expect(() => take(world)).toThrow(BUSY);
    expect(() => take(world, { take: 2 })).toThrow(BUSY);
    const until = '2026-01-01T12:01:00.000Z';
    expect(take(world, { take: 2, until }, LATER)).toHaveLength(2);
    expect(world.row(own('alice', 'c1'))).toMatchObject({ take: 2, until, accepted: NOON });
    expect(() => take(world, { take: 1 }, LATER)).toThrow(BUSY);
  });

  test('is not to be had of a command that is over, or that nobody has accepted', () => {
    const world = createWorld();
    expect(() => take(world)).toThrow(BUSY);
    accept(world, 'task:claim', 'task/t1');
    world.report('command:failed', { commandId: 'c1', userId: 'alice', code: 'task_taken' });
    expect(() => take(world)).toThrow(BUSY);
  });

  test('waits for the command that has the target now', () => {
    const world = createWorld();
    accept(world, 'task:claim', 'task/t1');
    take(world);
    accept(world, 'task:claim', 'task/t1', { commandId: 'c2' }, LATER);
    const until = '2026-01-01T12:01:00.000Z';
    expect(() => take(world, { take: 2, until }, LATER)).toThrow(BUSY);
    world.report('command:completed', { commandId: 'c2', userId: 'alice' }, LATER);
    expect(take(world, { take: 2, until }, LATER)).toHaveLength(2);
  });

  test('that a version without takes has left is one, too', () => {
    const world = createWorld();
    const old = {
      commandId: 'c1',
      userId: 'alice',
      type: 'task:claim',
      attempt: 1,
      digest: 'd',
      payload: {},
    };
    world.place(own('alice', 'c1'), { ...old, target: 'task/t1', status: 'accepted', until: UNTIL });
    expect(() => take(world)).toThrow(BUSY);
    expect(take(world, {}, LATER)).toHaveLength(2);
  });
});

test('while a command is under way, its target is busy for others', () => {
  const world = createWorld();
  accept(world, 'task:claim', 'task/t1');
  const other = { commandId: 'c2', userId: 'bob' };
  expect(() => accept(world, 'task:claim', 'task/t1', other)).toThrow(BUSY);
  expect(types(accept(world, 'task:claim', 'task/t2', other))).toHaveLength(2);
});

test('after its time, another command may have the target', () => {
  const world = createWorld();
  accept(world, 'task:claim', 'task/t1');
  take(world);
  expect(accept(world, 'task:claim', 'task/t1', { commandId: 'c2' }, LATER)).toHaveLength(2);
});

test('a finished command frees its target, tells its result, and forgets what it asked', () => {
  const world = createWorld();
  accept(world, 'task:claim', 'task/t1', { payload: { secret: 1 } });
  const changes = world.report('command:completed', {
    commandId: 'c1',
    userId: 'alice',
    result: { taskId: 't1' },
  });
  expect(types(changes)).toEqual(['command:completed', 'command:completed']);
  expect(world.row(own('alice', 'c1'))).toMatchObject({ status: 'completed', result: { taskId: 't1' } });
  for (const { data } of changes) expect(data).not.toHaveProperty('payload');
  expect(accept(world, 'task:unclaim', 'task/t1', { commandId: 'c2' })).toHaveLength(2);
});

test('a command that has failed says with which code, and in whose words', () => {
  const world = createWorld();
  accept(world, 'task:claim', 'task/t1');
  const end = { commandId: 'c1', userId: 'alice' };
  world.report('command:failed', { ...end, code: 'engine_refused', message: 'Not today.' });
  const row = world.row(own('alice', 'c1'));
  expect(row).toMatchObject({ status: 'failed', code: 'engine_refused', message: 'Not today.' });
});

test('what is finished stays so, and what nobody has taken on does not finish', () => {
  const world = createWorld();
  accept(world, 'task:claim', 'task/t1');
  const end = { commandId: 'c1', userId: 'alice' };
  world.report('command:failed', { ...end, code: 'in_doubt' });
  expect(world.report('command:completed', end)).toEqual([]);
  expect(world.report('command:failed', { ...end, code: 'busy' })).toEqual([]);
  expect(world.report('command:completed', { ...end, userId: 'bob' })).toEqual([]);
  expect(world.row(own('alice', 'c1'))).toMatchObject({ status: 'failed', code: 'in_doubt' });
});

test.each([
  ['of the same person', { commandId: 'c2' }],
  ['of another person with the same id', { userId: 'bob' }],
])('a command that ends late leaves the target to the one that has it now, %s', (_whose, other) => {
  const world = createWorld();
  accept(world, 'task:claim', 'task/t1');
  take(world);
  accept(world, 'task:claim', 'task/t1', other, LATER);
  const changes = world.report('command:completed', { commandId: 'c1', userId: 'alice' }, LATER);
  expect(changes.map(({ subject }) => subject)).toEqual([own('alice', 'c1')]);
});

test('no id of a person and a command is the name of a target', () => {
  const world = createWorld();
  const names = accept(world, 'task:claim', 'task/t1').map(({ subject }) => subject);
  expect(names[0]).toBe('command/alice/c1');
  // The ids of commands have no blank, on the wire.
  expect(names[1]).toContain(' ');
});

describe('an effect names its command', () => {
  function withTask(type: string, payload: object = {}, assignee: string | null = null): World {
    const world = createWorld();
    world.report('task:created', { taskId: 't1', assignee });
    accept(world, type, 'task/t1', { payload });
    return world;
  }
  const named = { commandId: 'c1', data: { by: 'alice' } };

  test.each([
    ['task:claim', {}, null, 'task:updated', { assignee: 'alice' }],
    ['task:assign', { assignee: 'bob' }, 'alice', 'task:updated', { assignee: 'bob' }],
    ['task:unclaim', {}, 'alice', 'task:updated', { assignee: null }],
    ['task:complete', {}, 'alice', 'task:completed', {}],
  ] as const)('%s', (type, payload, assignee, fact, data) => {
    const world = withTask(type, payload, assignee);
    expect(world.report(fact, { taskId: 't1', by: 'engine', ...data })).toMatchObject([named]);
  });

  test.each([
    ['a claim, when somebody else gets the task', 'task:claim', {}, 'task:updated', { assignee: 'bob' }],
    ['a claim, when the task is completed', 'task:claim', {}, 'task:completed', {}],
    ['a claim, when something else changes', 'task:claim', {}, 'task:updated', { taskName: 'n' }],
    [
      'an assignment, when somebody else gets the task',
      'task:assign',
      { assignee: 'bob' },
      'task:updated',
      { assignee: 'carol' },
    ],
    ['a completion, when somebody gets the task', 'task:complete', {}, 'task:updated', { assignee: 'alice' }],
    ['a completion, when the task is cancelled', 'task:complete', {}, 'task:cancelled', {}],
  ] as const)('but %s, does not', (_what, type, payload, fact, data) => {
    const changes = withTask(type, payload).report(fact, { taskId: 't1', by: 'engine', ...data });
    expect(changes).toMatchObject([{ data: { by: 'engine' } }]);
    expect(changes[0]).not.toHaveProperty('commandId');
  });

  test('also after a node has taken it', () => {
    const world = withTask('task:claim');
    take(world);
    expect(world.report('task:updated', { taskId: 't1', assignee: 'alice' })).toMatchObject([named]);
  });

  test('incident:retry', () => {
    const world = createWorld();
    world.report('process:error', { incidentId: 'i1' });
    accept(world, 'incident:retry', 'incident/i1');
    expect(world.report('process:error-resolved', { incidentId: 'i1' })).toMatchObject([{ commandId: 'c1' }]);
  });

  test('a command that is done names nothing more', () => {
    const world = withTask('task:claim');
    world.report('command:completed', { commandId: 'c1', userId: 'alice' });
    expect(world.report('task:updated', { taskId: 't1', assignee: 'alice' })[0]).not.toHaveProperty(
      'commandId',
    );
  });

  test("a started process is its starter's, and the execution has the title that was asked for", () => {
    const world = createWorld();
    accept(world, 'process:start', 'execution/e1', {
      title: 'My delivery',
      payload: { processDefinitionKey: 'delivery' },
    });
    const changes = world.report('process:started', {
      processInstanceId: 'p1',
      processDefinitionKey: 'delivery',
      businessKey: 'e1',
      startedBy: 'service-account',
    });
    expect(changes).toMatchObject([
      {
        type: 'execution:created',
        data: { title: 'My delivery', participants: ['alice'], createdBy: 'alice' },
      },
      { type: 'process:started', commandId: 'c1', data: { startedBy: 'alice', executionId: 'e1' } },
    ]);
  });

  describe('that comes when the start was told to be done', () => {
    const report = { processInstanceId: 'p1', processDefinitionKey: 'delivery', businessKey: 'e1' };
    function done(processInstanceId: string): World {
      const world = createWorld();
      accept(world, 'process:start', 'execution/e1', { payload: { processDefinitionKey: 'delivery' } });
      world.report('command:completed', {
        commandId: 'c1',
        userId: 'alice',
        result: { processInstanceId, executionId: 'e1' },
      });
      return world;
    }

    test("makes the process its starter's all the same", () => {
      const world = done('p1');
      const changes = world.report('process:started', { ...report, startedBy: 'service-account' });
      expect(changes).toMatchObject([
        { type: 'execution:created', data: { participants: ['alice'], createdBy: 'alice' } },
        { type: 'process:started', commandId: 'c1', data: { startedBy: 'alice', executionId: 'e1' } },
      ]);
    });

    test('and no other one that has the same business key', () => {
      const world = done('another');
      expect(world.report('process:started', { ...report, startedBy: 'mallory' }).at(-1)).not.toHaveProperty(
        'commandId',
      );
      expect(world.row('process/p1')).toMatchObject({ startedBy: 'mallory' });
    });
  });

  test('but a process of another definition is not, with whatever business key', () => {
    const world = createWorld();
    accept(world, 'process:start', 'execution/e1', { payload: { processDefinitionKey: 'delivery' } });
    const data = {
      processInstanceId: 'p1',
      processDefinitionKey: 'other',
      businessKey: 'e1',
      startedBy: 'mallory',
    };
    expect(world.report('process:started', data).at(-1)).not.toHaveProperty('commandId');
    expect(world.row('process/p1')).toMatchObject({ startedBy: 'mallory' });
  });
});

test('a refusal is an error of the table', () => {
  const world = createWorld();
  accept(world, 'task:claim', 'task/t1');
  try {
    accept(world, 'task:claim', 'task/t1', { commandId: 'c2' });
    expect.unreachable();
  } catch (error) {
    expect((error as RealtimeError).toWire()).toMatchObject({ code: 'busy', retryable: true });
  }
});
