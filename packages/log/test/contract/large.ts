import type { Room } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import { event, group, seqsOf, upTo } from './samples.ts';
import type { Current } from './subject.ts';

export function large(current: Current): void {
  test('1,000 tasks of 300 candidate groups in one append are right, and hold up nobody else for long', async () => {
    const { log } = current;
    const rooms = upTo(300).map((n): Room => `group:${n}`);
    const tasks = upTo(1000).map((n) => group([event(`${n}`, { rooms })]));
    const claim = group([event('1', { rooms: ['user:al'], left: rooms })], [{ subject: 'task/1', group: 0 }]);
    const late = group([event('2')], [{ subject: 'task/2', seq: 0 }]);
    const heard: number[] = [];
    log.watch((domain, entries) => void (domain === 'acme' && heard.push(...seqsOf(entries))));
    let finished = false;
    const append = log.append('acme', [...tasks, claim, late]).finally(() => {
      finished = true;
    });
    const next = log.append('acme', [group([event('next')])]);
    await log.append('other', [group([event('a')])]);
    await log.read('acme', { after: 0, limit: 1 });
    expect(finished).toBe(false);

    const { groups } = await append;
    expect(groups.slice(0, 1000)).toEqual(upTo(1000).map((seq) => ({ status: 'new', seqs: [seq] })));
    expect(groups.slice(1000)).toMatchObject([{ status: 'new', seqs: [1001] }, { status: 'moved' }]);
    expect((await next).groups).toEqual([{ status: 'new', seqs: [1002] }]);
    expect(heard).toEqual(upTo(1002));
    expect((await log.snapshot('acme', { rooms: ['group:300'], limit: 2000 })).rows).toHaveLength(999);
    expect(await log.meetings('acme', 'user:al', rooms, 9)).toMatchObject({ rows: [] });
  }, 90_000);
}
