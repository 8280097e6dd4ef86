import { expect, test } from 'vitest';
import { event, everything, group, seqsOf, upTo } from './samples.ts';
import type { Current } from './subject.ts';

export function appending(current: Current): void {
  test('an empty domain has an epoch and stands at 0', async () => {
    const head = await current.log.head('acme');
    expect(head.seq).toBe(0);
    expect(head.epoch).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(head.lives).toEqual([{ epoch: head.epoch, from: 1 }]);
    expect(await current.log.head('acme')).toEqual(head);
  });

  test('an append is answered with the positions of its events and the head', async () => {
    const { epoch } = await current.log.head('acme');
    const first = await current.log.append('acme', [group([event('a'), event('b')]), group([event('c')])]);
    expect(first).toEqual({
      epoch,
      seq: 3,
      settle: expect.any(Number),
      groups: [
        { status: 'new', seqs: [1, 2] },
        { status: 'new', seqs: [3] },
      ],
    });
    const second = await current.log.append('acme', [group([event('a')])]);
    expect(second.groups).toEqual([{ status: 'new', seqs: [4] }]);
    expect(await current.log.head('acme')).toMatchObject({ epoch, seq: 4 });
  });

  test('an append of no groups answers where the log stands', async () => {
    await current.log.append('acme', [group([event('a')])]);
    const { epoch } = await current.log.head('acme');
    expect(await current.log.append('acme', [])).toMatchObject({ epoch, seq: 1, groups: [] });
  });

  test('many concurrent callers get one sequence without holes, each event once', async () => {
    const callers = Array.from({ length: 40 }, async (_, caller) => {
      const seqs: number[] = [];
      for (let n = 0; n < 10; n++) {
        const { groups } = await current.log.append('acme', [
          group([event(`${caller}`), event(`${caller}-${n}`)]),
        ]);
        for (const result of groups) if (result.status === 'new') seqs.push(...result.seqs);
      }
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
      return seqs;
    });
    const seqs = (await Promise.all(callers)).flat().sort((a, b) => a - b);
    expect(seqs).toEqual(upTo(800));
    expect(seqsOf(await everything(current.log, 'acme'))).toEqual(upTo(800));
  });

  test('appends that are not awaited are written in the order in which they were made', async () => {
    const appends = upTo(200).map((n) => current.log.append('acme', [group([event(`${n}`)])]));
    const seqs = (await Promise.all(appends)).map(({ seq }) => seq);
    expect(seqs).toEqual(upTo(200));
  });

  test('domains are isolated: sequence, keys, rows and rooms', async () => {
    const { log } = current;
    const same = group([event('a', { body: '{"of":"acme"}' })]);
    await log.append('acme', [same, group([event('b')])]);
    const other = await log.append('other', [{ ...same, events: [event('a', { body: '{"of":"other"}' })] }]);
    expect(other).toMatchObject({ seq: 1, groups: [{ status: 'new', seqs: [1] }] });
    expect((await log.head('acme')).epoch).not.toBe(other.epoch);
    expect((await log.rows('other', ['task/a', 'task/b'])).map(({ body }) => body)).toEqual([
      '{"of":"other"}',
    ]);
    expect((await log.snapshot('other', { rooms: ['process:p'], limit: 9 })).rows).toHaveLength(1);
    expect(seqsOf((await log.read('other', { after: 0, rooms: ['process:p'], limit: 9 })).entries)).toEqual([
      1,
    ]);
    expect(await everything(log, 'third')).toEqual([]);
  });
}
