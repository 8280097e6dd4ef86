import { expect, test } from 'vitest';
import { event, everything, group, upTo } from './samples.ts';
import type { Current } from './subject.ts';

export function lives(current: Current): void {
  test('what was acknowledged is there after closing and opening again', async ({ skip }) => {
    const twice = group([event('a'), event('b', { open: false })], [], { digest: 'one' });
    await current.log.append('acme', [twice]);
    const [before, rows] = [
      await everything(current.log, 'acme'),
      await current.log.rows('acme', ['task/a', 'task/b']),
    ];
    const log = await (current.reopen() ?? skip('it cannot be opened again'));
    expect(await everything(log, 'acme')).toEqual(before);
    expect(await log.rows('acme', ['task/a', 'task/b'])).toEqual(rows);
    expect((await log.append('acme', [twice])).groups).toEqual([{ status: 'known', seqs: [1, 2] }]);
    expect(await log.append('acme', [group([event('a')], [{ subject: 'task/a', seq: 1 }])])).toMatchObject({
      seq: 3,
    });
    expect((await log.snapshot('acme', { rooms: ['process:p'], limit: 9 })).rows).toMatchObject([
      { seq: 3, first: 1 },
    ]);
  });

  test('the lives of a domain are in order, and the last one is its epoch', async () => {
    for (const round of upTo(3)) {
      const { epoch } = await current.log.append('acme', [group([event('a')])]);
      const head = await current.log.head('acme');
      expect(head).toMatchObject({ epoch, seq: round });
      expect(head.lives.at(-1)!.epoch).toBe(epoch);
      expect(head.lives[0]!.from).toBe(1);
      expect(head.lives.map(({ from }) => from)).toEqual(
        head.lives.map(({ from }) => from).sort((a, b) => a - b),
      );
      await current.reopen();
    }
  });

  test('what is for one life is written in no other, and neither is what was built on it; what is known is known', async () => {
    const { epoch } = await current.log.head('acme');
    const own = group([event('a')], [], { life: epoch });
    const built = group([event('a')], [{ subject: 'task/a', group: 1 }]);
    const over = group([event('a')], [{ subject: 'task/a', seq: 1 }], { life: 'another' });
    const after = group([event('b')]);
    expect((await current.log.append('acme', [own])).groups).toEqual([{ status: 'new', seqs: [1] }]);
    const known = { ...own, life: 'another' };
    expect((await current.log.append('acme', [known, over, built, after])).groups).toEqual([
      { status: 'known', seqs: [1] },
      { status: 'over' },
      { status: 'fell', group: 1 },
      { status: 'new', seqs: [2] },
    ]);
  });

  test('closing finishes what is under way, and refuses what comes after', async () => {
    const { log } = current;
    const appends = upTo(30).map((n) => log.append('acme', [group([event(`${n}`)])]));
    const closing = log.close();
    expect((await Promise.all(appends)).map(({ seq }) => seq)).toEqual(upTo(30));
    await closing;
    await expect(log.append('acme', [group([event('late')])])).rejects.toMatchObject({ code: 'closed' });
    await expect(log.head('acme')).rejects.toMatchObject({ code: 'closed' });
    await expect(log.close()).resolves.toBeUndefined();
  });
}
