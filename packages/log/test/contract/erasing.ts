import type { Room, Subject } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import type { Entry, NewEvent } from '../../src/index.ts';
import { event, everything, group, seqsOf, trimAll, upTo } from './samples.ts';
import type { Current } from './subject.ts';

const ROOM: Room = 'process:p';
const erased = (seq: number): Entry => ({ seq, erased: true, rooms: [], left: [], open: false, body: '' });

export function erasing(current: Current): void {
  const inRoom = async (room: Room) => [
    seqsOf(await everything(current.log, 'acme', [room])),
    seqsOf((await current.log.readBack('acme', { room, limit: 100 })).entries),
    (await current.log.snapshot('acme', { rooms: [room], limit: 100 })).rows.map(({ subject }) => subject),
  ];

  test('an erased subject has no row and is in no room, and its events leave no hole', async () => {
    const { log } = current;
    const kept = event('kept');
    const word = event('word', { rooms: ['user:al'] });
    await log.append('acme', [
      group([
        event('a'),
        kept,
        event('a', { rooms: ['user:al'], left: [ROOM] }),
        event('b', { open: false }),
      ]),
    ]);
    const { seq, groups } = await log.append('acme', [
      group([word], [], { erases: ['task/a', 'task/b', 'task/none'] }),
    ]);
    expect([seq, groups]).toEqual([5, [{ status: 'new', seqs: [5] }]]);
    expect(await everything(log, 'acme')).toEqual([
      erased(1),
      { seq: 2, ...kept },
      erased(3),
      erased(4),
      { seq: 5, ...word },
    ]);
    expect(await log.rows('acme', ['task/a', 'task/b'])).toEqual([]);
    expect(await inRoom(ROOM)).toEqual([[2], [2], ['task/kept']]);
    expect(await inRoom('user:al')).toEqual([[5], [5], ['task/word']]);
    expect(await log.meetings('acme', 'user:al', [ROOM], 9)).toMatchObject({ rows: [], more: false });
  });

  test('only what stood before the group is erased: the subject may begin anew in it, and after it', async () => {
    const { log } = current;
    await log.append('acme', [group([event('a'), event('a')])]);
    const anew = event('a');
    await log.append('acme', [
      group([event('a'), event('b')]),
      group([anew], [], { erases: ['task/a'] }),
      group([event('b')]),
    ]);
    expect((await everything(log, 'acme')).map((entry) => entry.erased ?? entry.subject)).toEqual([
      true,
      true,
      true,
      'task/b',
      'task/a',
      'task/b',
    ]);
    expect(await log.rows('acme', ['task/a'])).toMatchObject([{ seq: 5, first: 5, body: anew.body }]);
    await log.append('acme', [group([event('a')], [{ subject: 'task/a', seq: 5 }])]);
    await log.append('acme', [group([], [], { erases: ['task/a'] })]);
    expect(seqsOf((await everything(log, 'acme')).filter((entry) => entry.erased))).toEqual([1, 2, 3, 5, 7]);
  });

  test('an event without a subject is erased by its place; one that has a subject is left to it', async () => {
    const { log } = current;
    const custom = (): NewEvent => ({
      rooms: [ROOM, 'user:al'],
      left: [],
      open: false,
      body: '{"t":"custom"}',
    });
    await log.append('acme', [group([custom(), event('a'), custom()])]);
    const { groups } = await log.append('acme', [
      group([custom()], [], { erases: [1, 2, 4, 9_999_999] }),
      group([], [], { erases: [4] }),
    ]);
    expect(groups).toMatchObject([{ seqs: [4] }, { status: 'new' }]);
    expect(await everything(log, 'acme')).toMatchObject([
      erased(1),
      { subject: 'task/a' },
      { seq: 3 },
      erased(4),
    ]);
    expect(await inRoom('user:al')).toEqual([[3], [3], []]);
    expect(await inRoom(ROOM)).toEqual([[2, 3], [2, 3], ['task/a']]);
    await trimAll(log, 'acme', { events: { count: 0 } });
    await log.append('acme', [group([], [], { erases: [1, 2, 3] })]);
    expect(await inRoom(ROOM)).toEqual([[], [2], ['task/a']]);
  });

  test('a group that is not written erases nothing; who read what was erased has to look again', async () => {
    const { log } = current;
    const first = group([event('a')]);
    await log.append('acme', [first]);
    const late = group([], [{ subject: 'task/a', seq: 7 }], { erases: ['task/a'] });
    expect((await log.append('acme', [late])).groups).toMatchObject([{ status: 'moved' }]);
    expect(await log.rows('acme', ['task/a'])).toHaveLength(1);
    const { groups } = await log.append('acme', [
      { ...late, reads: [{ subject: 'task/a', seq: 1 }] },
      group([event('a')], [{ subject: 'task/a', seq: 1 }]),
    ]);
    expect(groups).toEqual([
      { status: 'new', seqs: [] },
      { status: 'moved', rows: [{ subject: 'task/a', row: undefined }] },
    ]);
    // The fact is still known, and does not bring it back.
    expect((await log.append('acme', [first])).groups).toEqual([{ status: 'known', seqs: [1] }]);
    expect(await log.rows('acme', ['task/a'])).toEqual([]);
  });

  test('a group that is sent again does not erase what has come since', async () => {
    const { log } = current;
    const erasure = group([event('word')], [], { erases: ['task/a'] });
    await log.append('acme', [group([event('a')]), erasure, group([event('a')]), erasure]);
    await log.append('acme', [erasure]);
    expect(await log.rows('acme', ['task/a'])).toMatchObject([{ seq: 3 }]);
  });

  test('what is erased and what is forgotten go together in any order', async () => {
    const { log } = current;
    await log.append('acme', [group(upTo(6).map((n) => event(n % 2 ? 'a' : 'b')))]);
    await trimAll(log, 'acme', { events: { count: 3 } });
    await log.append('acme', [group([], [], { erases: ['task/a'] })]);
    expect(await everything(log, 'acme')).toMatchObject([{ seq: 4 }, erased(5), { seq: 6 }]);
    await trimAll(log, 'acme', { events: { count: 0 } });
    expect(await inRoom(ROOM)).toEqual([[], [6], ['task/b']]);
    await log.append('acme', [group([event('a')], [{ subject: 'task/a', seq: 0 }], { erases: ['task/b'] })]);
    expect(await inRoom(ROOM)).toEqual([[7], [7], ['task/a']]);
  });

  test('erased is erased after closing and opening again, and for every page of every size', async ({
    skip,
  }) => {
    await current.log.append('acme', [group(upTo(700).map((n) => event(`${n % 3}`)))]);
    await current.log.append('acme', [group([], [], { erases: ['task/1'] })]);
    const log = await (current.reopen() ?? skip('it cannot be opened again'));
    for (const limit of [7, 256, 1000]) {
      const all = await everything(log, 'acme', undefined, limit);
      expect(seqsOf(all)).toEqual(upTo(700));
      expect(seqsOf(all.filter((entry) => entry.erased))).toEqual(upTo(700).filter((n) => n % 3 === 1));
    }
  });

  test('an erased text is nowhere in the storage any more, once it was trimmed', async () => {
    const { log } = current;
    const name = (n: number): Subject => `message/${n}`;
    const text = (n: number) => `secret-${n}-of-somebody`;
    // Of many lengths, so that pages split and merge while they come and go.
    const said = (n: number, round: number) => ({
      ...event('x', { body: JSON.stringify({ round, t: text(n), pad: '.'.repeat((n * 97) % 3000) }) }),
      subject: name(n),
    });
    const all = upTo(200);
    const [gone, kept] = [all.filter((n) => n % 3 > 0), all.filter((n) => n % 3 === 0)];
    for (const round of [1, 2, 3]) {
      for (const n of all) void log.append('acme', [group([said(((n * 7) % 200) + 1, round)])]);
    }
    for (let at = 0; at < gone.length; at += 10) {
      await log.append('acme', [group([], [], { erases: gone.slice(at, at + 10).map(name) })]);
      await log.append('acme', [group([said(kept[at % kept.length]!, 4)])]);
    }
    await trimAll(log, 'acme', { events: { count: 5000 } });
    const stored = await current.stored();
    expect(gone.filter((n) => stored.includes(text(n)))).toEqual([]);
    expect(kept.filter((n) => !stored.includes(text(n)))).toEqual([]);
  });
}
