import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { type Log, openSqliteLog } from '../src/index.ts';
import { startLogProcess } from './child.ts';
import { event, everything, expectError, group, seqsOf, upTo } from './contract/samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('a folder that another process has open is refused and named, until that process is killed', async () => {
  await using folder = await temporaryFolder();
  await using other = startLogProcess(folder.path, 'hold');
  await other.printed(1);
  await expectError(openSqliteLog({ directory: folder.path }), 'locked', new RegExp(folder.path));
  await expectError(openSqliteLog({ directory: folder.path }), 'locked', /in use by another process/);
  await other.kill();
  const log = await openSqliteLog({ directory: folder.path });
  expect(await log.head('acme')).toMatchObject({ seq: 0 });
  await log.close();
});

test('a folder that this process has open is refused, and a refusal takes nothing from who has it', async () => {
  await using folder = await temporaryFolder();
  const log = await openSqliteLog({ directory: folder.path });
  await expectError(openSqliteLog({ directory: folder.path }), 'locked', new RegExp(folder.path));
  await using other = startLogProcess(folder.path, 'hold');
  await expect(other.printed(1)).rejects.toThrow(/code: 'locked'/);
  expect(await log.append('acme', [group([event('a')])])).toMatchObject({ seq: 1 });
  await log.close();
});

test('whatever was acknowledged before a SIGKILL is there afterwards, without holes and in whole groups', async () => {
  await using folder = await temporaryFolder();
  for (const round of upTo(3)) {
    await using child = startLogProcess(join(folder.path, `${round}`), 'append');
    await child.printed(round * 300);
    await child.kill();
    const log = await openSqliteLog({ directory: join(folder.path, `${round}`) });
    const entries = await everything(log, 'acme');
    expect(seqsOf(entries)).toEqual(upTo(entries.length));
    expect(await log.head('acme')).toMatchObject({ seq: entries.length });
    // A line that the kill cut short has no key, and was not acknowledged.
    const acknowledged = child.lines.flatMap((line) => /^([\d,]+) (\d+)\/(\d+)\/(\d)$/.exec(line) ?? []);
    for (let at = 0; at < acknowledged.length; at += 5) {
      const [seqs, ...fact] = acknowledged.slice(at + 1, at + 5);
      const [caller, n, part] = fact.map(Number);
      for (const seq of seqs!.split(',').map(Number)) {
        expect(JSON.parse(entries[seq - 1]!.body)).toEqual({ caller, n, part });
      }
    }
    const facts = Map.groupBy(entries, ({ body }) => body);
    for (const [body, events] of facts) expect(events).toHaveLength(JSON.parse(body).part);
    await expectRowsToFollow(log);
    await log.close();
  }
});

test('when its thread crashes, what is pending is rejected, the log closes, and the folder is free', async () => {
  await using folder = await temporaryFolder();
  const started = new Promise<Worker>((resolve) => process.once('worker', resolve));
  const log = await openSqliteLog({ directory: folder.path });
  await log.append('acme', [group([event('a')])]);
  const thread = await started;
  const appends = upTo(5).map((n) => log.append('acme', [group([event(`${n}`)])]));
  // In the same turn: what it was sent it may have written, and answered, before it ends.
  const ended = thread.terminate();
  for (const append of appends) await expectError(append, 'failed', /thread of the log/);
  await ended;
  await expectError(log.head('acme'), 'closed', /closed/);
  await log.close();
  const again = await openSqliteLog({ directory: folder.path });
  const entries = await everything(again, 'acme');
  expect(seqsOf(entries)).toEqual(upTo(entries.length));
  await again.close();
});

test('the folder is made where there is none', async () => {
  await using folder = await temporaryFolder();
  const directory = join(folder.path, 'a', 'b');
  const log = await openSqliteLog({ directory });
  await access(join(directory, 'log.db'));
  await log.close();
});

/** Each row is the last event of its subject, and open rows alone are in the rooms of theirs. */
async function expectRowsToFollow(log: Log): Promise<void> {
  const last = new Map((await everything(log, 'acme')).map((entry) => [entry.subject!, entry]));
  const rows = await log.rows('acme', [...last.keys()]);
  expect(rows).toHaveLength(last.size);
  for (const row of rows) {
    const { left: _, ...entry } = last.get(row.subject)!;
    expect(row).toMatchObject(entry);
  }
  const rooms = [1, 2, 3, 4, 5, 6].map((caller) => `user:${caller}` as const);
  const shown = (await log.snapshot('acme', { rooms, limit: 10_000 })).rows.map(({ subject }) => subject);
  const open = [...last.values()].filter((entry) => entry.open).map((entry) => entry.subject!);
  expect(shown).toEqual(open.sort());
}
