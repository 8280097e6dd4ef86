import type { Room, Subject } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import type { RowPage, StoredRow } from '../../src/index.ts';
import { allRows, event, group, trimAll, upTo } from './samples.ts';
import type { Current } from './subject.ts';

export function rows(current: Current): void {
  async function pages(
    rooms: Room[] | undefined,
    limit: number,
    between?: () => Promise<unknown>,
  ): Promise<StoredRow[]> {
    const all: StoredRow[] = [];
    for (let after: Subject | undefined; ; ) {
      const page: RowPage = await current.log.snapshot('acme', {
        limit,
        ...(rooms && { rooms }),
        ...(after && { after }),
      });
      all.push(...page.rows);
      after = page.next;
      if (!after) return all;
      await between?.();
    }
  }
  const names = (found: StoredRow[]) => found.map(({ subject }) => subject);

  test('a row is the last event of its subject, open or ended, and remembers its first', async () => {
    const { log } = current;
    const last = event('a', { rooms: ['user:bob'], left: ['process:p'], open: false });
    await log.append('acme', [group([event('a'), event('b'), last])]);
    const found = await log.rows('acme', ['task/a', 'task/none', 'task/b']);
    expect(names(found).sort()).toEqual(['task/a', 'task/b']);
    expect(found.find(({ subject }) => subject === 'task/a')).toEqual({
      subject: 'task/a',
      seq: 3,
      first: 1,
      rooms: ['user:bob'],
      open: false,
      body: last.body,
    });
  });

  test('an event without a subject leaves no row', async () => {
    const { subject: _, ...custom } = event('x');
    await current.log.append('acme', [group([custom])]);
    expect(await pages(['process:p'], 5)).toEqual([]);
  });

  test('every row comes over the pages, open or ended, also where its event is below the floor', async () => {
    const { log } = current;
    await log.append('acme', [
      group(upTo(700).map((n) => event(`${n}`, { rooms: [`process:${n}`], open: n % 2 === 0 }))),
      group([event('1'), event('2')], [], { erases: ['task/3'] }),
    ]);
    await log.append('other', [group([event('theirs')])]);
    await trimAll(log, 'acme', { events: { count: 1 } });
    const wanted = upTo(700).filter((n) => n !== 3);
    for (const limit of [7, 1000]) {
      const found = await allRows(log, 'acme', limit);
      expect([...found.keys()].sort()).toEqual(wanted.map((n) => `task/${n}`).sort());
      expect([...found.values()]).toEqual(
        expect.arrayContaining(await log.rows('acme', ['task/1', 'task/2', 'task/699'])),
      );
    }
    expect(await allRows(log, 'nobody')).toEqual(new Map());
  });

  test('what is written between the pages of every row keeps none of the others away', async () => {
    const { log } = current;
    await log.append('acme', [group(upTo(600).map((n) => event(`${n}`)))]);
    let pages = 0;
    const found = await allRows(log, 'acme', 50, () =>
      log.append('acme', [group([event(`new-${++pages}`), event(`${pages}`)])]),
    );
    expect(upTo(600).filter((n) => !found.has(`task/${n}`))).toEqual([]);
  });

  test('a snapshot has the open rows of its rooms as they now are', async () => {
    const { log } = current;
    await log.append('acme', [
      group([
        event('moved', { rooms: ['user:al'] }),
        event('ended', { rooms: ['user:al'] }),
        event('both', { rooms: ['user:al', 'user:bob'] }),
        event('moved', { rooms: ['user:bob'], left: ['user:al'] }),
        event('ended', { rooms: ['user:al'], open: false }),
      ]),
    ]);
    expect(names(await pages(['user:al'], 9))).toEqual(['task/both']);
    expect(names(await pages(['user:bob'], 9))).toEqual(['task/both', 'task/moved']);
    expect(names(await pages(['user:al', 'user:bob'], 1))).toEqual(['task/both', 'task/moved']);
    expect(await pages([], 9)).toEqual([]);
    await log.append('acme', [group([event('ended', { rooms: ['user:al'] })])]);
    expect(names(await pages(['user:al'], 9))).toEqual(['task/both', 'task/ended']);
  });

  test('without rooms a snapshot has all that is open, also what nobody sees', async () => {
    const { log } = current;
    await log.append('acme', [
      group([
        event('seen', { rooms: ['user:al', 'user:bob'] }),
        event('unseen', { rooms: [] }),
        event('ended', { rooms: [] }),
        event('erased', { rooms: ['user:al'] }),
        event('again', { open: false }),
      ]),
    ]);
    await log.append('other', [group([event('elsewhere')])]);
    expect(names(await pages(undefined, 2))).toEqual([
      'task/ended',
      'task/erased',
      'task/seen',
      'task/unseen',
    ]);
    await log.append('acme', [
      group([event('ended', { rooms: [], open: false }), event('again', { rooms: [] })]),
      group([event('seen', { rooms: [] })], [], { erases: ['task/erased'] }),
    ]);
    expect(names(await pages(undefined, 1))).toEqual(['task/again', 'task/seen', 'task/unseen']);
    await log.trim('acme', { events: { count: 0 } });
    expect(names(await pages(undefined, 9))).toEqual(['task/again', 'task/seen', 'task/unseen']);
  });

  test('a page says at which position it is true', async () => {
    const { epoch } = await current.log.append('acme', [group([event('a'), event('a')])]);
    const page = await current.log.snapshot('acme', { rooms: ['process:p'], limit: 1 });
    expect(page).toMatchObject({ epoch, seq: 2, rows: [{ seq: 2, first: 1 }] });
    expect(page).not.toHaveProperty('next');
  });

  test('pages are in the order of names and have each row once while others write', async () => {
    const { log } = current;
    const rooms: Room[] = ['process:p', 'user:al', 'group:g'];
    const steady = upTo(40).map((n) => `s${String(n).padStart(3, '0')}`);
    await log.append('acme', [
      group(steady.map((id, n) => event(id, { rooms: rooms.slice(0, 1 + (n % 3)) }))),
    ]);
    for (const limit of [1, 3, 40]) {
      let round = 0;
      const found = await pages(rooms, limit, () => {
        round++;
        const changed = event(steady[(round * 7) % 40]!, { rooms: [rooms[round % 3]!] });
        return log.append('acme', [
          group([changed, event(`a${limit}-${round}`), event(`z${round}`, { open: false })]),
        ]);
      });
      const seen = names(found);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual([...seen].sort());
      expect(seen.filter((name) => name.startsWith('task/s'))).toEqual(steady.map((id) => `task/${id}`));
      expect(found.every(({ open }) => open)).toBe(true);
    }
  });

  test('meetings are the open rows that stand in the room and in one of the others, once each', async () => {
    const { log } = current;
    const { epoch } = await log.append('acme', [
      group([
        event('a', { rooms: ['process:p', 'user:al', 'group:g'] }),
        event('b', { rooms: ['process:p', 'group:g', 'user:bob'] }),
        event('c', { rooms: ['process:q', 'group:g'] }),
        event('d', { rooms: ['process:q', 'user:eve'], open: false }),
      ]),
    ]);
    const meetings = async (room: Room, ...others: Room[]) =>
      names((await log.meetings('acme', room, others, 9)).rows).sort();
    expect(await meetings('process:p', 'user:bob')).toEqual(['task/b']);
    expect(await meetings('process:p', 'user:none', 'user:al')).toEqual(['task/a']);
    expect(await meetings('process:p', 'user:al', 'group:g', 'user:bob')).toEqual(['task/a', 'task/b']);
    expect(await meetings('process:q', 'user:none', 'group:g')).toEqual(['task/c']);
    expect(await meetings('process:q', 'user:eve')).toEqual([]);
    expect(await meetings('process:q', 'user:al', 'user:bob')).toEqual([]);
    expect(await meetings('process:none', 'user:al')).toEqual([]);
    expect(await meetings('process:p')).toEqual([]);
    const one = await log.meetings('acme', 'process:p', ['group:g'], 1);
    expect(one).toMatchObject({ epoch, seq: 4, more: true });
    expect(one.rows).toHaveLength(1);
    expect(await log.meetings('acme', 'process:p', ['group:g'], 2)).toMatchObject({ more: false });
  });

  test('meetings are found among many rows that do not meet', async () => {
    const { log } = current;
    const many = upTo(300).map((n) => event(`${n}`, { rooms: [n % 2 ? 'user:al' : 'process:p'] }));
    await log.append('acme', [group(many)]);
    expect((await log.meetings('acme', 'process:p', ['user:al'], 9)).rows).toEqual([]);
    const met = ['100', '299', '300'].map((id) => event(id, { rooms: ['process:p', 'user:al'] }));
    await log.append('acme', [group(met)]);
    const { rows } = await log.meetings('acme', 'process:p', ['user:al'], 9);
    expect(names(rows).sort()).toEqual(['task/100', 'task/299', 'task/300']);
    expect(rows[0]).toMatchObject({ body: met[0]!.body, open: true });
  });
}
