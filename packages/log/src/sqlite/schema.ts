import type { DatabaseSync } from 'node:sqlite';
import { LogError } from '../log-error.ts';
import { MIGRATIONS } from './migrations.ts';

/** The version of the tables below, kept as the database's `user_version`. */
const SCHEMA_VERSION = 3;

/** The bits of an event's id that hold its `seq`; above them stands the domain. */
export const SEQ_BITS = 40;

/** The highest `seq` that there is room for. */
export const MAX_SEQ = 2 ** SEQ_BITS - 1;

/**
 * - Texts are `ANY`, see `text.ts`. Domains and rooms are numbers in the tables that are written with every
 *   event: the indexes become a third as large, and what is busy now lies side by side.
 * - `events.id` is domain and seq in one number, so that the table itself is in the order of each domain's log
 *   and needs no index beside it. (With `WITHOUT ROWID` the bodies would stand in the inner pages of the tree.)
 * - A row does not hold its body but points at its last event, which is stored anyway: an update of a row then
 *   writes 60 bytes and not the body again, and erasing a body is erasing it in one place. So of what lies below
 *   the floor those events stay at which a row points, and in their rooms too.
 * - `events.prev` is the seq of the event that its subject had before: whoever erases a subject finds all of
 *   them, and no index by subject is paid for with each event. An erased event has the empty text as its body.
 * - `room_events` has the rooms that an event left, too. `open_rows` are the rows that snapshots show: by the
 *   number of a room, and once more by that of the domain, below zero, for who asks for all of them.
 * - A group's events stand one after the other, so a key holds the first and their number. Keys stand in the
 *   order in which they came, so that old ones are forgotten from the front, and the index beside them is small:
 *   ids that sources make up at random touch pages all over it. (It is of the keys themselves and not of digests:
 *   most sources count up, and then it is written at its end.)
 * - Events have no time of their own: `marks` say at what time the head was where. `ended`, of a domain: up to
 *   there the rows that have ended are removed.
 */
const TABLES = `
  CREATE TABLE domains (
    id INTEGER PRIMARY KEY, name ANY NOT NULL UNIQUE, seq INTEGER NOT NULL,
    floor INTEGER NOT NULL DEFAULT 0, ended INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE lives (
    domain INTEGER NOT NULL, number INTEGER NOT NULL, epoch TEXT NOT NULL, start INTEGER NOT NULL,
    PRIMARY KEY (domain, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE events (
    id INTEGER PRIMARY KEY, subject ANY, prev INTEGER, version INTEGER NOT NULL,
    rooms TEXT NOT NULL, left TEXT NOT NULL, open INTEGER NOT NULL, body ANY NOT NULL
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
    n INTEGER PRIMARY KEY, domain INTEGER NOT NULL, key ANY NOT NULL, digest ANY, seq INTEGER NOT NULL,
    count INTEGER NOT NULL, time INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX keys_by_name ON keys (domain, key);

  CREATE TABLE marks (
    domain INTEGER NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (domain, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE readers (
    domain INTEGER NOT NULL, name ANY NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (domain, name)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * Makes the tables where there are none, and brings those of earlier versions up to this one. It writes in any
 * case: a log that cannot be written to does not open.
 *
 * @throws LogError `newer` where a newer version made them.
 */
export function prepareSchema(database: DatabaseSync): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > SCHEMA_VERSION) {
    throw new LogError(
      'newer',
      `The log was written by a newer version (its schema is ${version}, this one knows ${SCHEMA_VERSION}).`,
    );
  }
  database.exec('BEGIN IMMEDIATE');
  if (version === 0) database.exec(TABLES);
  else for (const migrate of MIGRATIONS.slice(version - 1)) migrate(database);
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
}
