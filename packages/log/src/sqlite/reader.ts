import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Room, Subject } from '@netbuild/realtime-protocol';
import type { EntryPage, EveryRow, Meetings, RowPage, StoredRow } from '../log.ts';
import type { Domain } from './domains.ts';
import type { Records } from './records.ts';
import type { RoomIds } from './room-ids.ts';
import { MAX_SEQ } from './schema.ts';
import { compareText, fromText, type Text, toText } from './text.ts';

/** Answers what is asked of a domain. Nothing writes while it does, so each answer is of one moment. */
export class Reader {
  readonly #roomIds: RoomIds;
  readonly #records: Records;
  readonly #after: StatementSync;
  readonly #before: StatementSync;
  readonly #open: StatementSync;
  readonly #openFrom: StatementSync;
  readonly #openAfter: StatementSync;
  readonly #every: StatementSync;

  constructor(database: DatabaseSync, roomIds: RoomIds, records: Records) {
    this.#roomIds = roomIds;
    this.#records = records;
    this.#after = database.prepare(
      'SELECT seq FROM room_events WHERE room = ? AND seq > ? ORDER BY seq LIMIT ?',
    );
    this.#before = database.prepare(
      'SELECT seq FROM room_events WHERE room = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
    );
    this.#open = database.prepare(
      'SELECT subject FROM open_rows WHERE room = ? AND subject > ? ORDER BY subject LIMIT ?',
    );
    this.#openFrom = database.prepare(
      'SELECT subject FROM open_rows WHERE room = ? AND subject >= ? ORDER BY subject LIMIT 1',
    );
    this.#openAfter = database.prepare(
      'SELECT subject FROM open_rows WHERE room = ? AND subject > ? ORDER BY subject LIMIT 1',
    );
    this.#every = database.prepare(
      'SELECT subject FROM rows WHERE domain = ? AND subject > ? ORDER BY subject LIMIT ?',
    );
  }

  read(domain: Domain, range: { after: number; rooms?: Room[]; limit: number }): EntryPage {
    const after = Math.min(Math.max(range.after, domain.floor), MAX_SEQ);
    const { epoch, seq, floor } = domain;
    if (!range.rooms) {
      const entries = this.#records.range(domain, after, domain.seq, range.limit + 1);
      const more = entries.length > range.limit;
      return { epoch, seq, floor, entries: more ? entries.slice(0, -1) : entries, more };
    }
    // Each room gives as much as the page could take of it; to sort all that they have would read it all.
    const seqs = new Set<number>();
    for (const room of this.#ids(domain, range.rooms)) {
      for (const found of this.#after.all(room, after, range.limit + 1)) seqs.add(found.seq as number);
    }
    const sorted = [...seqs].sort((a, b) => a - b);
    const entries = sorted.slice(0, range.limit).map((place) => this.#records.entry(domain, place));
    return { epoch, seq, floor, entries, more: sorted.length > range.limit };
  }

  readBack(domain: Domain, range: { room: Room; before?: number; limit: number }): EntryPage {
    const room = this.#roomIds.find(domain, range.room);
    const before = Math.min(range.before ?? MAX_SEQ, MAX_SEQ);
    const found = room === undefined ? [] : this.#before.all(room, before, range.limit + 1);
    const entries = found
      .slice(0, range.limit)
      .reverse()
      .map(({ seq }) => this.#records.entry(domain, seq as number));
    const { epoch, seq, floor } = domain;
    return { epoch, seq, floor, entries, more: found.length > range.limit };
  }

  rows(domain: Domain, subjects: Subject[]): StoredRow[] {
    return [...new Set(subjects)]
      .map((subject) => this.#records.row(domain, subject))
      .filter((row) => row !== undefined);
  }

  snapshot(domain: Domain, page: { rooms?: Room[]; after?: Subject; limit: number }): RowPage {
    const after = toText(page.after ?? '');
    const subjects = new Set<string>();
    for (const room of page.rooms ? this.#ids(domain, page.rooms) : [-domain.id]) {
      for (const { subject } of this.#open.all(room, after, page.limit + 1))
        subjects.add(fromText(subject as Text));
    }
    const sorted = [...subjects].sort(compareText) as Subject[];
    const shown = sorted.slice(0, page.limit);
    const rows = shown.map((subject) => this.#records.row(domain, subject)!);
    const next = sorted.length > page.limit ? { next: shown.at(-1)! } : {};
    return { epoch: domain.epoch, seq: domain.seq, rows, ...next };
  }

  everyRow(domain: Domain, page: { after?: string; limit: number }): EveryRow {
    const found = this.#every.all(domain.id, toText(page.after ?? ''), page.limit + 1);
    const names = found.slice(0, page.limit).map(({ subject }) => fromText(subject as Text) as Subject);
    const rows = names.map((subject) => this.#records.row(domain, subject)!);
    return {
      epoch: domain.epoch,
      seq: domain.seq,
      rows,
      ...(found.length > page.limit && { next: names.at(-1)! }),
    };
  }

  meetings(domain: Domain, room: Room, others: Room[], limit: number): Meetings {
    const one = this.#roomIds.find(domain, room);
    const subjects = new Set<Subject>();
    for (const other of one === undefined ? [] : this.#ids(domain, others)) {
      for (const subject of this.#common(one!, other)) {
        subjects.add(subject);
        if (subjects.size > limit) break;
      }
    }
    const { epoch, seq } = domain;
    const rows = [...subjects].slice(0, limit).map((subject) => this.#records.row(domain, subject)!);
    return { epoch, seq, rows, more: subjects.size > limit };
  }

  /** Leaps through both rooms in turn, so that the smaller one decides how long it takes. */
  *#common(one: number, other: number): Generator<Subject> {
    let [room, next, from] = [one, other, this.#openFrom];
    let at: Text = '';
    for (let agreed = 0; ; ) {
      const found = from.get(room, at) as { subject: Text } | undefined;
      if (!found) return;
      agreed = fromText(found.subject) === fromText(at) ? agreed + 1 : 1;
      at = found.subject;
      from = this.#openFrom;
      [room, next] = [next, room];
      if (agreed < 2) continue;
      yield fromText(at) as Subject;
      agreed = 0;
      from = this.#openAfter;
    }
  }

  #ids(domain: Domain, rooms: Room[]): number[] {
    return [...new Set(rooms)]
      .map((name) => this.#roomIds.find(domain, name))
      .filter((id) => id !== undefined);
  }
}
