import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventType } from '../src/index.ts';
import { createWorld, LATER, NOON, types } from './support/world.ts';

const at = (second: number) => `2026-01-01T12:00:0${second}.000Z`;

describe('A microservice', () => {
  const M = 'microservice/m1' as const;
  const base = { microserviceId: 'm1', name: 'Orders' };
  const placed = { ...base, executionId: 'e1', processInstanceId: 'p1' };

  test('is generated step by step, and deployed, for all of its domain and for those whose it is', () => {
    const world = createWorld();
    const said = { ...placed, version: '1.0', started: NOON, progress: 40, step: 'Writing tests' };
    expect(types(world.report('microservice:generating', said))).toEqual(['microservice:generating']);
    expect(world.row(M)).toEqual({ ...said, state: 'generating', updated: NOON });
    expect(world.rooms(M)).toEqual(['domain:acme', 'execution:e1', 'process:p1']);
    const url = 'https://orders.example.com';
    expect(types(world.report('microservice:deployed', { ...base, version: '1.0', url }, LATER))).toEqual([
      'microservice:deployed',
    ]);
    // What whoever deploys it does not know is not forgotten.
    expect(world.row(M)).toMatchObject({ ...placed, state: 'deployed', progress: 100, url });
    expect(world.row(M)).not.toHaveProperty('step');
  });

  test('whose generation has failed says why, and is generated anew from the beginning', () => {
    const world = createWorld();
    const say = (type: EventType, data: object, time: string) =>
      types(world.report(type, { ...base, ...data }, time));
    say('microservice:generating', { started: at(1), progress: 60 }, at(2));
    say('microservice:failed', { started: at(1), failure: 'No disk.' }, at(3));
    expect(world.row(M)).toMatchObject({ state: 'failed', failure: 'No disk.' });
    expect(world.row(M)).not.toHaveProperty('progress');
    expect(say('microservice:generating', { started: at(1), progress: 80 }, at(4))).toEqual([]);
    expect(say('microservice:generating', { started: at(5), progress: 0 }, at(5))).toEqual([
      'microservice:generating',
    ]);
    expect(world.row(M)).toMatchObject({ state: 'generating', progress: 0 });
    expect(world.row(M)).not.toHaveProperty('failure');
  });

  test.each([
    ['progress', 101],
    ['progress', -1],
    ['progress', Number.NaN],
    ['started', 'today'],
    ['name', ''],
  ])('is refused with the %s %j', (field, value) => {
    expect(() =>
      createWorld().report('microservice:generating', {
        ...base,
        started: NOON,
        progress: 1,
        [field]: value,
      }),
    ).toThrow(expect.objectContaining({ code: 'invalid', field }));
  });

  test('whatever the order, and however often it comes: the row is the same, and no progress of a generation goes back', () => {
    const word = fc
      .record({
        type: fc.constantFrom(
          'microservice:generating',
          'microservice:generating',
          'microservice:failed',
          'microservice:deployed',
        ),
        generation: fc.integer({ min: 0, max: 2 }),
        progress: fc.integer({ min: 0, max: 4 }),
        second: fc.integer({ min: 0, max: 3 }),
        isPlaced: fc.boolean(),
        names: fc.boolean(),
      })
      .map(({ type, generation, progress, second, isPlaced, names }) => ({
        type: type as EventType,
        time: at(second),
        data: {
          ...(isPlaced ? placed : base),
          ...(type === 'microservice:generating' && { progress: progress * 25, step: `step ${progress}` }),
          ...((names || type === 'microservice:generating') && { started: at(generation) }),
        },
      }));
    const told = fc
      .array(word, { minLength: 1, maxLength: 10 })
      .chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2, maxLength: all.length * 2 }),
        ),
      );
    fc.assert(
      fc.property(told, (orders) => {
        const rows = orders.map((all) => {
          const world = createWorld();
          let [started, progress] = ['', 0];
          for (const { type, data, time } of all) {
            world.report(type, data, time);
            const row = world.row(M) as { started: string; progress?: number; state: string };
            expect(row.started >= started).toBe(true);
            if (row.started === started && row.state === 'generating')
              expect(row.progress).toBeGreaterThanOrEqual(progress);
            [started, progress] = [row.started, row.progress ?? 0];
            expect(world.report(type, data, time)).toEqual([]);
          }
          return world.row(M);
        });
        expect(rows[1]).toEqual(rows[0]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('A suggestion', () => {
  const O = 'optimization/o1' as const;
  const said = { optimizationId: 'o1', title: 'Cache it', effect: 'Half the time', executionId: 'e1' };

  test.each(['accepted', 'dismissed'] as const)('that was %s is over, for good', (state) => {
    const world = createWorld();
    expect(types(world.report('optimization:suggested', said))).toEqual(['optimization:suggested']);
    expect(world.rooms(O)).toEqual(['domain:acme', 'execution:e1']);
    const decision = { optimizationId: 'o1', by: 'alice', reason: 'So be it.' };
    expect(types(world.report(`optimization:${state}`, decision, LATER))).toEqual([`optimization:${state}`]);
    expect(world.row(O)).toEqual({
      ...said,
      state,
      suggested: NOON,
      decided: LATER,
      decidedBy: 'alice',
      reason: 'So be it.',
    });
    // The same word of the same person is no second one.
    expect(world.report(`optimization:${state}`, decision, LATER)).toEqual([]);
    expect(world.report('optimization:suggested', { ...said, title: 'Or so' }, LATER)).toEqual([]);
    for (const other of ['accepted', 'dismissed'] as const)
      expect(() => world.report(`optimization:${other}`, { optimizationId: 'o1', by: 'bob' })).toThrow(
        expect.objectContaining({
          code: 'optimization_closed',
          message: `The suggestion is already ${state}.`,
        }),
      );
  });

  test('that nobody made can not be decided', () => {
    expect(() => createWorld().report('optimization:accepted', { optimizationId: 'o1', by: 'bob' })).toThrow(
      expect.objectContaining({ code: 'not_found' }),
    );
  });
});

test('A pattern stands in the rooms of the executions that it comes from, and in no snapshot', () => {
  const world = createWorld();
  const said = { patternId: 'p1', name: 'Late', learned: 'Fridays are slow.', executions: ['e1', 'e2'] };
  expect(types(world.report('pattern:learned', said))).toEqual(['pattern:learned']);
  expect(world.rooms('pattern/p1')).toEqual(['domain:acme', 'execution:e1', 'execution:e2']);
});

test.each([
  ['optimization:suggested', 'optimization/x', { optimizationId: 'x' }, 'title'],
  ['pattern:learned', 'pattern/x', { patternId: 'x', learned: 'So.' }, 'name'],
] as const)('Of %s the newest words count, in whatever order they come', (type, name, base, field) => {
  const words = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 3 })), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(
      words.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      (orders) => {
        const rows = orders.map((all) => {
          const world = createWorld();
          for (const [text, second] of all) {
            world.report(type, { ...base, [field]: text }, at(second));
            expect(world.report(type, { ...base, [field]: text }, at(second))).toEqual([]);
          }
          return world.row(name);
        });
        expect(rows[1]).toEqual(rows[0]);
      },
    ),
  );
});
