import type { Entry } from '@netbuild/realtime-log';
import type { Room } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';
import { createAudience } from '../src/delivery/audience.ts';
import type { Grant } from '../src/delivery/grant.ts';
import type { Member } from '../src/delivery/member.ts';
import { outgoing } from '../src/delivery/outgoing.ts';
import { createRecent } from '../src/delivery/recent.ts';

function entry(seq: number, rooms: Room[], left: Room[] = []): Entry {
  return { seq, subject: `task/${seq}`, rooms, left, open: true, body: '{}' };
}

/** What a token opens. */
const by = (...rooms: Room[]): Grant[] => rooms.map((room) => ({ room }));

/** A member that writes down what it gets: a number for an event, a negative one for a `left`. */
function member(): Member & { got: number[] } {
  const got: number[] = [];
  return {
    got,
    rooms: new Set(),
    revision: 0,
    take: (owed) => got.push(...owed.map(({ item, left }) => (left ? -1 : 1) * item.entry.seq)),
    close: (code) => got.push(code === 'behind' ? Number.NaN : Number.POSITIVE_INFINITY),
  };
}

describe('An audience', () => {
  test('gives an event once to who is in several of its rooms, and a left only to who sees it no more', () => {
    const audience = createAudience();
    const [both, old] = [member(), member()];
    audience.enter(both, by('user:a', 'group:g'));
    audience.enter(old, by('user:a'));
    audience.deliver([entry(1, ['user:a', 'group:g']), entry(2, ['group:g'], ['user:a'])], 'e');
    expect(both.got).toEqual([1, 2]);
    expect(old.got).toEqual([1, -2]);
  });

  test('keeps what happens while a member stands still, and goes on without a seam', () => {
    const audience = createAudience();
    const one = member();
    audience.enter(one, by('user:a'));
    const pause = audience.pause(one);
    audience.deliver([entry(1, ['user:a']), entry(2, ['group:g']), entry(3, ['user:a'])], 'e');
    audience.deliver([entry(4, ['group:g'])], 'e');
    expect(one.got).toEqual([]);
    // The answer was true at 3: it has 2 already; 1 and 3 are owed for the earlier room, 4 comes live.
    pause.resume({ epoch: 'e', seq: 3 }, by('group:g'), () => one.got.push(0));
    expect(one.got).toEqual([1, 3, 0, 4]);
    audience.deliver([entry(5, ['group:g'])], 'e');
    expect(one.got).toEqual([1, 3, 0, 4, 5]);
  });

  test('loses nothing for a member whose subscribe has failed', () => {
    const audience = createAudience();
    const one = member();
    audience.enter(one, by('user:a'));
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
    pause.resume({ epoch: 'e', seq: 1 }, by('user:a'), () => one.got.push(0));
    audience.enter(one, by('user:a'));
    audience.deliver([entry(1, ['user:a'])], 'e');
    expect(one.got).toEqual([]);
    expect(audience.size).toBe(0);
  });

  test('ends a member that can not take what it is owed, and gives the others theirs', async () => {
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    const audience = createAudience();
    const [broken, sound] = [member(), member()];
    const take = () => {
      throw new Error('a bug');
    };
    audience.enter({ ...broken, take }, by('user:a'));
    audience.enter(sound, by('user:a'));
    audience.deliver([entry(1, ['user:a'])], 'e');
    expect(broken.got).toEqual([Number.NaN]);
    expect(sound.got).toEqual([1]);
    expect((await warned).message).toContain('a bug');
  });

  test('proves nothing to a member that stands still, and to none twice by one look at the log', async () => {
    const audience = createAudience();
    const proofs: number[] = [];
    const one: Member = { ...member(), prove: ({ seq }) => proofs.push(seq) };
    audience.enter(one, by('user:a'));
    const prove = (seq: number, lookedAt = performance.now()) =>
      audience.prove({ epoch: 'e', seq }, lookedAt, 0);
    const pause = audience.pause(one);
    prove(1);
    expect(proofs).toEqual([]);
    pause.abandon();
    const lookedAt = performance.now();
    prove(2, lookedAt);
    prove(3, lookedAt);
    expect(proofs).toEqual([2]);
    prove(4);
    expect(proofs).toEqual([2, 4]);
  });

  test('ends a member that stands still for longer than recent events are kept', () => {
    const audience = createAudience(createRecent(2000));
    const one = member();
    audience.enter(one, by('user:a'));
    const pause = audience.pause(one);
    for (let seq = 1; seq <= 10; seq++) audience.deliver([entry(seq, ['user:a'])], 'e');
    pause.resume({ epoch: 'e', seq: 10 }, [], () => one.got.push(0));
    expect(one.got).toEqual([Number.NaN]);
  });
});

test('Recent events are bounded in bytes, and known by their place', () => {
  const recent = createRecent(10_000);
  const places = (after: number) => recent.since(after)?.map((item) => item.entry.seq);
  expect(places(0)).toEqual([]);
  for (let seq = 1; seq <= 1000; seq++) recent.add([outgoing(entry(seq, []), 'e')]);
  expect(places(999)).toEqual([1000]);
  expect(places(1000)).toEqual([]);
  expect(places(1001)).toBeUndefined();
  expect(places(500)).toBeUndefined();
  let reach = 1000;
  while (places(reach - 1)) reach--;
  expect(1000 - reach).toBeGreaterThanOrEqual(10);
  expect(1000 - reach).toBeLessThanOrEqual(20);
  recent.begin(7);
  expect(places(7)).toEqual([]);
  expect(places(6)).toBeUndefined();
});
