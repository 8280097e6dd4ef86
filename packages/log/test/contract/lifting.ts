import type { Subject } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import type { Schema } from '../../src/index.ts';
import { event, everything, expectError, group } from './samples.ts';
import type { Current } from './subject.ts';

const asked: [from: number, subject: Subject | undefined][] = [];

/** A version that says in each body which version wrote it, and of what. */
const second: Schema = {
  version: 2,
  lift(body, from, subject) {
    asked.push([from, subject]);
    return JSON.stringify({ ...JSON.parse(body), from, subject: subject ?? 'none' });
  },
};

export function lifting(current: Current): void {
  test('whatever reads an older body gets it lifted, and what is current comes as it is', async ({
    skip,
  }) => {
    const { subject: _, ...custom } = event('x', { body: '{"n":2}' });
    await current.log.append('acme', [group([event('a', { body: '{"n":1}' }), custom])]);
    const log = await (current.reopen({ schema: second }) ?? skip('it cannot be opened again'));
    const own = event('b', { rooms: ['process:p', 'user:al'], body: '{"n":3}' });
    await log.append('acme', [group([own])]);
    const a = { body: '{"n":1,"from":1,"subject":"task/a"}' };
    const all = [a, { body: '{"n":2,"from":1,"subject":"none"}' }, { seq: 3, ...own }];
    expect(await everything(log, 'acme')).toMatchObject(all);
    expect(await everything(log, 'acme', ['process:p'])).toMatchObject(all);
    expect((await log.readBack('acme', { room: 'process:p', limit: 9 })).entries).toMatchObject(all);
    expect(await log.rows('acme', ['task/a', 'task/b'])).toMatchObject([a, { body: own.body }]);
    expect((await log.snapshot('acme', { rooms: ['process:p'], limit: 9 })).rows).toMatchObject([
      a,
      { body: own.body },
    ]);
    expect((await log.everyRow('acme', { limit: 9 })).rows).toMatchObject(
      expect.arrayContaining([expect.objectContaining(a)]),
    );
    await log.append('acme', [group([event('c', { rooms: ['user:al'], body: '{"n":4}' })])]);
    expect((await log.meetings('acme', 'process:p', ['user:al'], 9)).rows).toMatchObject([
      { body: own.body },
    ]);
    const { groups } = await log.append('acme', [group([event('a')], [{ subject: 'task/a', seq: 0 }])]);
    expect(groups).toMatchObject([{ rows: [{ row: a }] }]);
    expect(groups[0]).not.toHaveProperty('rows.0.row.version');
    expect(new Set(asked.map(([from]) => from))).toEqual(new Set([1]));
  });

  test('an erased event has nothing to lift', async () => {
    await current.log.append('acme', [group([event('a')]), group([], [], { erases: ['task/a'] })]);
    const log = await current.reopen({ schema: second });
    expect(await everything(log!, 'acme')).toEqual([
      { seq: 1, erased: true, rooms: [], left: [], open: false, body: '' },
    ]);
  });

  test('what a newer version wrote is refused, and what is older beside it is read', async () => {
    await current.log.append('acme', [group([event('a')])]);
    const newer = await current.reopen({ schema: second });
    await newer!.append('acme', [group([event('b')])]);
    const log = await current.reopen();
    expect(await log!.rows('acme', ['task/a'])).toHaveLength(1);
    for (const read of [
      log!.rows('acme', ['task/b']),
      log!.read('acme', { after: 0, limit: 9 }),
      log!.snapshot('acme', { rooms: ['process:p'], limit: 9 }),
      log!.append('acme', [group([event('b')], [{ subject: 'task/b', seq: 9 }])]),
    ])
      await expectError(read, 'newer', /newer version.*schema is 2, this one knows 1/);
    expect(await log!.head('acme')).toMatchObject({ seq: 2 });
  });
}
