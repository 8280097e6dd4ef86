import type { Entry } from '@netbuild/realtime-log';
import type { Room } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';
import { createAudience, type Member } from '../src/delivery/audience.ts';

function entry(seq: number, rooms: Room[], left: Room[] = []): Entry {
  return { seq, subject: `task/${seq}`, rooms, left, open: true, body: '{}' };
}

/** A member that writes down what it gets: a number for an event, a negative one for a `left`. */
function member(): Member & { got: number[] } {
  const got: number[] = [];
  return {
    got,
    rooms: new Set(),
    take: (owed) => got.push(...owed.map(({ delivery, left }) => (left ? -1 : 1) * delivery.entry.seq)),
  };
}

describe('An audience', () => {
  test('gives an event once to who is in several of its rooms, and a left only to who sees it no more', () => {
    const audience = createAudience();
    const [both, old] = [member(), member()];
    audience.enter(both, ['user:a', 'group:g']);
    audience.enter(old, ['user:a']);
    audience.deliver([entry(1, ['user:a', 'group:g']), entry(2, ['group:g'], ['user:a'])], 'e');
    expect(both.got).toEqual([1, 2]);
    expect(old.got).toEqual([1, -2]);
  });

  test('keeps what happens while a member stands still, and goes on without a seam', () => {
    const audience = createAudience();
    const one = member();
    audience.enter(one, ['user:a']);
    const pause = audience.pause(one);
    audience.deliver([entry(1, ['user:a']), entry(2, ['group:g']), entry(3, ['user:a'])], 'e');
    audience.deliver([entry(4, ['group:g'])], 'e');
    expect(one.got).toEqual([]);
    // The answer was true at 3: it has 2 already; 1 and 3 are owed for the earlier room, 4 comes live.
    pause.resume(3, ['group:g'], () => one.got.push(0));
    expect(one.got).toEqual([1, 3, 0, 4]);
    audience.deliver([entry(5, ['group:g'])], 'e');
    expect(one.got).toEqual([1, 3, 0, 4, 5]);
  });

  test('loses nothing for a member whose subscribe has failed', () => {
    const audience = createAudience();
    const one = member();
    audience.enter(one, ['user:a']);
    const pause = audience.pause(one);
    audience.deliver([entry(1, ['user:a'])], 'e');
    pause.abandon();
    expect(one.got).toEqual([1]);
  });

  test('forgets who has gone, also when something was still under way for it', () => {
    const audience = createAudience();
    const one = member();
    const pause = audience.pause(one);
    audience.remove(one);
    pause.resume(1, ['user:a'], () => one.got.push(0));
    audience.enter(one, ['user:a']);
    audience.deliver([entry(1, ['user:a'])], 'e');
    expect(one.got).toEqual([]);
    expect(audience.size).toBe(0);
  });
});
