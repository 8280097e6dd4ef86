import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Room } from '@netbuild/realtime-protocol';
import type { Group, GroupResult, NewEvent, StoredRow } from '../log.ts';
import type { Domain } from './domains.ts';
import type { Past } from './past.ts';
import type { Records } from './records.ts';
import type { RoomIds } from './room-ids.ts';
import { SEQ_BITS } from './schema.ts';
import { fromText, type Text, toText } from './text.ts';

/** Compares and writes groups, one at a time, within a transaction. */
export class Writer {
  readonly #roomIds: RoomIds;
  readonly #records: Records;
  readonly #past: Past;
  readonly #version: number;
  readonly #key: StatementSync;
  readonly #addKey: StatementSync;
  readonly #addEvent: StatementSync;
  readonly #addToRoom: StatementSync;
  readonly #row: StatementSync;
  readonly #before: StatementSync;
  readonly #setRow: StatementSync;
  readonly #show: StatementSync;
  readonly #hide: StatementSync;

  /** @param version of the bodies that are written */
  constructor(database: DatabaseSync, roomIds: RoomIds, records: Records, past: Past, version: number) {
    this.#roomIds = roomIds;
    this.#records = records;
    this.#past = past;
    this.#version = version;
    this.#key = database.prepare('SELECT digest, seq, count FROM keys WHERE domain = ? AND key = ?');
    this.#addKey = database.prepare(
      'INSERT INTO keys (domain, key, digest, seq, count, time) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#addEvent = database.prepare(
      `INSERT INTO events (id, subject, prev, version, rooms, left, open, body)
       VALUES ((?1 << ${SEQ_BITS}) | ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`,
    );
    this.#addToRoom = database.prepare('INSERT INTO room_events (room, seq) VALUES (?, ?)');
    this.#row = database.prepare('SELECT seq FROM rows WHERE domain = ? AND subject = ?');
    this.#before = database.prepare(`SELECT rooms, open FROM events WHERE id = (?1 << ${SEQ_BITS}) | ?2`);
    this.#setRow = database.prepare(
      `INSERT INTO rows (domain, subject, seq, first) VALUES (?1, ?2, ?3, ?3)
       ON CONFLICT (domain, subject) DO UPDATE SET seq = excluded.seq`,
    );
    this.#show = database.prepare('INSERT INTO open_rows (room, subject) VALUES (?, ?)');
    this.#hide = database.prepare('DELETE FROM open_rows WHERE room = ? AND subject = ?');
  }

  /**
   * Writes one group, or says why not.
   *
   * @param earlier what became of the groups before it in the same append
   */
  write(domain: Domain, group: Group, earlier: GroupResult[]): GroupResult {
    const known = this.#known(domain, group);
    if (known) return known;
    if (group.life !== undefined && group.life !== domain.epoch) return { status: 'over' };
    return this.#compare(domain, group, earlier) ?? this.#write(domain, group);
  }

  #known(domain: Domain, group: Group): GroupResult | undefined {
    const known = this.#key.get(domain.id, toText(group.key)) as
      | { digest: Text | null; seq: number; count: number }
      | undefined;
    if (!known) return undefined;
    // Where either has no digest there is nothing to compare.
    if (known.digest !== null && group.digest !== undefined && fromText(known.digest) !== group.digest) {
      return { status: 'conflict' };
    }
    return { status: 'known', seqs: Array.from({ length: known.count }, (_, n) => known.seq + n) };
  }

  #compare(domain: Domain, group: Group, earlier: GroupResult[]): GroupResult | undefined {
    const moved = new Map<string, StoredRow | undefined>();
    for (const read of group.reads) {
      let from = 'seq' in read ? read.seq : 0;
      let to = from;
      if ('group' in read) {
        const base = earlier[read.group]!;
        // A known group fell in spirit: what it wrote long ago need not be what was folded on now.
        if (base.status !== 'new') return { status: 'fell', group: read.group };
        from = base.seqs[0]!;
        to = base.seqs.at(-1)!;
      }
      const seq = (this.#row.get(domain.id, toText(read.subject))?.seq as number | undefined) ?? 0;
      if (seq < from || seq > to) moved.set(read.subject, this.#records.row(domain, read.subject));
    }
    if (moved.size === 0) return undefined;
    return {
      status: 'moved',
      rows: [...moved].map(([subject, row]) => ({ subject: subject as StoredRow['subject'], row })),
    };
  }

  #write(domain: Domain, group: Group): GroupResult {
    for (const erased of group.erases ?? []) {
      if (typeof erased === 'number') this.#past.eraseEvent(domain, erased);
      else this.#past.erase(domain, toText(erased));
    }
    const first = domain.seq + 1;
    for (const event of group.events) this.#append(domain, event);
    const { length } = group.events;
    const digest = group.digest === undefined ? null : toText(group.digest);
    this.#addKey.run(domain.id, toText(group.key), digest, first, length, Date.now());
    return { status: 'new', seqs: Array.from({ length }, (_, n) => first + n) };
  }

  #append(domain: Domain, event: NewEvent): void {
    const seq = ++domain.seq;
    const subject = event.subject === undefined ? null : toText(event.subject);
    const before =
      subject === null ? undefined : (this.#row.get(domain.id, subject)?.seq as number | undefined);
    const rooms = JSON.stringify(event.rooms);
    const left = JSON.stringify(event.left);
    const open = event.open ? 1 : 0;
    const body = toText(event.body);
    this.#addEvent.run(domain.id, seq, subject, before ?? null, this.#version, rooms, left, open, body);
    for (const name of new Set([...event.rooms, ...event.left])) {
      this.#addToRoom.run(this.#roomIds.take(domain, name), seq);
    }
    if (subject === null) return;
    this.#setRow.run(domain.id, subject, seq);
    this.#move(domain, subject, before, event);
    // It was kept for its row alone.
    if (before !== undefined && before <= domain.floor) this.#past.forget(domain, before);
  }

  /** Brings the rooms in which a row is shown from those of its last event to those of this one. */
  #move(domain: Domain, subject: Text, before: number | undefined, { open, rooms }: NewEvent): void {
    const last = before === undefined ? undefined : this.#before.get(domain.id, before);
    const wasOpen = last?.open === 1;
    const old = new Set(wasOpen ? (JSON.parse(last.rooms as string) as Room[]) : []);
    const now = new Set(open ? rooms : []);
    for (const name of old) if (!now.has(name)) this.#hide.run(this.#roomIds.take(domain, name), subject);
    for (const name of now) if (!old.has(name)) this.#show.run(this.#roomIds.take(domain, name), subject);
    if (wasOpen && !open) this.#hide.run(-domain.id, subject);
    if (open && !wasOpen) this.#show.run(-domain.id, subject);
  }
}
