import { expect, test } from 'vitest';
import { event, everything, group } from './samples.ts';
import type { Current } from './subject.ts';

export function idempotency(current: Current): void {
  test('a known key is not written again and has the positions of its events', async () => {
    const { log } = current;
    const twice = group([event('a'), event('b')]);
    await log.append('acme', [group([event('c')]), twice]);
    const { groups, seq } = await log.append('acme', [twice, group([event('d')])]);
    expect(groups).toEqual([
      { status: 'known', seqs: [2, 3] },
      { status: 'new', seqs: [4] },
    ]);
    expect(seq).toBe(4);
  });

  test('a known key is known even where its rows have moved on or its base fell', async () => {
    const { log } = current;
    const twice = group([event('a')], [{ subject: 'task/a', seq: 0 }]);
    await log.append('acme', [twice]);
    await log.append('acme', [group([event('a')])]);
    expect((await log.append('acme', [twice])).groups).toEqual([{ status: 'known', seqs: [1] }]);
    const { groups } = await log.append('acme', [
      group([event('b')], [{ subject: 'task/b', seq: 9 }]),
      { ...twice, reads: [{ subject: 'task/b', group: 0 }] },
    ]);
    expect(groups).toMatchObject([{ status: 'moved' }, { status: 'known', seqs: [1] }]);
  });

  test('the same key with another digest is a conflict; where one has none there is nothing to compare', async () => {
    const { log } = current;
    const one = group([event('a')], [], { digest: 'one' });
    await log.append('acme', [one]);
    const { digest: _, ...none } = one;
    const { groups } = await log.append('acme', [{ ...one, digest: 'two' }, one, none]);
    expect(groups).toEqual([
      { status: 'conflict' },
      { status: 'known', seqs: [1] },
      { status: 'known', seqs: [1] },
    ]);
  });

  test('what was built on a conflict falls', async () => {
    const { log } = current;
    const one = group([event('a')], [], { digest: 'one' });
    await log.append('acme', [one]);
    const { groups } = await log.append('acme', [
      { ...one, digest: 'two' },
      group([event('a')], [{ subject: 'task/a', group: 0 }]),
    ]);
    expect(groups).toEqual([{ status: 'conflict' }, { status: 'fell', group: 0 }]);
  });

  test('a group without events is remembered by its key', async () => {
    const { log } = current;
    const empty = group([], [{ subject: 'task/a', seq: 0 }], { digest: 'one' });
    expect(await log.append('acme', [empty])).toMatchObject({
      seq: 0,
      groups: [{ status: 'new', seqs: [] }],
    });
    const { groups } = await log.append('acme', [empty, { ...empty, digest: 'two' }]);
    expect(groups).toEqual([{ status: 'known', seqs: [] }, { status: 'conflict' }]);
  });

  test('of two groups with one key in one append the second is known', async () => {
    const { log } = current;
    const one = group([event('a')], [], { digest: 'one' });
    const { groups } = await log.append('acme', [one, one, { ...one, digest: 'two' }]);
    expect(groups).toEqual([
      { status: 'new', seqs: [1] },
      { status: 'known', seqs: [1] },
      { status: 'conflict' },
    ]);
    expect(await everything(log, 'acme')).toHaveLength(1);
  });

  test('a key that many send at once is written once', async () => {
    const { log } = current;
    const one = group([event('a')]);
    const appends = await Promise.all(Array.from({ length: 20 }, () => log.append('acme', [one])));
    expect(appends.filter(({ groups }) => groups[0]!.status === 'new')).toHaveLength(1);
    expect(await everything(log, 'acme')).toHaveLength(1);
  });
}
