import { join } from 'node:path';
import type { Subject } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';
import { openRedisLog, openSqliteLog } from '../src/index.ts';
import { startLogProcess } from './child.ts';
import { everything, seqsOf, upTo } from './contract/samples.ts';
import { expectLinkedOnce } from './link-killed.ts';
import { startRedis, whyNoRedis } from './redis-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('a SIGKILL while it trims leaves no hole above the floor, and each row with its last event in its rooms', async () => {
  await using folder = await temporaryFolder();
  for (const round of upTo(3)) {
    const directory = join(folder.path, `${round}`);
    await using child = startLogProcess(directory, 'trim');
    await child.printed(round * 400);
    await child.kill();
    const log = await openSqliteLog({ directory });
    const { floor, seq } = await log.head('acme');
    expect(floor).toBeGreaterThan(0);
    const entries = await everything(log, 'acme');
    expect(seqsOf(entries)).toEqual(upTo(seq).slice(floor));
    const last = new Map(entries.map((entry) => [entry.subject!, entry.seq]));
    for (const caller of upTo(6)) {
      const subjects = upTo(50).map((n): Subject => `task/${caller}-${n - 1}`);
      const rows = await log.rows('acme', subjects);
      for (const row of rows) expect(row.seq).toBe(last.get(row.subject) ?? Math.min(row.seq, floor));
      for (const subject of subjects.filter((name) => last.has(name)))
        expect(rows.some((row) => row.subject === subject)).toBe(true);
      const room = `user:${caller}` as const;
      const history = await log.readBack('acme', { room, limit: 100_000 });
      const below = seqsOf(history.entries).filter((place) => place <= floor);
      expect(below).toEqual(
        seqsOf(rows)
          .filter((place) => place <= floor)
          .sort((a, b) => a - b),
      );
      const shown = (await log.snapshot('acme', { rooms: [room], limit: 100 })).rows;
      expect(seqsOf(shown).sort()).toEqual(seqsOf(rows.filter(({ open }) => open)).sort());
    }
    await log.close();
  }
}, 60_000);

describe('a link that republishes 10,000 open tasks and is killed half-way does the remainder when it is repeated', () => {
  test('in SQLite', async () => {
    await using folder = await temporaryFolder();
    await expectLinkedOnce(folder.path, () => openSqliteLog({ directory: folder.path }));
  }, 60_000);

  test.skipIf(whyNoRedis())(
    'in Redis',
    async () => {
      await using server = await startRedis();
      await expectLinkedOnce(server.url, () => openRedisLog({ url: server.url }));
    },
    60_000,
  );
});
