import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventType } from '../src/index.ts';
import { createWorld, LATER, NOON } from './support/world.ts';

const T = 'task/t1' as const;

describe('whatever the order, and however often it comes', () => {
  const ids = fc.constantFrom('alice', 'bob', 'carol');
  const facts = fc.record({
    type: fc.constantFrom<EventType>(
      'task:created',
      'task:assigned',
      'task:unassigned',
      'task:updated',
      'task:completed',
      'task:cancelled',
    ),
    data: fc.record(
      {
        assignee: fc.option(ids),
        by: ids,
        taskName: fc.constantFrom('a', 'b'),
        dueDate: fc.option(fc.constant(NOON)),
        processInstanceId: fc.constant('p1'),
        candidates: fc.record(
          {
            addUsers: fc.array(ids),
            removeUsers: fc.array(ids),
            addGroups: fc.array(ids),
            removeGroups: fc.array(ids),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    ),
  });

  test('an ended task stays as it ended', () => {
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 20 }), (reports) => {
        const world = createWorld();
        world.report('process:started', { processInstanceId: 'p1', businessKey: 'e1' });
        let ended: object | undefined;
        for (const { type, data } of reports) {
          world.report(type, { taskId: 't1', ...data });
          if (ended) expect(world.row(T)).toBe(ended);
          if (world.row(T)?.state !== 'open') ended = world.row(T);
        }
        const mustEnd = reports.some(({ type }) => type === 'task:completed' || type === 'task:cancelled');
        expect(ended !== undefined).toBe(mustEnd);
      }),
    );
  });

  test('a fact that comes twice in a row is no news the second time', () => {
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 10 }), (reports) => {
        const world = createWorld();
        world.report('process:started', { processInstanceId: 'p1', businessKey: 'e1' });
        for (const { type, data } of reports) {
          world.report(type, { taskId: 't1', ...data });
          expect(world.report(type, { taskId: 't1', ...data }, LATER)).toEqual([]);
        }
      }),
    );
  });
});
