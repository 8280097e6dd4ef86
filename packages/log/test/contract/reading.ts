import type { Room } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import type { Entry } from '../../src/index.ts';
import { event, everything, group, seqsOf, upTo } from './samples.ts';
import type { Current } from './subject.ts';

export function reading(current: Current): void {
  test('entries come back as they were appended, with their position', async () => {
    const { log } = current;
    const task = event('a', { rooms: ['user:bob', 'process:p'], left: ['user:al'], open: false });
    const { subject: _, ...custom } = event('x');
    const { epoch } = await log.append('acme', [group([task, custom])]);
    expect(await log.read('acme', { after: 0, limit: 5 })).toEqual({
      epoch,
      seq: 2,
      floor: 0,
      more: false,
      entries: [
        { seq: 1, ...task },
        { seq: 2, ...custom },
      ],
    });
  });

  test('a read begins after its position, and says when there is more than its limit', async () => {
    const { log } = current;
    await log.append('acme', [group(upTo(7).map((n) => event(`${n}`)))]);
    const page = await log.read('acme', { after: 2, limit: 3 });
    expect([seqsOf(page.entries), page.more, page.seq]).toEqual([[3, 4, 5], true, 7]);
    const last = await log.read('acme', { after: 4, limit: 3 });
    expect([seqsOf(last.entries), last.more]).toEqual([[5, 6, 7], false]);
    const beyond = await log.read('acme', { after: Number.MAX_SAFE_INTEGER, limit: 3 });
    expect([beyond.entries, beyond.more, beyond.seq]).toEqual([[], false, 7]);
  });

  test('a room has what goes to it and what left it, and several rooms have each entry once', async () => {
    const { log } = current;
    const to = (rooms: Room[], left: Room[] = []) => event('a', { rooms, left });
    await log.append('acme', [
      group([
        to(['user:al', 'process:p']),
        to(['user:bob', 'process:p'], ['user:al']),
        to(['process:p'], ['user:bob']),
        to([], ['process:p']),
        to([]),
      ]),
    ]);
    const of = async (...rooms: Room[]) => seqsOf(await everything(log, 'acme', rooms));
    expect(await of('user:al')).toEqual([1, 2]);
    expect(await of('user:bob')).toEqual([2, 3]);
    expect(await of('user:al', 'user:bob', 'process:p', 'user:al')).toEqual([1, 2, 3, 4]);
    expect(await of('user:nobody')).toEqual([]);
    expect(await of()).toEqual([]);
    const [, second] = await everything(log, 'acme', ['user:al']);
    expect(second).toMatchObject({ rooms: ['user:bob', 'process:p'], left: ['user:al'] });
  });

  test('pages over several rooms are in order and leave nothing out', async () => {
    const { log } = current;
    const rooms: Room[] = ['user:a', 'user:b', 'user:c'];
    await log.append('acme', [group(upTo(50).map((n) => event(`${n}`, { rooms: [rooms[n % 3]!] })))]);
    for (const limit of [1, 2, 7, 49, 50]) {
      expect(seqsOf(await everything(log, 'acme', rooms, limit))).toEqual(upTo(50));
    }
  });

  test('paging back meets reading on without a seam', async () => {
    const { log } = current;
    const room: Room = 'execution:e';
    await log.append('acme', [group(upTo(30).map((n) => event(`${n}`, n % 3 ? { rooms: [room] } : {})))]);
    const older: Entry[] = [];
    let before: number | undefined;
    for (let more = true; more; ) {
      const page = await log.readBack('acme', { room, limit: 4, ...(before !== undefined && { before }) });
      expect(page).toMatchObject({ seq: 30 });
      older.unshift(...page.entries);
      before = page.entries[0]?.seq;
      ({ more } = page);
    }
    expect(older).toEqual(await everything(log, 'acme', [room]));
    const [back, on] = await Promise.all([
      log.readBack('acme', { room, before: 11, limit: 100 }),
      log.read('acme', { rooms: [room], after: 10, limit: 100 }),
    ]);
    expect([...back.entries, ...on.entries]).toEqual(older);
    expect(back.more).toBe(false);
  });

  test('paging back in a room that has nothing gives nothing', async () => {
    expect(await current.log.readBack('acme', { room: 'user:nobody', limit: 3 })).toMatchObject({
      seq: 0,
      entries: [],
      more: false,
    });
  });

  test('a read sees everything that was acknowledged before it', async () => {
    const { log } = current;
    await Promise.all(
      upTo(50).map(async (n) => {
        const { seq } = await log.append('acme', [group([event(`${n}`)])]);
        const { entries } = await log.read('acme', { after: seq - 1, limit: 1 });
        expect(seqsOf(entries)).toEqual([seq]);
      }),
    );
  });
}
