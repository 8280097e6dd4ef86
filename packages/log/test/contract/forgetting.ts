import type { Room, Subject } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import { soon } from '../soon.ts';
import { event, everything, group, seqsOf, trimAll, upTo } from './samples.ts';
import type { Current } from './subject.ts';

const ROOM: Room = 'process:p';

export function forgetting(current: Current): void {
  const history = async (room: Room = ROOM) =>
    seqsOf((await current.log.readBack('acme', { room, limit: 1000 })).entries);

  test('nothing is forgotten by itself, or by a trim that keeps everything', async () => {
    const { log } = current;
    await log.append('acme', [group(upTo(5).map((n) => event(`${n}`)))]);
    expect(await log.trim('acme', {})).toEqual({ floor: 0, more: false, behind: [] });
    expect(await log.trim('acme', { events: { count: 5, age: 60_000 } })).toMatchObject({ floor: 0 });
    expect(await log.trim('other', { events: { count: 0, age: 0 } })).toMatchObject({ floor: 0 });
    expect(seqsOf(await everything(log, 'acme'))).toEqual(upTo(5));
  });

  test('beyond the count the oldest are forgotten, and every answer says up to where', async () => {
    const { log } = current;
    await log.append('acme', [group(upTo(7).map((n) => event(`${n}`)))]);
    expect(await trimAll(log, 'acme', { events: { count: 3 } })).toEqual({
      floor: 4,
      more: false,
      behind: [],
    });
    expect(await log.head('acme')).toMatchObject({ seq: 7, floor: 4 });
    for (const after of [0, 3, 4]) {
      for (const rooms of [undefined, [ROOM]]) {
        const page = await log.read('acme', { after, limit: 2, ...(rooms && { rooms }) });
        expect([page.floor, seqsOf(page.entries), page.more]).toEqual([4, [5, 6], true]);
      }
    }
    const back = await log.readBack('acme', { room: ROOM, limit: 2 });
    expect([back.floor, seqsOf(back.entries)]).toEqual([4, [6, 7]]);
    // Never backwards, and on from there.
    expect(await trimAll(log, 'acme', { events: { count: 6 } })).toMatchObject({ floor: 4 });
    expect(await log.append('acme', [group([event('8')])])).toMatchObject({ seq: 8 });
    expect(await trimAll(log, 'acme', { events: { count: 0 } })).toMatchObject({ floor: 8 });
    expect(await everything(log, 'acme')).toEqual([]);
    expect(await log.append('acme', [group([event('9')])])).toMatchObject({ seq: 9 });
    expect(seqsOf(await everything(log, 'acme'))).toEqual([9]);
  });

  test('rows stay as they are, whether open or ended, and so do snapshots and comparisons', async () => {
    const { log } = current;
    await log.append('acme', [
      group([event('a'), event('a', { rooms: ['user:al'] }), event('b', { open: false }), event('c')]),
    ]);
    const names: Subject[] = ['task/a', 'task/b', 'task/c'];
    const before = await log.rows('acme', names);
    await trimAll(log, 'acme', { events: { count: 0 } });
    expect(await log.rows('acme', names)).toEqual(before);
    expect((await log.snapshot('acme', { rooms: ['user:al', ROOM], limit: 9 })).rows).toHaveLength(2);
    const { groups } = await log.append('acme', [
      group([event('a')], [{ subject: 'task/a', seq: 1 }]),
      group([event('a')], [{ subject: 'task/a', seq: 2 }]),
    ]);
    expect(groups).toMatchObject([{ status: 'moved', rows: [{ row: { seq: 2 } }] }, { status: 'new' }]);
    expect(await log.rows('acme', ['task/a'])).toMatchObject([{ seq: 5, first: 1 }]);
    expect((await log.snapshot('acme', { rooms: ['user:al'], limit: 9 })).rows).toEqual([]);
  });

  test('below the floor a room keeps the last event of each row: history grows coarse and does not end', async () => {
    const { log } = current;
    const { subject: _, ...custom } = event('x');
    const said = event('said', { open: false });
    await log.append('acme', [group([event('a'), said, custom, event('a'), event('b')])]);
    expect(await history()).toEqual(upTo(5));
    await trimAll(log, 'acme', { events: { count: 0 } });
    expect(await history()).toEqual([2, 4, 5]);
    const { entries } = await log.readBack('acme', { room: ROOM, before: 4, limit: 9 });
    expect(entries).toEqual([{ seq: 2, ...said }]);
    // What moves on leaves its place there, also where it leaves the room.
    await log.append('acme', [group([event('a', { rooms: ['user:al'], left: [ROOM] }), event('b')])]);
    expect(await history()).toEqual([2, 6, 7]);
    await trimAll(log, 'acme', { events: { count: 0 } });
    expect(await history()).toEqual([2, 6, 7]);
    expect(await history('user:al')).toEqual([6]);
  });

  test('what is younger than the age stays, and all of it goes in the end', async () => {
    const { log } = current;
    const age = 150;
    const begun: number[] = [];
    for (const n of upTo(3)) {
      begun.push(performance.now());
      await log.append('acme', [group([event(`${n}`)])]);
      await log.trim('acme', { events: { age } });
    }
    await soon(async () => {
      const { floor } = await log.trim('acme', { events: { age } });
      const young = begun.findIndex((at) => performance.now() - at < age);
      // What is young now was so when it was trimmed.
      if (young >= 0) expect(floor).toBeLessThanOrEqual(young);
      expect(floor).toBe(3);
    });
    expect(seqsOf(await log.rows('acme', ['task/1', 'task/2', 'task/3']))).toEqual([1, 2, 3]);
  });

  test('rows that ended long ago are removed with their last event; open ones and young ones stay', async () => {
    await current.reopen({ keepKeys: 1 });
    const { log } = current;
    await log.append('acme', [
      group([event('open'), event('again', { open: false }), event('ended', { rooms: [ROOM, 'user:al'] })]),
      group([event('ended', { open: false }), event('again')]),
    ]);
    const names: Subject[] = ['task/open', 'task/again', 'task/ended'];
    const named = async () => (await log.rows('acme', names)).map(({ subject }) => subject);
    // Neither what is still read, nor what is younger.
    await trimAll(log, 'acme', { ended: 0 });
    await trimAll(log, 'acme', { events: { count: 0 }, ended: 3_600_000 });
    expect(await named()).toEqual(names);
    expect(await history()).toEqual([1, 4, 5]);
    await soon(async () => {
      await trimAll(log, 'acme', { ended: 0 });
      expect(await named()).toEqual(['task/open', 'task/again']);
    });
    expect(await history()).toEqual([1, 5]);
    // It may begin anew, as if it had never been.
    await log.append('acme', [group([event('ended')], [{ subject: 'task/ended', seq: 0 }])]);
    expect(await log.rows('acme', ['task/ended'])).toMatchObject([{ seq: 6, first: 6 }]);
    expect(await history()).toEqual([1, 5, 6]);
  });

  test('rows of a kind that lasts are not removed, however long ago they ended', async () => {
    await current.reopen({ keepKeys: 1 });
    const { log } = current;
    const said = ['b', 'c\u0000\ud800'].map((id) => ({
      ...event(id, { open: false }),
      subject: `message/${id}` as const,
    }));
    await log.append('acme', [group([event('a', { open: false }), ...said, event('d')])]);
    await soon(async () => {
      await trimAll(log, 'acme', { events: { count: 0 }, ended: 0, lasting: ['read/', 'message/'] });
      expect(await log.rows('acme', ['task/a'])).toEqual([]);
    });
    expect(await history()).toEqual([2, 3, 4]);
    expect(
      await log.rows(
        'acme',
        said.map(({ subject }) => subject),
      ),
    ).toMatchObject(said.map(({ subject, body }) => ({ subject, body })));
  });

  test('rows stay as tombstones as long as keys are kept, whatever a trim asks for', async () => {
    const { log } = current;
    await log.append('acme', [group([event('ended', { open: false })])]);
    await trimAll(log, 'acme', { events: { count: 0 }, ended: 0 });
    await trimAll(log, 'acme', { events: { count: 0 }, ended: 0 });
    expect(await log.rows('acme', ['task/ended'])).toHaveLength(1);
  });

  test('a key is forgotten once it is older than keys are kept, and not before', async () => {
    const { log } = current;
    const fact = group([event('a')]);
    await log.append('acme', [fact]);
    await trimAll(log, 'acme', { events: { count: 0, age: 0 }, ended: 0 });
    expect((await log.append('acme', [fact])).groups).toEqual([{ status: 'known', seqs: [1] }]);
    const short = await current.reopen({ keepKeys: 1 });
    const other = group([event('b')]);
    await short!.append('acme', [other]);
    await soon(async () => {
      await trimAll(short!, 'acme', {});
      expect((await short!.append('acme', [other])).groups).toMatchObject([{ status: 'new' }]);
    });
  });

  test('a trim does its share alone, and whatever is done between two of them is right', async () => {
    const { log } = current;
    const many = upTo(6000);
    await log.append('acme', [group(many.map((n) => event(`${n % 100}`, { rooms: [ROOM, `user:${n}`] })))]);
    let calls = 0;
    for (let more = true; more; calls++) {
      const trimmed = await log.trim('acme', { events: { count: 100 } });
      ({ more } = trimmed);
      const { floor, entries } = await log.read('acme', { after: 0, limit: 1 });
      expect([floor, entries[0]!.seq]).toEqual([trimmed.floor, trimmed.floor + 1]);
      await log.append('acme', [group([event(`${calls}`)])]);
      expect(await log.rows('acme', ['task/50', `task/${calls}`])).toHaveLength(2);
    }
    expect(calls).toBeGreaterThan(1);
    await trimAll(log, 'acme', { events: { count: 0 } });
    const { seq } = await log.head('acme');
    const rows = await log.rows(
      'acme',
      many.slice(0, 100).map((n): Subject => `task/${n % 100}`),
    );
    expect(await history()).toEqual(seqsOf(rows).sort((a, b) => a - b));
    expect(seq).toBe(6000 + calls);
  });

  test('a share that is full of what stays leaves the rest to the next one', async () => {
    await current.reopen({ keepKeys: 1 });
    const { log } = current;
    await log.append('acme', [group(upTo(2000).map((n) => event(`${n}`, { rooms: [] })))]);
    await log.append('acme', [group([event('a'), event('a'), event('ended', { open: false }), event('a')])]);
    await trimAll(log, 'acme', { events: { count: 0 } });
    expect(await history()).toEqual([2003, 2004]);
    await soon(async () => {
      await trimAll(log, 'acme', { events: { count: 0 }, ended: 0 });
      expect(await history()).toEqual([2004]);
    });
    expect(await log.rows('acme', ['task/ended'])).toEqual([]);
  });

  test('what was forgotten is forgotten after closing and opening again', async ({ skip }) => {
    await current.log.append('acme', [group([event('a'), event('a'), event('b')])]);
    await trimAll(current.log, 'acme', { events: { count: 1 } });
    const log = await (current.reopen() ?? skip('it cannot be opened again'));
    expect(await log.head('acme')).toMatchObject({ seq: 3, floor: 2 });
    expect(await history()).toEqual([2, 3]);
    expect(seqsOf(await everything(log, 'acme'))).toEqual([3]);
  });

  test('what was forgotten leaves no bytes behind, once there is nothing more to trim', async () => {
    const { log } = current;
    await log.append('acme', [
      group(upTo(400).map((n) => event(`${n % 7}`, { body: `{"t":"${n < 390 ? 'forgotten' : 'kept'}"}` }))),
    ]);
    expect((await current.stored()).includes('forgotten')).toBe(true);
    await trimAll(log, 'acme', { events: { count: 5 } });
    const stored = await current.stored();
    expect([stored.includes('forgotten'), stored.includes('kept')]).toEqual([false, true]);
  });

  test('every domain that was appended to is named, and none that was only looked at', async () => {
    const { log } = current;
    const names = ['acme', 'ünï 1', '\ud800'];
    for (const name of names) await log.append(name, [group([event('a')])]);
    await log.head('seen');
    expect((await log.domains()).sort()).toEqual(names.sort());
    const again = await current.reopen();
    expect((await again!.domains()).sort()).toEqual(names.sort());
  });
}
