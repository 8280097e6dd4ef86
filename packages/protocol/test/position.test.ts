import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPosition, isPositionGood, type Life, parsePosition } from '../src/index.ts';

const epochs = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const seqs = fc.nat({ max: Number.MAX_SAFE_INTEGER });

test('a position that was written is read back the same', () => {
  fc.assert(
    fc.property(epochs, seqs, (epoch, seq) => {
      expect(parsePosition(formatPosition(epoch, seq))).toEqual({ epoch, seq });
    }),
  );
});

test.each([
  '',
  '4711',
  ':1',
  'epoch:',
  'epoch:-1',
  'epoch:+1',
  'epoch:1.5',
  'epoch:1e3',
  'epoch:01',
  'epoch: 1',
  'epoch:1 ',
  'epoch:1\n',
  'e:p:1',
  'ep och:1',
  'époque:1',
  'epoch:9007199254740992',
  'epoch:99999999999999999999',
  `${'e'.repeat(65)}:1`,
])('%j is no position', (text) => {
  expect(parsePosition(text)).toBeUndefined();
});

test('any text is a position or none, and what is one is written the same again', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\w-]{0,3}:\d{0,18}$/)), (text) => {
      const position = parsePosition(text);
      if (position) expect(formatPosition(position.epoch, position.seq)).toBe(text);
    }),
  );
});

describe('a position is good', () => {
  const lives: Life[] = [
    { epoch: 'one', from: 1 },
    { epoch: 'two', from: 11 },
    { epoch: 'three', from: 6 },
  ];

  test.each([
    ['three', 0, true],
    ['three', 1000, true],
    ['two', 5, true],
    ['two', 6, false],
    ['two', 12, false],
    ['one', 0, true],
    ['one', 5, true],
    ['one', 6, false],
    ['one', 11, false],
    ['another', 0, false],
  ])('%s:%d: %s', (epoch, seq, good) => {
    expect(isPositionGood(lives, epoch, seq)).toBe(good);
  });

  test('where no life is known, none is', () => {
    expect(isPositionGood([], 'one', 0)).toBe(false);
  });

  test('exactly if the log still holds, entry by entry, what was seen there', () => {
    // A log that is written, and rewound now and then: each entry is a thing of its own.
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ write: fc.integer({ min: 1, max: 4 }) }) },
      { weight: 1, arbitrary: fc.record({ rewind: fc.nat({ max: 6 }) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let entries: object[] = [];
        const lives: Life[] = [{ epoch: 'life-0', from: 1 }];
        const seen: { epoch: string; entries: object[] }[] = [];
        const look = () => seen.push({ epoch: lives.at(-1)!.epoch, entries });
        look();
        for (const step of steps) {
          if ('write' in step) {
            for (let n = 0; n < step.write; n++) {
              entries = [...entries, {}];
              look();
            }
          } else {
            entries = entries.slice(0, Math.max(0, entries.length - step.rewind));
            lives.push({ epoch: `life-${lives.length}`, from: entries.length + 1 });
            look();
          }
        }
        for (const past of seen) {
          const held = past.entries.every((entry, n) => entries[n] === entry);
          expect(isPositionGood(lives, past.epoch, past.entries.length)).toBe(held);
        }
      }),
    );
  });
});
