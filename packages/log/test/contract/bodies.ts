import type { Room, Subject } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import { event, everything, group } from './samples.ts';
import type { Current } from './subject.ts';

const BODIES = {
  'text of many scripts': '{"t":"Größe, 任务, עברית, 👩‍👩‍👧, e\u0301"}',
  'a real NUL and an escaped one': '{"t":"a\u0000b\\u0000c"}',
  'lone surrogates': '{"t":"\ud800 and \udfff"}',
  'escaped lone surrogates': '{"t":"\\ud800"}',
  'integers above 2^53': '{"n":9007199254740993,"m":-123456789012345678901234567890}',
  'numbers as they were written': '{"n":1.0,"m":1e400,"o":-0}',
  'empty lists and objects': '{"a":[],"o":{},"n":[[]],"s":""}',
  'order, doubles and white space': '{"b":1, "a":2,\n"b":3}',
  'nothing at all': '{}',
};

export function bodies(current: Current): void {
  test.each(Object.entries(BODIES))('a body comes back byte for byte: %s', async (_, body) => {
    const { log } = current;
    const heard: string[] = [];
    log.watch((_domain, entries) => heard.push(...entries.map((entry) => entry.body)));
    await log.append('acme', [group([event('a', { body })])]);
    const moved = await log.append('acme', [group([event('a')], [{ subject: 'task/a', seq: 0 }])]);
    expect(heard).toEqual([body]);
    expect(moved.groups).toMatchObject([{ rows: [{ row: { body } }] }]);
    expect((await everything(log, 'acme')).map((entry) => entry.body)).toEqual([body]);
    expect((await log.rows('acme', ['task/a'])).map((row) => row.body)).toEqual([body]);
    expect((await log.snapshot('acme', { rooms: ['process:p'], limit: 1 })).rows).toMatchObject([{ body }]);
  });

  test('a long body comes back whole', async () => {
    const body = JSON.stringify({ t: 'ü'.repeat(1_000_000) });
    await current.log.append('acme', [group([event('a', { body })])]);
    const [entry] = await everything(current.log, 'acme');
    expect(entry!.body === body).toBe(true);
  });

  test('names that differ only in odd characters are not taken for each other', async () => {
    const { log } = current;
    const odd = [
      '\ud800',
      '\ud801',
      '\ufffd',
      'a\u0000',
      'a\u0000b',
      'a',
      '"',
      '👩',
      '\u{10ffff}',
      'é',
      'e\u0301',
    ];
    for (const name of odd) {
      const domain = `d${name}`;
      const { groups } = await log.append(
        domain,
        odd.map((text) => ({
          ...group([event(text, { rooms: [`user:${text}`] })]),
          key: text,
        })),
      );
      expect(groups.every(({ status }) => status === 'new')).toBe(true);
      for (const text of odd) {
        const [room, subject]: [Room, Subject] = [`user:${text}`, `task/${text}`];
        expect((await log.rows(domain, [subject])).map((row) => row.subject)).toEqual([subject]);
        const { entries } = await log.read(domain, { after: 0, rooms: [room], limit: 9 });
        expect(entries).toMatchObject([{ subject, rooms: [room] }]);
      }
      const rooms = odd.map((text): Room => `user:${text}`);
      const found: Subject[] = [];
      for (let after: Subject | undefined; ; ) {
        const page = await log.snapshot(domain, { rooms, limit: 2, ...(after && { after }) });
        found.push(...page.rows.map(({ subject }) => subject));
        after = page.next;
        if (!after) break;
      }
      expect(found.sort()).toEqual(odd.map((text) => `task/${text}`).sort());
    }
  });
}
