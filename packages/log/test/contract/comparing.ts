import { expect, test } from 'vitest';
import { event, everything, group } from './samples.ts';
import type { Current } from './subject.ts';

export function comparing(current: Current): void {
  test('a group whose rows are as they were read is written', async () => {
    const { log } = current;
    const made = await log.append('acme', [group([event('a')], [{ subject: 'task/a', seq: 0 }])]);
    const updated = await log.append('acme', [group([event('a')], [{ subject: 'task/a', seq: made.seq }])]);
    expect(updated.groups).toEqual([{ status: 'new', seqs: [2] }]);
  });

  test('a group whose row moved on is not written, and is told the row as it is now', async () => {
    const { log } = current;
    await log.append('acme', [group([event('a')])]);
    const now = event('a', { rooms: ['user:bob'], open: false, left: ['process:p'] });
    await log.append('acme', [group([now])]);
    const late = await log.append('acme', [group([event('a')], [{ subject: 'task/a', seq: 1 }])]);
    const row = { subject: 'task/a', seq: 2, first: 1, rooms: ['user:bob'], open: false, body: now.body };
    expect(late).toMatchObject({ seq: 2, groups: [{ status: 'moved', rows: [{ subject: 'task/a', row }] }] });
    expect(await everything(log, 'acme')).toHaveLength(2);
  });

  test('a row that was read and is not there has moved to nothing; rows as they were read are not named', async () => {
    const { log } = current;
    await log.append('acme', [group([event('a')])]);
    const { groups } = await log.append('acme', [
      group(
        [event('a')],
        [
          { subject: 'task/a', seq: 1 },
          { subject: 'task/none', seq: 4 },
        ],
      ),
    ]);
    expect(groups).toEqual([{ status: 'moved', rows: [{ subject: 'task/none', row: undefined }] }]);
  });

  test('rows that are read only, and not written, are compared too', async () => {
    const { log } = current;
    await log.append('acme', [group([event('a')])]);
    const { groups } = await log.append('acme', [group([event('b')], [{ subject: 'task/a', seq: 0 }])]);
    expect(groups).toMatchObject([{ status: 'moved' }]);
    expect(await log.rows('acme', ['task/b'])).toEqual([]);
  });

  test('of several that read the same row at once one is written', async () => {
    const { log } = current;
    const appends = Array.from({ length: 20 }, () =>
      log.append('acme', [group([event('a')], [{ subject: 'task/a', seq: 0 }])]),
    );
    const results = (await Promise.all(appends)).map(({ groups }) => groups[0]!.status);
    expect(results.filter((status) => status === 'new')).toHaveLength(1);
    expect(results.filter((status) => status === 'moved')).toHaveLength(19);
  });

  test('a group may build on the row of an earlier group of its append', async () => {
    const { groups } = await current.log.append('acme', [
      group([event('a'), event('a'), event('b')]),
      group([event('a')], [{ subject: 'task/a', group: 0 }]),
      group([event('a')], [{ subject: 'task/a', group: 1 }]),
    ]);
    expect(groups.map(({ status }) => status)).toEqual(['new', 'new', 'new']);
  });

  test('a group that built on one that another has overtaken has moved', async () => {
    const { groups } = await current.log.append('acme', [
      group([event('a')]),
      group([event('a')], [{ subject: 'task/a', group: 0 }]),
      group([event('a')], [{ subject: 'task/a', group: 0 }]),
      group([event('a')], [{ subject: 'task/a', seq: 0 }]),
    ]);
    expect(groups.map(({ status }) => status)).toEqual(['new', 'new', 'moved', 'moved']);
    expect(groups[2]).toMatchObject({ rows: [{ subject: 'task/a', row: { seq: 2, first: 1 } }] });
  });

  test('what was built on a group that is not written falls with it, and unrelated groups stand', async () => {
    const { log } = current;
    const { groups, seq } = await log.append('acme', [
      group([event('a')], [{ subject: 'task/a', seq: 7 }]),
      group([event('b')]),
      group([event('a')], [{ subject: 'task/a', group: 0 }]),
      group([event('a')], [{ subject: 'task/a', group: 2 }]),
      group([event('b')], [{ subject: 'task/b', group: 1 }]),
    ]);
    expect(groups).toEqual([
      { status: 'moved', rows: [{ subject: 'task/a', row: undefined }] },
      { status: 'new', seqs: [1] },
      { status: 'fell', group: 0 },
      { status: 'fell', group: 2 },
      { status: 'new', seqs: [2] },
    ]);
    expect(seq).toBe(2);
    expect(await log.rows('acme', ['task/a'])).toEqual([]);
  });

  test('what was built on a group whose key was known falls: what it folded on may differ from what is there', async () => {
    const { log } = current;
    const first = group([event('a')]);
    await log.append('acme', [first]);
    const { groups } = await log.append('acme', [
      first,
      group([event('a')], [{ subject: 'task/a', group: 0 }]),
    ]);
    expect(groups).toEqual([
      { status: 'known', seqs: [1] },
      { status: 'fell', group: 0 },
    ]);
  });

  test('a group that was not written can be appended again under its key', async () => {
    const { log } = current;
    const late = group([event('a')], [{ subject: 'task/a', seq: 3 }]);
    await log.append('acme', [late]);
    const { groups } = await log.append('acme', [{ ...late, reads: [{ subject: 'task/a', seq: 0 }] }]);
    expect(groups).toEqual([{ status: 'new', seqs: [1] }]);
  });
}
