import { describe, expect, test } from 'vitest';
import { createBuckets } from '../src/limits/buckets.ts';
import { createCounter } from '../src/limits/counter.ts';
import { createBucket } from '../src/rate.ts';

/** A clock that goes when it is told to, in milliseconds. */
function handClock() {
  let now = 1000;
  return {
    read: () => now,
    pass(milliseconds: number) {
      now += milliseconds;
    },
  };
}

describe('A bucket', () => {
  test('lets a burst through, and then as many as its pace allows', () => {
    const clock = handClock();
    const bucket = createBucket({ burst: 500, perSecond: 20 }, clock.read);
    const take = (times: number) => Array.from({ length: times }, () => bucket.take());
    expect(take(500).every((wait) => wait === 0)).toBe(true);
    expect(bucket.take()).toBeCloseTo(50);
    clock.pass(49);
    expect(bucket.take()).toBeGreaterThan(0);
    clock.pass(1);
    expect(bucket.take()).toBe(0);
    clock.pass(10_000);
    expect(take(201).filter((wait) => wait === 0)).toHaveLength(200);
  });

  test('says when one can be taken again, and that is true', () => {
    const clock = handClock();
    const bucket = createBucket({ burst: 3, perSecond: 0.1 }, clock.read);
    for (let i = 0; i < 3; i++) bucket.take();
    const wait = bucket.take();
    clock.pass(wait);
    expect(bucket.take()).toBe(0);
    expect(bucket.take()).toBeGreaterThan(0);
  });

  test('of no rate lets everything through', () => {
    const bucket = createBucket(undefined);
    expect(Array.from({ length: 10_000 }, () => bucket.take()).every((wait) => wait === 0)).toBe(true);
  });
});

describe('Buckets by address', () => {
  test('are one for each, and what one takes is not missing in another', () => {
    const buckets = createBuckets({ burst: 2, perSecond: 1 }, handClock().read);
    expect([buckets.take('a'), buckets.take('a'), buckets.take('b')]).toEqual([0, 0, 0]);
    expect(buckets.take('a')).toBeGreaterThan(0);
    expect(buckets.take('b')).toBe(0);
  });

  test('are let go of when they are full again', () => {
    const clock = handClock();
    const buckets = createBuckets({ burst: 10, perSecond: 10 }, clock.read);
    for (let i = 0; i < 1000; i++) buckets.take(`${i}`);
    expect(buckets.size).toBe(1000);
    clock.pass(1000);
    buckets.take('late');
    expect(buckets.size).toBe(1001);
    clock.pass(1000);
    buckets.take('late');
    expect(buckets.size).toBe(2);
  });

  test('of 100,000 addresses at once are at most 20,000, and those that ask now are held to their pace', () => {
    const clock = handClock();
    const buckets = createBuckets({ burst: 5, perSecond: 0.01 }, clock.read);
    for (let i = 0; i < 100_000; i++) {
      buckets.take(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
      // One that never stops is not pushed out by the others.
      if (i % 1000 === 0) buckets.take('192.0.2.1');
    }
    expect(buckets.size).toBeLessThanOrEqual(20_000);
    expect(buckets.take('192.0.2.1')).toBeGreaterThan(0);
    expect(buckets.waitOf('192.0.2.1')).toBeGreaterThan(0);
    expect(buckets.waitOf('198.51.100.1')).toBe(0);
  });
});

test('A counter holds those alone that have something open', () => {
  const counter = createCounter(2);
  const ends = [counter.add('a'), counter.add('a'), counter.add('b')];
  expect([counter.isFull('a'), counter.isFull('b'), counter.size]).toEqual([true, false, 2]);
  ends[0]!();
  // Said twice it still counts once.
  ends[0]!();
  expect(counter.isFull('a')).toBe(false);
  for (const end of ends) end();
  expect(counter.size).toBe(0);
});
