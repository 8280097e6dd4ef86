import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATALOGUE, check, type EventType, PAYMENT_STATUSES, type PaymentStatus } from '../src/index.ts';
import { createWorld, LATER, NOON, types } from './support/world.ts';

const P = 'payment/p1' as const;
const base = { paymentId: 'p1', amount: 1250, currency: 'EUR' };
const full = {
  ...base,
  executionId: 'e1',
  processInstanceId: 'i1',
  payer: 'alice',
  provider: 'bank',
  reference: 'Invoice 7',
  method: 'card',
  description: 'Two chairs',
};
const EARLIER = '2026-01-01T11:59:00.000Z';

describe('A payment', () => {
  test('begins with both events, each with the whole row, the special one first', () => {
    const world = createWorld();
    const changes = world.report('payment:initiated', full);
    expect(types(changes)).toEqual(['payment:initiated', 'payment:status']);
    const row = { ...full, status: 'initiated', initiated: NOON, updated: NOON };
    expect(changes.map(({ data }) => data)).toEqual([row, row]);
    expect(world.rooms(P)).toEqual(['execution:e1', 'process:i1']);
  });

  test('that is confirmed is told with both, also where it was never initiated here', () => {
    for (const before of ['payment:initiated', undefined] as const) {
      const world = createWorld();
      if (before) world.report(before, full);
      expect(types(world.report('payment:confirmed', full, LATER))).toEqual([
        'payment:confirmed',
        'payment:status',
      ]);
      expect(world.row(P)).toMatchObject({ status: 'succeeded', updated: LATER, ended: LATER });
      expect(world.row(P)?.initiated).toBe(before && NOON);
    }
  });

  test('that is said to be initiated, or to have succeeded, by its status is told with both as well', () => {
    const world = createWorld();
    const say = (status: PaymentStatus) => types(world.report('payment:status', { ...base, status }));
    expect(say('initiated')).toEqual(['payment:initiated', 'payment:status']);
    expect(say('pending')).toEqual(['payment:status']);
    expect(say('succeeded')).toEqual(['payment:confirmed', 'payment:status']);
  });

  test('that nobody is named in is seen by nobody', () => {
    const world = createWorld();
    world.report('payment:initiated', base);
    expect(world.rooms(P)).toEqual([]);
  });

  const steps: PaymentStatus[][] = [
    ['initiated', 'pending', 'failed', 'cancelled', 'succeeded', 'partially_refunded', 'refunded'],
    ['initiated', 'action_required', 'failed', 'cancelled', 'succeeded', 'partially_refunded', 'disputed'],
  ];
  test.each(steps)('goes up %s, %s, %s, %s, %s, %s, %s, and what comes late is no news', (...way) => {
    const world = createWorld();
    for (const [n, status] of way.entries()) {
      expect(types(world.report('payment:status', { ...base, status }))).toContain('payment:status');
      expect(world.row(P)).toMatchObject({ status });
      for (const late of way.slice(0, n + 1))
        for (const at of [EARLIER, NOON])
          if (late !== 'initiated') {
            expect(world.report('payment:status', { ...base, status: late }, at)).toEqual([]);
          }
      // A clock that is ahead does not take it back.
      for (const late of way.slice(0, n))
        if (late !== 'initiated')
          expect(world.report('payment:status', { ...base, status: late }, LATER)).toEqual([]);
    }
  });

  test.each([
    ['pending', 'action_required'],
    ['refunded', 'disputed'],
  ] as const)('may be %s and %s by turns, as its provider has it', (one, other) => {
    const world = createWorld();
    const at = (second: number) => `2026-01-01T12:00:0${second}.000Z`;
    const say = (status: PaymentStatus, second: number) =>
      types(world.report('payment:status', { ...base, status }, at(second)));
    say(one, 1);
    expect(say(other, 2)).toEqual(['payment:status']);
    expect(say(one, 3)).toEqual(['payment:status']);
    expect(say(other, 2)).toEqual([]);
    expect(world.row(P)).toMatchObject({ status: one, updated: at(3) });
  });

  test('that has failed says why, for as long as it has', () => {
    const world = createWorld();
    world.report('payment:status', { ...base, status: 'failed', failure: 'Declined.' });
    expect(world.row(P)).toMatchObject({ status: 'failed', failure: 'Declined.', ended: NOON });
    world.report('payment:status', { ...base, status: 'failed', failure: 'No funds.' }, LATER);
    expect(world.row(P)).toMatchObject({ failure: 'No funds.', updated: LATER });
    world.report('payment:confirmed', base, LATER);
    expect(world.row(P)).not.toHaveProperty('failure');
  });

  test('takes from a late word what no other has said, and says so', () => {
    const world = createWorld();
    world.report('payment:confirmed', base, LATER);
    const changes = world.report('payment:initiated', { ...full, description: undefined });
    expect(types(changes)).toEqual(['payment:status']);
    const { description: _, ...known } = full;
    expect(world.row(P)).toEqual({
      ...known,
      status: 'succeeded',
      initiated: NOON,
      updated: LATER,
      ended: LATER,
    });
  });

  test('may be of another amount until the money has come; from then on that is refused', () => {
    const world = createWorld();
    world.report('payment:initiated', base);
    world.report('payment:confirmed', { ...base, amount: 1300 });
    expect(world.row(P)).toMatchObject({ amount: 1300 });
    // It was so then.
    expect(world.report('payment:status', { ...base, status: 'pending' }, LATER)).toEqual([]);
    for (const [field, other] of [
      ['amount', { ...base, amount: 1299 }],
      ['currency', { ...base, amount: 1300, currency: 'USD' }],
    ] as const)
      for (const status of ['succeeded', 'refunded'])
        expect(() => world.report('payment:status', { ...other, status }, LATER)).toThrow(
          expect.objectContaining({ code: 'payment_mismatch', field: `data.${field}` }),
        );
    expect(world.row(P)).toMatchObject({ amount: 1300, currency: 'EUR', status: 'succeeded' });
  });

  test('of one provider is not that of another', () => {
    const world = createWorld();
    world.report('payment:initiated', { ...base, provider: 'bank' });
    expect(() => world.report('payment:confirmed', { ...base, provider: 'other' })).toThrow(
      expect.objectContaining({ code: 'payment_mismatch', field: 'data.provider' }),
    );
  });

  test.each([
    ['amount', -1],
    ['amount', 12.5],
    ['amount', 2 ** 53],
    ['amount', '1250'],
    ['amount', Number.NaN],
    ['currency', 'eur'],
    ['currency', 'EURO'],
    ['currency', 'ZZZ'],
    ['paymentId', ''],
    ['initiated', 'yesterday'],
  ])('is refused with the %s %j', (field, value) => {
    expect(() => createWorld().report('payment:initiated', { ...base, [field]: value })).toThrow(
      expect.objectContaining({ code: 'invalid', field }),
    );
  });
});

describe('The number of a card', () => {
  // The numbers that networks and providers name for tests.
  const numbers = [
    '4242424242424242',
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    '3782 822463 10005',
    '4222222222222',
    '6304000000000000000',
    '4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2',
    '4242\u00a04242\u20134242  4242',
    '４２４２４２４２４２４２４２４２',
    'paid with 4242424242424242.',
    'pan4242424242424242x',
    '12 4242 4242 4242 4242 99',
  ];
  const fields = Object.keys(full).filter((field) => !['amount', 'currency'].includes(field));

  test.each(numbers)('is refused in every text, by the name of the field: %s', (number) => {
    for (const field of [...fields, 'failure'])
      for (const type of ['payment:initiated', 'payment:confirmed', 'payment:status'] as EventType[]) {
        const refused = (): unknown =>
          check(CATALOGUE.get(type)!.fact, { ...full, status: 'pending', [field]: number }, ['data']);
        expect(refused).toThrow(expect.objectContaining({ code: 'card_number', field: `data.${field}` }));
        // What is refused is not said again.
        expect(refused).not.toThrow(number);
      }
  });

  test.each([
    '4242424242424241',
    '424242424242',
    '42424242424242424242424242',
    '4242.4242.4242.4242',
    '+49 30 901820',
    '2026-01-01T12:00:00.000Z',
    'pi_3MtwBwLkdIwHu7ix28a3tqPa',
    '42424242-4242-4242-8242-424242424242',
    'a4242424242424242b42424242424242',
  ])('is not seen in %s', (description) => {
    expect(types(createWorld().report('payment:initiated', { ...base, description }))).toEqual([
      'payment:initiated',
      'payment:status',
    ]);
  });
});

describe('Whatever the order, and however often it comes', () => {
  const PAID: PaymentStatus[] = ['succeeded', 'partially_refunded', 'refunded', 'disputed'];
  const rank = (status: unknown) =>
    [0, 1, 1, 2, 3, 4, 5, 6, 6][PAYMENT_STATUSES.indexOf(status as PaymentStatus)]!;
  /** What one provider says of one payment: what never changes it says or leaves out; an open one may be changed. */
  const words = fc
    .record({
      status: fc.constantFrom(...PAYMENT_STATUSES),
      second: fc.integer({ min: 0, max: 3 }),
      amount: fc.constantFrom(1000, 1200),
      failure: fc.option(fc.constantFrom('Declined.', 'No funds.'), { nil: undefined }),
      says: fc.subarray(['executionId', 'processInstanceId', 'payer', 'provider', 'method'] as const),
      initiated: fc.option(fc.constant(EARLIER), { nil: undefined }),
    })
    .map(({ status, second, amount, says, ...rest }) => ({
      time: `2026-01-01T12:00:0${second}.000Z`,
      data: {
        ...base,
        ...rest,
        status,
        amount: PAID.includes(status) ? 1200 : amount,
        ...Object.fromEntries(says.map((field) => [field, full[field]])),
      },
    }));
  const told = fc
    .array(words, { minLength: 1, maxLength: 8 })
    .chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2, maxLength: all.length * 2 }),
      ),
    );

  test('the row is the same, and its status never goes back', () => {
    fc.assert(
      fc.property(told, ([inOrder, shuffled]) => {
        const rows = [inOrder, shuffled].map((all) => {
          const world = createWorld();
          let highest = 0;
          for (const { data, time } of all) {
            world.report('payment:status', data, time);
            const now = rank(world.row(P)?.status);
            expect(now).toBeGreaterThanOrEqual(highest);
            highest = now;
            expect(world.report('payment:status', data, time)).toEqual([]);
          }
          expect(highest).toBe(Math.max(...all.map(({ data }) => rank(data.status))));
          return world.row(P);
        });
        expect(rows[1]).toEqual(rows[0]);
      }),
      { numRuns: 500 },
    );
  });
});
