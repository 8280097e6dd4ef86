import type { DatabaseSync } from 'node:sqlite';

/** Bring the tables from each version to the next, from the first on; within a transaction. */
export const MIGRATIONS: readonly ((database: DatabaseSync) => void)[] = [toTwo, toThree];

/** The past may be forgotten and erased; bodies have a version; keys stand in the order of time. */
function toTwo(database: DatabaseSync): void {
  database.exec(`
    ALTER TABLE domains ADD COLUMN floor INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE domains ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;

    ALTER TABLE events ADD COLUMN prev INTEGER;
    ALTER TABLE events ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
    UPDATE events SET prev = before.seq FROM (
      SELECT id, lag(id & ((1 << 40) - 1)) OVER (PARTITION BY id >> 40, subject ORDER BY id) AS seq
      FROM events WHERE subject IS NOT NULL
    ) AS before WHERE before.id = events.id AND before.seq IS NOT NULL;

    ALTER TABLE keys RENAME TO old_keys;
    CREATE TABLE keys (
      n INTEGER PRIMARY KEY, domain INTEGER NOT NULL, key ANY NOT NULL, digest ANY, seq INTEGER NOT NULL,
      count INTEGER NOT NULL, time INTEGER NOT NULL
    ) STRICT;
    INSERT INTO keys (domain, key, digest, seq, count, time)
      SELECT domain, key, digest, seq, count, time FROM old_keys ORDER BY time;
    CREATE UNIQUE INDEX keys_by_name ON keys (domain, key);
    DROP TABLE old_keys;

    CREATE TABLE marks (
      domain INTEGER NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (domain, seq)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE readers (
      domain INTEGER NOT NULL, name ANY NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (domain, name)
    ) STRICT, WITHOUT ROWID;
  `);
}

/** What is open is found without a room, too. */
function toThree(database: DatabaseSync): void {
  database.exec(`
    INSERT INTO open_rows (room, subject)
      SELECT -rows.domain, rows.subject FROM rows
      JOIN events ON events.id = (rows.domain << 40) | rows.seq WHERE events.open = 1;
  `);
}
