import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Entry, type Log, openSqliteLog, type Watcher } from '@netbuild/realtime-log';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTail } from '../src/delivery/tail.ts';

async function openLog(): Promise<Log> {
  const directory = await mkdtemp(join(tmpdir(), 'tail-test-'));
  const log = await openSqliteLog({ directory });
  onTestFinished(async () => {
    await log.close();
    await rm(directory, { recursive: true });
  });
  return log;
}

/** What becomes of a wake-up on its way: it arrives, is lost, comes twice, or comes after the next one. */
type Fate = 'arrives' | 'lost' | 'twice' | 'late';

/** A log whose wake-ups can not be relied on. */
function unreliable(log: Log, fates: Fate[]): Parameters<typeof createTail>[0] {
  let next = 0;
  return {
    head: (domain) => log.head(domain),
    read: (domain, range) => log.read(domain, range),
    watch(watcher: Watcher) {
      let late: Parameters<Watcher> | undefined;
      return log.watch((...wake) => {
        const fate = fates[next++ % fates.length];
        if (fate === 'arrives' || fate === 'twice') watcher(...wake);
        if (fate === 'twice') watcher(...wake);
        if (late) watcher(...late);
        late = fate === 'late' ? wake : undefined;
      });
    },
  };
}

let keys = 0;
const group = () => ({
  key: `k${++keys}`,
  reads: [],
  events: [{ rooms: ['user:alice' as const], left: [], open: false, body: '{}' }],
});
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

test('The tail hands on what was written in one step in one go, wherever its pages end', async () => {
  const log = await openLog();
  const batches: number[][] = [];
  const tail = await createTail(unreliable(log, ['lost']), 'acme', (entries: Entry[]) => {
    batches.push(entries.map(({ seq }) => seq));
  });
  onTestFinished(() => tail.close());
  const sizes = [1, 3, 18, 2, 1, 70, 5, 1];
  const groups = sizes.map((size, n) => {
    const events = upTo(size).map((i) => {
      const body = `{"id":"test/\\"fact#${n}#${i}","data":{}}`;
      return { rooms: ['user:alice' as const], left: [], open: false, body };
    });
    return { key: `group-${n}`, reads: [], events };
  });
  const { seq } = await log.append('acme', groups);
  expect(await tail.reached(seq)).toBe(true);
  expect(batches.flat()).toEqual(upTo(seq));
  expect(batches.length).toBeGreaterThan(1);
  const ends = sizes.map((_, n) => sizes.slice(0, n + 1).reduce((sum, size) => sum + size));
  for (const batch of batches) expect(ends).toContain(batch.at(-1));
});

describe('The tail hands on each entry once, in order, without holes', () => {
  test('whatever becomes of its wake-ups', async () => {
    const log = await openLog();
    let domains = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<Fate>('arrives', 'lost', 'twice', 'late'), { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 12 }),
        async (fates, appends) => {
          const domain = `d${++domains}`;
          const seen: number[] = [];
          const tail = await createTail(unreliable(log, fates), domain, (entries: Entry[]) => {
            seen.push(...entries.map(({ seq }) => seq));
          });
          await Promise.all(appends.map((count) => log.append(domain, Array.from({ length: count }, group))));
          const { seq } = await log.head(domain);
          await tail.reached(seq);
          expect(seen).toEqual(upTo(seq));
          tail.close();
        },
      ),
      { numRuns: 150 },
    );
  });

  test('from the head on, though events come while it opens', async () => {
    const log = await openLog();
    await log.append('d', [group(), group()]);
    const seen: number[] = [];
    const opening = createTail(log, 'd', (entries) => seen.push(...entries.map(({ seq }) => seq)));
    await Promise.all(Array.from({ length: 20 }, () => log.append('d', [group()])));
    const tail = await opening;
    await tail.reached(22);
    expect(seen).toEqual(upTo(22).slice(22 - seen.length));
    tail.close();
  });
});

test('What is acknowledged together is handed on together', async () => {
  const log = await openLog();
  const handed: number[][] = [];
  const tail = await createTail(log, 'acme', (entries: Entry[]) =>
    handed.push(entries.map(({ seq }) => seq)),
  );
  onTestFinished(() => tail.close());
  // Twenty appends of one breath are one transaction.
  await Promise.all(Array.from({ length: 20 }, () => log.append('acme', [group()])));
  expect(handed).toEqual([upTo(20)]);
});

test('A tail that has fallen behind reads few large entries at once', async () => {
  const log = await openLog();
  const limits: number[] = [];
  const seen: number[] = [];
  const deaf = {
    ...unreliable(log, ['lost']),
    read: (domain: string, range: Parameters<Log['read']>[1]) => {
      limits.push(range.limit);
      return log.read(domain, range);
    },
  };
  const tail = await createTail(deaf, 'large', (entries) => seen.push(...entries.map(({ seq }) => seq)), {
    every: 20,
  });
  onTestFinished(() => tail.close());
  const body = JSON.stringify({ text: 'x'.repeat(1_000_000) });
  const large = () => ({
    ...group(),
    events: [{ rooms: ['user:alice' as const], left: [], open: false, body }],
  });
  const { seq } = await log.append('large', upTo(30).map(large));
  expect(await tail.reached(seq)).toBe(true);
  expect(seen).toEqual(upTo(30));
  // The first page tells how large they are.
  expect(Math.max(...limits.slice(1))).toBeLessThanOrEqual(4);
});
