import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Log, openSqliteLog } from '@netbuild/realtime-log';
import { expect, onTestFinished, test } from 'vitest';
import type { Channel } from '../src/delivery/delivery.ts';
import { createReplay } from '../src/delivery/replay.ts';

/** A log whose second life begins at 31. */
async function twoLives(): Promise<{ log: Log; first: Awaited<ReturnType<Log['head']>> }> {
  const directory = await mkdtemp(join(tmpdir(), 'replay-test-'));
  const before = await openSqliteLog({ directory });
  const event = { rooms: ['user:alice' as const], left: [], open: false, body: '{}' };
  const groups = Array.from({ length: 30 }, (_, n) => ({ key: `${n}`, reads: [], events: [event] }));
  await before.append('acme', groups);
  const first = await before.head('acme');
  await before.close();
  const log = await openSqliteLog({ directory });
  onTestFinished(async () => {
    await log.close();
    await rm(directory, { recursive: true });
  });
  return { log, first };
}

/** A node that remembers nothing, so the log is asked. */
const forgetful = { tail: { lives: [] }, recent: { since: () => undefined } } as unknown as Channel;

test('A life that begins while a resume is read costs nobody a position that is good in it, too', async () => {
  const { log, first } = await twoLives();
  let asked = 0;
  const overtaken = {
    ...log,
    head: async (domain: string) => (++asked === 1 ? first : log.head(domain)),
    read: log.read.bind(log),
  };
  const replay = createReplay(overtaken);
  const since = { epoch: first.epoch, seq: 3 };
  const found = await replay('acme', forgetful, ['user:alice'], since, 100);
  expect(found).toMatchObject({ epoch: (await log.head('acme')).epoch, seq: 30, more: false });
  expect(found?.owed.map(({ item }) => item.entry.seq)).toEqual(Array.from({ length: 27 }, (_, n) => n + 4));
});

test('A log that begins one life after the other is not read for ever', async () => {
  const { log, first } = await twoLives();
  let asked = 0;
  const restless = {
    ...log,
    head: async () => {
      asked++;
      return first;
    },
    read: log.read.bind(log),
  };
  const since = { epoch: first.epoch, seq: 3 };
  expect(await createReplay(restless)('acme', forgetful, ['user:alice'], since, 100)).toBeUndefined();
  expect(asked).toBe(5);
});
