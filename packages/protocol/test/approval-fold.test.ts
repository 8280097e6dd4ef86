import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATALOGUE, type EventType, RealtimeError } from '../src/index.ts';
import { createWorld, LATER, NOON, types, type World } from './support/world.ts';

const A = 'approval/t1' as const;
const T = 'task/t1' as const;
const taskOf = (more: object = {}) => ({
  taskId: 't1',
  taskName: 'Approve the release',
  taskDefinitionKey: 'approve-release',
  processInstanceId: 'p1',
  processDefinitionKey: 'delivery',
  dueDate: LATER,
  candidates: { addGroups: ['leads'] },
  approval: {},
  ...more,
});

/** A world with an approval by a task. */
function asked(approval: object = {}): World {
  const world = createWorld();
  world.report('task:created', taskOf({ approval }));
  return world;
}

/** A command about the task is on its way. */
function underWay(world: World, type: string, payload: object, userId = 'alice') {
  const own = { commandId: 'c1', userId };
  const until = '2027-01-01T00:00:00.000Z';
  world.report('command:accepted', { ...own, type, target: T, payload, digest: 'd' });
  world.report('command:taken', { ...own, take: 1, until });
  return (step: 'completed' | 'failed', more: object = {}) =>
    world.report(`command:${step}`, { ...own, ...more }, LATER);
}

const DECIDE = { approvalId: 't1', decision: 'rejected', reason: 'Too soon.' };

describe('An approval by a task', () => {
  test('is asked with the task, in the same append, and says what, whom and until when', () => {
    const world = createWorld();
    world.report('process:started', { processInstanceId: 'p1', businessKey: 'e1' });
    expect(types(world.report('task:created', taskOf()))).toEqual(['task:created', 'approval:requested']);
    expect(world.row(A)).toEqual({
      approvalId: 't1',
      taskId: 't1',
      state: 'requested',
      title: 'Approve the release',
      taskDefinitionKey: 'approve-release',
      due: LATER,
      requested: NOON,
      candidateUsers: [],
      candidateGroups: ['leads'],
      processInstanceId: 'p1',
      processDefinitionKey: 'delivery',
      executionId: 'e1',
      businessKey: 'e1',
    });
    expect(world.rooms(A)).toEqual(world.rooms(T));
    expect(world.rooms(A)).toEqual(['definition:delivery', 'execution:e1', 'group:leads', 'process:p1']);
  });

  test('is none where the model does not say so', () => {
    const world = createWorld();
    expect(types(world.report('task:created', taskOf({ approval: undefined })))).toEqual(['task:created']);
    expect(types(world.report('task:completed', { taskId: 't1', decision: 'approved' }))).toEqual([
      'task:completed',
    ]);
    expect(world.row(A)).toBeUndefined();
  });

  test('is asked as soon as anybody says that its task is one', () => {
    const world = createWorld();
    world.report('task:created', taskOf({ approval: undefined }));
    expect(types(world.report('task:updated', { taskId: 't1', approval: {} }))).toEqual([
      'task:updated',
      'approval:requested',
    ]);
  });

  test('follows its task: who has it, its due date, and the link that comes late', () => {
    const world = asked();
    const also = (type: EventType, data: object) => types(world.report(type, { taskId: 't1', ...data }));
    expect(also('task:updated', { assignee: 'alice' })).toEqual(['task:assigned', 'approval:updated']);
    expect(world.row(A)).toMatchObject({ assignee: 'alice' });
    expect(also('task:updated', { dueDate: null })).toEqual(['task:updated', 'approval:updated']);
    expect(world.row(A)).not.toHaveProperty('due');
    // Nothing of this is the approval's.
    expect(also('task:updated', { priority: 7 })).toEqual(['task:updated']);
    world.report('process:started', { processInstanceId: 'p1' });
    world.report('process:linked', { processInstanceId: 'p1', businessKey: 'e1' });
    expect(also('task:updated', {})).toEqual(['task:updated', 'approval:updated']);
    expect(world.rooms(A)).toContain('execution:e1');
    expect(world.report('approval:updated', { approvalId: 't1' })).toEqual([]);
  });

  test('says who has decided what, and why, by the command that has completed its task', () => {
    const world = asked();
    world.report('task:updated', { taskId: 't1', assignee: 'alice' });
    underWay(world, 'approval:decide', DECIDE);
    const changes = world.report('task:completed', { taskId: 't1', by: 'the gateway' }, LATER);
    expect(types(changes)).toEqual(['task:completed', 'approval:completed']);
    expect(changes[0]).toMatchObject({ commandId: 'c1', data: { by: 'alice' } });
    expect(world.row(A)).toMatchObject({
      state: 'rejected',
      decidedBy: 'alice',
      reason: 'Too soon.',
      ended: LATER,
    });
  });

  test('is told by the end of the command where its task is late, once', () => {
    const world = asked();
    const end = underWay(world, 'approval:decide', DECIDE);
    expect(types(end('completed', { result: {} }))).toEqual([
      'approval:completed',
      'command:completed',
      'command:completed',
    ]);
    const row = world.row(A);
    expect(row).toMatchObject({ state: 'rejected', decidedBy: 'alice', reason: 'Too soon.', ended: LATER });
    // The claim comes late as well.
    expect(types(world.report('task:updated', { taskId: 't1', assignee: 'alice' }))).toEqual([
      'task:assigned',
    ]);
    expect(types(world.report('task:completed', { taskId: 't1', assignee: 'alice' }))).toEqual([
      'task:completed',
    ]);
    expect(world.row(A)).toEqual(row);
  });

  test('is not decided by a command that has failed', () => {
    const world = asked();
    underWay(world, 'approval:decide', DECIDE)('failed', { code: 'engine_unreachable' });
    expect(world.row(A)).toMatchObject({ state: 'requested' });
  });

  test('is not said to be decided by who lost: somebody else’s completion meanwhile is theirs', () => {
    const world = asked();
    underWay(world, 'approval:decide', DECIDE);
    world.report('task:completed', { taskId: 't1', assignee: 'bob', by: 'bob' });
    expect(world.row(A)).toMatchObject({ state: 'decided', decidedBy: 'bob' });
    expect(world.row(A)).not.toHaveProperty('reason');
  });

  test('is decided by variables as well: those of task:complete, and those that the engine tells', () => {
    const settings = { variable: 'ok', reasonVariable: 'why' };
    const byCommand = asked(settings);
    underWay(byCommand, 'task:complete', { taskId: 't1', variables: { ok: true, why: '' } });
    byCommand.report('task:completed', { taskId: 't1', assignee: 'alice' });
    expect(byCommand.row(A)).toMatchObject({ state: 'approved', decidedBy: 'alice' });
    expect(byCommand.row(A)).not.toHaveProperty('reason');

    const byEngine = asked(settings);
    byEngine.report('task:completed', { taskId: 't1', by: 'bob', decision: 'rejected', reason: 'No.' });
    expect(byEngine.row(A)).toMatchObject({ state: 'rejected', decidedBy: 'bob', reason: 'No.' });
    expect(byEngine.row(T)).not.toHaveProperty('decision');
  });

  test('is cancelled with its task, by nobody’s decision', () => {
    const world = asked();
    expect(types(world.report('task:cancelled', { taskId: 't1', by: 'bob' }, LATER))).toEqual([
      'task:cancelled',
      'approval:completed',
    ]);
    expect(world.row(A)).toMatchObject({ state: 'cancelled', ended: LATER });
    expect(world.row(A)).not.toHaveProperty('decidedBy');
    expect(world.rooms(A)).not.toContain('group:leads');
  });

  test('keeps which multi-instance asks it, though later events do not say', () => {
    const world = asked({ among: 'many:1', of: 3 });
    world.report('task:updated', { taskId: 't1', assignee: 'alice', approval: {} });
    expect(world.row(A)).toMatchObject({ among: 'many:1', of: 3 });
  });

  test('is spoken for by nobody else, and not taken over by who was there before', () => {
    const world = asked();
    for (const type of ['approval:requested', 'approval:completed'] as const)
      expect(() => world.report(type, { approvalId: 't1', state: 'approved' })).toThrow(
        expect.objectContaining({ code: 'invalid', field: 'data.approvalId' }),
      );
    const other = createWorld();
    other.report('approval:completed', { approvalId: 't1', state: 'approved' });
    other.report('task:created', taskOf());
    expect(other.row(A)).toMatchObject({ state: 'requested', taskId: 't1' });
  });
});

const outside = {
  approvalId: 'a1',
  title: 'Discount of 30 %',
  candidateUsers: ['alice'],
  candidateGroups: ['leads'],
  requestedBy: 'shop',
  due: LATER,
  executionId: 'e1',
};

describe('An approval from outside', () => {
  test('is asked, and decided by the first word', () => {
    const world = createWorld();
    expect(types(world.report('approval:requested', outside))).toEqual(['approval:requested']);
    expect(world.rooms('approval/a1')).toEqual(['execution:e1', 'group:leads', 'user:alice']);
    const said = { approvalId: 'a1', state: 'approved', decidedBy: 'alice' };
    expect(types(world.report('approval:completed', said, LATER))).toEqual(['approval:completed']);
    expect(world.row('approval/a1')).toEqual({
      ...outside,
      state: 'approved',
      decidedBy: 'alice',
      requested: NOON,
      updated: NOON,
      ended: LATER,
    });
    // A publisher's late word is no news; a person's own is refused, with how it has ended.
    const late = { approvalId: 'a1', state: 'rejected', decidedBy: 'bob' };
    expect(world.report('approval:completed', late)).toEqual([]);
    const fact = { source: 'user', id: '1', type: 'approval:completed', time: LATER, data: late };
    let error: RealtimeError | undefined;
    try {
      CATALOGUE.get('approval:completed')!.fold(fact, (name) => world.row(name) as never);
    } catch (thrown) {
      error = thrown as RealtimeError;
    }
    expect(error).toBeInstanceOf(RealtimeError);
    expect(error!.toWire()).toMatchObject({
      code: 'approval_closed',
      retryable: false,
      current: { approvalId: 'a1', state: 'approved', decidedBy: 'alice', ended: LATER },
    });
  });

  test('may ask something else while it is open, and follows its process instance', () => {
    const world = createWorld();
    world.report('process:started', { processInstanceId: 'p1' });
    world.report('approval:requested', { approvalId: 'a1', title: 'One', processInstanceId: 'p1' });
    expect(
      types(world.report('approval:requested', { approvalId: 'a1', title: 'Two', due: LATER }, LATER)),
    ).toEqual(['approval:updated']);
    expect(world.row('approval/a1')).toMatchObject({ title: 'Two', due: LATER, requested: NOON });
    world.report('process:linked', { processInstanceId: 'p1', businessKey: 'e1' });
    expect(types(world.report('approval:updated', { approvalId: 'a1' }))).toEqual(['approval:updated']);
    expect(world.rooms('approval/a1')).toEqual(['execution:e1', 'process:p1']);
  });

  test('comes to the same row in whatever order its words come, and however often, and never comes back', () => {
    const at = (second: number) => `2026-01-01T12:00:${String(second).padStart(2, '0')}.000Z`;
    const words = fc
      .tuple(
        fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom('approved', 'rejected', 'cancelled', undefined),
      )
      .map(([seconds, state]) => [
        ...seconds.map((second) => ({
          type: 'approval:requested' as const,
          time: at(second),
          data: { ...outside, title: `as of ${second}`, due: second % 2 ? LATER : undefined },
        })),
        ...(state === undefined
          ? []
          : [{ type: 'approval:completed' as const, time: at(30), data: { approvalId: 'a1', state } }]),
      ]);
    const told = words.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2, maxLength: all.length * 2 }),
      ),
    );
    fc.assert(
      fc.property(told, (orders) => {
        const rows = orders.map((order) => {
          const world = createWorld();
          let isOver = false;
          for (const { type, data, time } of order) {
            world.report(type, data, time);
            const { state } = world.row('approval/a1')!;
            expect(isOver && state === 'requested').toBe(false);
            isOver ||= state !== 'requested';
            expect(world.report(type, data, time)).toEqual([]);
          }
          return world.row('approval/a1');
        });
        expect(rows[1]).toEqual(rows[0]);
      }),
      { numRuns: 300 },
    );
  });
});

test('An approval is open as long as its task, whatever comes of it and however late', () => {
  const step = fc.constantFrom<[EventType, object]>(
    ['task:created', {}],
    ['task:updated', { assignee: 'alice' }],
    ['task:updated', { assignee: null }],
    ['task:updated', { dueDate: NOON }],
    ['task:completed', {}],
    ['task:completed', { decision: 'approved' }],
    ['task:cancelled', {}],
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const world = createWorld();
      let ended: object | undefined;
      for (const [type, more] of steps) {
        const changes = world.report(type, { ...taskOf(), ...more });
        const [task, approval] = [world.row(T)!, world.row(A)!];
        expect(approval.state === 'requested').toBe(task.state === 'open');
        expect(approval.assignee).toBe(task.assignee);
        if (ended) expect(approval).toEqual(ended);
        if (approval.state !== 'requested') ended = approval;
        expect(types(changes).filter((name) => name.startsWith('approval:')).length).toBeLessThan(2);
      }
    }),
    { numRuns: 300 },
  );
});
