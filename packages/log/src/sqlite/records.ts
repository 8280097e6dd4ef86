import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Room, Subject } from '@netbuild/realtime-protocol';
import type { Stamped } from '../lifting.ts';
import type { Entry, StoredRow } from '../log.ts';
import type { Domain } from './domains.ts';
import { SEQ_BITS } from './schema.ts';
import { fromText, type Text, toText } from './text.ts';

interface EventRecord {
  seq: number;
  subject: Text | null;
  rooms: string;
  left: string;
  open: number;
  version: number;
  body: Text;
}

/** Single events and rows, out of the database. Those of another version than the current one are stamped with it. */
export class Records {
  readonly #version: number;
  readonly #entry: StatementSync;
  readonly #range: StatementSync;
  readonly #row: StatementSync;

  constructor(database: DatabaseSync, version: number) {
    this.#version = version;
    const columns = `id & ((1 << ${SEQ_BITS}) - 1) AS seq, subject, rooms, left, open, version, body`;
    this.#entry = database.prepare(`SELECT ${columns} FROM events WHERE id = (?1 << ${SEQ_BITS}) | ?2`);
    this.#range = database.prepare(
      `SELECT ${columns} FROM events
       WHERE id > (?1 << ${SEQ_BITS}) | ?2 AND id <= (?1 << ${SEQ_BITS}) | ?3 ORDER BY id LIMIT ?4`,
    );
    this.#row = database.prepare(
      `SELECT rows.seq, rows.first, events.rooms, events.open, events.version, events.body
       FROM rows JOIN events ON events.id = (?1 << ${SEQ_BITS}) | rows.seq
       WHERE rows.domain = ?1 AND rows.subject = ?2`,
    );
  }

  /** The event at a position that has one. */
  entry(domain: Domain, seq: number): Stamped<Entry> {
    return this.#toEntry(this.#entry.get(domain.id, seq) as unknown as EventRecord);
  }

  /** Events after one position and up to another. */
  range(domain: Domain, after: number, upTo: number, limit: number): Stamped<Entry>[] {
    const found = this.#range.all(domain.id, after, upTo, limit) as unknown as EventRecord[];
    return found.map((record) => this.#toEntry(record));
  }

  /** The row of a subject. */
  row(domain: Domain, subject: Subject): Stamped<StoredRow> | undefined {
    const found = this.#row.get(domain.id, toText(subject)) as unknown as
      | (EventRecord & { first: number })
      | undefined;
    return (
      found && {
        subject,
        seq: found.seq,
        first: found.first,
        rooms: JSON.parse(found.rooms) as Room[],
        open: found.open === 1,
        body: fromText(found.body),
        ...this.#stamp(found),
      }
    );
  }

  #toEntry(found: EventRecord): Stamped<Entry> {
    return {
      seq: found.seq,
      ...(found.subject === null ? {} : { subject: fromText(found.subject) as Subject }),
      rooms: JSON.parse(found.rooms) as Room[],
      left: JSON.parse(found.left) as Room[],
      open: found.open === 1,
      body: fromText(found.body),
      ...(found.body === '' ? { erased: true } : this.#stamp(found)),
    };
  }

  #stamp({ version }: EventRecord): { version?: number } {
    return version === this.#version ? {} : { version };
  }
}
