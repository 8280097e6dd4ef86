import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openSqliteLog } from '../src/index.ts';
import { event, everything, group, seqsOf, trimAll } from './contract/samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What the first version wrote: two domains, two subjects that were updated in turn, and one that has ended. */
const FIRST_VERSION = `
  CREATE TABLE domains (id INTEGER PRIMARY KEY, name ANY NOT NULL UNIQUE, seq INTEGER NOT NULL) STRICT;
  CREATE TABLE lives (
    domain INTEGER NOT NULL, number INTEGER NOT NULL, epoch TEXT NOT NULL, start INTEGER NOT NULL,
    PRIMARY KEY (domain, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE events (
    id INTEGER PRIMARY KEY, subject ANY, rooms TEXT NOT NULL, left TEXT NOT NULL, open INTEGER NOT NULL,
    body ANY NOT NULL
  ) STRICT;
  CREATE TABLE rooms (
    id INTEGER PRIMARY KEY, domain INTEGER NOT NULL, name ANY NOT NULL, UNIQUE (domain, name)
  ) STRICT;
  CREATE TABLE room_events (
    room INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (room, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE rows (
    domain INTEGER NOT NULL, subject ANY NOT NULL, seq INTEGER NOT NULL, first INTEGER NOT NULL,
    PRIMARY KEY (domain, subject)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE open_rows (
    room INTEGER NOT NULL, subject ANY NOT NULL, PRIMARY KEY (room, subject)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE keys (
    domain INTEGER NOT NULL, key ANY NOT NULL, digest ANY, seq INTEGER NOT NULL, count INTEGER NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (domain, key)
  ) STRICT, WITHOUT ROWID;

  INSERT INTO domains VALUES (1, 'acme', 5), (2, 'other', 1);
  INSERT INTO lives VALUES (1, 1, 'first', 1), (2, 1, 'another', 1);
  INSERT INTO rooms VALUES (1, 1, 'process:p'), (2, 2, 'process:p');
  INSERT INTO events VALUES
    ((1 << 40) | 1, 'task/a', '["process:p"]', '[]', 1, '{"n":1}'),
    ((1 << 40) | 2, 'task/b', '["process:p"]', '[]', 1, '{"n":2}'),
    ((1 << 40) | 3, 'task/a', '["process:p"]', '[]', 1, '{"n":3}'),
    ((1 << 40) | 4, NULL, '["process:p"]', '[]', 0, '{"n":4}'),
    ((1 << 40) | 5, 'task/a', '["process:p"]', '[]', 0, '{"n":5}'),
    ((2 << 40) | 1, 'task/a', '["process:p"]', '[]', 1, '{"n":1}');
  INSERT INTO room_events VALUES (1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (2, 1);
  INSERT INTO rows VALUES (1, 'task/a', 5, 1), (1, 'task/b', 2, 2), (2, 'task/a', 1, 1);
  INSERT INTO open_rows VALUES (1, 'task/b'), (2, 'task/a');
  INSERT INTO keys VALUES
    (1, 'k1', 'one', 1, 3, unixepoch() * 1000), (1, 'k2', NULL, 4, 2, unixepoch() * 1000),
    (1, 'old', NULL, 1, 1, 1000), (2, 'k1', NULL, 1, 1, unixepoch() * 1000);
  PRAGMA user_version = 1;
`;

test('a file of the first version is read, appended to, trimmed and erased as if it were of this one', async () => {
  await using folder = await temporaryFolder();
  const old = new DatabaseSync(join(folder.path, 'log.db'));
  old.exec(FIRST_VERSION);
  old.close();

  let log = await openSqliteLog({ directory: folder.path });
  expect((await everything(log, 'acme')).map(({ body }) => body)).toEqual(
    [1, 2, 3, 4, 5].map((n) => `{"n":${n}}`),
  );
  expect((await log.head('acme')).lives[0]).toEqual({ epoch: 'first', from: 1 });
  expect(await log.rows('acme', ['task/a', 'task/b'])).toMatchObject([
    { seq: 5, first: 1, open: false },
    { seq: 2, first: 2, open: true },
  ]);
  expect(await log.snapshot('acme', { limit: 9 })).toMatchObject({ rows: [{ subject: 'task/b' }] });
  expect(await log.snapshot('other', { limit: 9 })).toMatchObject({ rows: [{ subject: 'task/a' }] });
  const known = (key: string, digest?: string) => ({ ...group([]), key, ...(digest && { digest }) });
  const { groups } = await log.append('acme', [
    known('k1', 'one'),
    known('k1', 'two'),
    known('k2'),
    known('old'),
  ]);
  expect(groups).toEqual([
    { status: 'known', seqs: [1, 2, 3] },
    { status: 'conflict' },
    { status: 'known', seqs: [4, 5] },
    { status: 'known', seqs: [1] },
  ]);
  await log.append('acme', [group([], [], { erases: ['task/a'] }), group([event('b')])]);
  expect((await everything(log, 'acme')).map((entry) => entry.erased ?? entry.seq)).toEqual([
    true,
    2,
    true,
    4,
    true,
    6,
  ]);
  expect(seqsOf(await everything(log, 'other'))).toEqual([1]);

  await log.close();
  log = await openSqliteLog({ directory: folder.path });
  await trimAll(log, 'acme', { events: { count: 0 } });
  expect(await log.head('acme')).toMatchObject({ seq: 6, floor: 6 });
  expect((await log.append('acme', [known('old'), known('k2')])).groups).toMatchObject([
    { status: 'new' },
    { status: 'known' },
  ]);
  await log.close();
});
