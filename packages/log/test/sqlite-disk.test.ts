import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { type Group, openSqliteLog } from '../src/index.ts';
import { event, everything, expectError, group, seqsOf, upTo } from './contract/samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A small disk of its own; none where this user may not mount one. */
function smallDisk(path: string): ({ remount(mode: 'ro' | 'rw'): void } & Disposable) | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'none', path], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return {
    remount: (mode) => void execFileSync('mount', ['-o', `remount,${mode}`, path]),
    [Symbol.dispose]: () => void execFileSync('umount', ['--lazy', path]),
  };
}

const NO_MOUNT = 'this user may not mount a small disk';
const fat = (n: number) => group([event(`${n}`, { body: JSON.stringify({ pad: 'x'.repeat(10_000) }) })]);

test('a full disk refuses appends as unwritable, still reads, and takes them again when there is room', async ({
  skip,
}) => {
  await using folder = await temporaryFolder();
  using disk = smallDisk(folder.path);
  if (!disk) return skip(NO_MOUNT);
  const log = await openSqliteLog({ directory: folder.path });
  const ballast = join(folder.path, 'ballast');
  await writeFile(ballast, Buffer.alloc(1_500_000));
  const written: Group[] = [];
  let error: unknown;
  while (!error) {
    const one = fat(written.length);
    await log.append('acme', [one]).then(
      () => written.push(one),
      (reason: unknown) => {
        error = reason;
      },
    );
  }
  expect(error).toMatchObject({ name: 'LogError', code: 'unwritable' });
  await expectError(log.append('acme', [fat(0)]), 'unwritable', /no room on the disk/);
  expect(seqsOf(await everything(log, 'acme'))).toEqual(upTo(written.length));

  await rm(ballast);
  const { groups, seq } = await log.append('acme', [written.at(-1)!, fat(0)]);
  expect(groups.map(({ status }) => status)).toEqual(['known', 'new']);
  expect(seq).toBe(written.length + 1);
  await log.close();
});

test('an append that finds no room does not take with it those that do', async ({ skip }) => {
  await using folder = await temporaryFolder();
  using disk = smallDisk(folder.path);
  if (!disk) return skip(NO_MOUNT);
  const log = await openSqliteLog({ directory: folder.path });
  const heard: number[] = [];
  log.watch((_, entries) => heard.push(...seqsOf(entries)));
  const huge = group([event('huge', { body: JSON.stringify({ pad: 'x'.repeat(8_000_000) }) })]);
  const results = await Promise.allSettled(
    [group([event('a')]), huge, group([event('b')])].map((one) => log.append('acme', [one])),
  );
  expect(results).toMatchObject([
    { status: 'fulfilled', value: { seq: 1 } },
    { status: 'rejected', reason: { code: 'unwritable' } },
    { status: 'fulfilled', value: { seq: 2 } },
  ]);
  expect(heard).toEqual([1, 2]);
  expect(seqsOf(await everything(log, 'acme'))).toEqual([1, 2]);
  await log.close();
});

test('a read-only folder is refused as unwritable', async ({ skip }) => {
  await using folder = await temporaryFolder();
  using disk = smallDisk(folder.path);
  if (!disk) return skip(NO_MOUNT);
  disk.remount('ro');
  await expectError(openSqliteLog({ directory: folder.path }), 'unwritable', new RegExp(folder.path));
  disk.remount('rw');
  const log = await openSqliteLog({ directory: folder.path });
  await log.append('acme', [group([event('a')])]);
  await log.close();
  disk.remount('ro');
  await expectError(openSqliteLog({ directory: folder.path }), 'unwritable', new RegExp(folder.path));
});

test('a path that is a file is refused as unwritable', async () => {
  await using folder = await temporaryFolder();
  const directory = join(folder.path, 'file');
  await writeFile(directory, '');
  await expectError(openSqliteLog({ directory }), 'unwritable', new RegExp(directory));
});

test('a log of a newer version is refused, and left as it is', async () => {
  await using folder = await temporaryFolder();
  const newer = new DatabaseSync(join(folder.path, 'log.db'));
  newer.exec('CREATE TABLE future (n); PRAGMA user_version = 99');
  newer.close();
  await expectError(openSqliteLog({ directory: folder.path }), 'newer', /newer version \(its schema is 99/);
  const after = new DatabaseSync(join(folder.path, 'log.db'));
  expect(after.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'future' }]);
  expect(after.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' });
  after.close();
});

test('a damaged file is refused, and a refusal leaves no lock behind', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'log.db');
  await writeFile(file, 'no database at all '.repeat(1000));
  await expectError(openSqliteLog({ directory: folder.path }), 'failed', /not a database/);
  await rm(file);
  const log = await openSqliteLog({ directory: folder.path });
  await log.close();
});

test('the log of a running node can be looked at from outside', async () => {
  await using folder = await temporaryFolder();
  const log = await openSqliteLog({ directory: folder.path });
  await log.append('acme', [group([event('a')])]);
  const tool = new DatabaseSync(join(folder.path, 'log.db'), { readOnly: true });
  expect(tool.prepare('SELECT count(*) AS count FROM events').get()).toEqual({ count: 1 });
  tool.close();
  await log.close();
});
