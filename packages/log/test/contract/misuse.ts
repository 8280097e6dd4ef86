import { expect, test } from 'vitest';
import type { Group, Log } from '../../src/index.ts';
import { event, expectError, group } from './samples.ts';
import type { Current } from './subject.ts';

const body = (text: unknown) => group([event('a', { body: text as string })]);

const GROUPS: [string, Group[], RegExp][] = [
  ['a body that is a list', [body('[]')], /body of event 0 of group 0/],
  ['a body that is no text', [body({})], /body/],
  ['an empty body', [body('')], /body/],
  ['a body of one brace', [body('{')], /body/],
  ['an empty key', [group([event('a')]), { ...group([]), key: '' }], /key of group 1/],
  ['an empty subject', [group([{ ...event('a'), subject: '' as never }])], /subject of event 0/],
  ['an empty room', [group([event('a', { rooms: ['' as never] })])], /rooms of event 0/],
  ['a negative seq', [group([], [{ subject: 'task/a', seq: -1 }])], /seq of a read of group 0/],
  ['a fraction of a seq', [group([], [{ subject: 'task/a', seq: 0.5 }])], /seq/],
  ['a read of its own group', [group([event('a')], [{ subject: 'task/a', group: 0 }])], /not earlier/],
  [
    'a read of a later group',
    [group([], [{ subject: 'task/a', group: 1 }]), group([event('a')])],
    /not earlier/,
  ],
  [
    'an empty subject to erase',
    [{ ...group([]), erases: ['' as never] }],
    /subjects that are erased by group 0/,
  ],
  ['an event to erase that can not be', [{ ...group([]), erases: [0] }], /seq of what is erased by group 0/],
  [
    'a read of a group that does not write the row',
    [group([event('b')]), group([], [{ subject: 'task/a', group: 0 }])],
    /does not write task\/a/,
  ],
];

const CALLS: [string, (log: Log) => Promise<unknown>, RegExp][] = [
  ['a domain without a name', (log) => log.head(''), /domain/],
  ['an append to no domain', (log) => log.append('', []), /domain/],
  ['a negative position', (log) => log.read('acme', { after: -1, limit: 1 }), /after/],
  ['a limit of 0', (log) => log.read('acme', { after: 0, limit: 0 }), /limit/],
  ['a limit that is no number', (log) => log.read('acme', { after: 0, limit: Number.NaN }), /limit/],
  ['a negative limit back', (log) => log.readBack('acme', { room: 'user:a', limit: -1 }), /limit/],
  [
    'a negative position back',
    (log) => log.readBack('acme', { room: 'user:a', before: -1, limit: 1 }),
    /before/,
  ],
  ['a snapshot without limit', (log) => log.snapshot('acme', { rooms: [], limit: 0 }), /limit/],
  ['a page of every row without limit', (log) => log.everyRow('acme', { limit: 0 }), /limit/],
  ['an empty place among every row', (log) => log.everyRow('acme', { after: '', limit: 1 }), /after/],
  ['a negative age', (log) => log.trim('acme', { events: { age: -1 } }), /age in the retention of events/],
  ['a fraction of a count', (log) => log.trim('acme', { waiting: { count: 0.5 } }), /count in the waiting/],
  ['an age of ended rows that is none', (log) => log.trim('acme', { ended: Number.NaN }), /ended rows/],
  ['a reader without a name', (log) => log.keepFor('acme', '', 1), /reader/],
  ['a reader that is nowhere', (log) => log.keepFor('acme', 'one', -1), /position of the reader/],
  ['an empty room to meet in', (log) => log.meetings('acme', '' as never, [], 1), /room/],
  ['a limit of meetings that is none', (log) => log.meetings('acme', 'user:a', [], 0), /limit/],
];

export function misuse(current: Current): void {
  test('an append with a misuse in it is refused whole, the misuse is named, and other appends stand', async () => {
    const { log } = current;
    for (const [what, groups, message] of GROUPS) {
      const others = [1, 2].map((n) => log.append(what, [group([event(`${n}`)])]));
      const append = log.append(what, [group([event('good')]), ...shift(groups)]);
      await expectError(append, 'misused', shiftIn(message));
      await Promise.all(others);
      expect(await log.head(what), what).toMatchObject({ seq: 2 });
    }
  });

  test('a question with a misuse in it is refused, and the misuse is named', async () => {
    for (const [, call, message] of CALLS) await expectError(call(current.log), 'misused', message);
  });
}

/** The same groups one place later, behind a good one. */
function shift(groups: Group[]): Group[] {
  return groups.map((one) => ({
    ...one,
    reads: one.reads.map((read) => ('group' in read ? { ...read, group: read.group + 1 } : read)),
  }));
}

function shiftIn(message: RegExp): RegExp {
  return new RegExp(message.source.replace(/group (\d)/g, (_, n: string) => `group ${Number(n) + 1}`));
}
