import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Room } from '@netbuild/realtime-protocol';
import type { Domain } from './domains.ts';
import type { RoomIds } from './room-ids.ts';
import { SEQ_BITS } from './schema.ts';
import type { Text } from './text.ts';

/** An event of the past: what is needed to take it out of it. */
interface PastEvent {
  subject: Text | null;
  prev: number | null;
  rooms: string;
  left: string;
  open: number;
}

/** Takes events and rows out of the past; within a transaction. */
export class Past {
  /** Whether something may still stand in the journal that is gone from the tables. */
  isUnswept = true;
  readonly #roomIds: RoomIds;
  readonly #event: StatementSync;
  readonly #delete: StatementSync;
  readonly #blank: StatementSync;
  readonly #leaveRoom: StatementSync;
  readonly #row: StatementSync;
  readonly #deleteRow: StatementSync;
  readonly #hide: StatementSync;

  constructor(database: DatabaseSync, roomIds: RoomIds) {
    this.#roomIds = roomIds;
    const at = `id = (?1 << ${SEQ_BITS}) | ?2`;
    this.#event = database.prepare(`SELECT subject, prev, rooms, left, open FROM events WHERE ${at}`);
    this.#delete = database.prepare(`DELETE FROM events WHERE ${at}`);
    this.#blank = database.prepare(
      `UPDATE events SET subject = NULL, prev = NULL, rooms = '[]', left = '[]', open = 0, body = '' WHERE ${at}`,
    );
    this.#leaveRoom = database.prepare('DELETE FROM room_events WHERE room = ? AND seq = ?');
    this.#row = database.prepare('SELECT seq FROM rows WHERE domain = ? AND subject = ?');
    this.#deleteRow = database.prepare('DELETE FROM rows WHERE domain = ? AND subject = ?');
    this.#hide = database.prepare('DELETE FROM open_rows WHERE room = ? AND subject = ?');
  }

  /**
   * Forgets an event below the floor.
   *
   * @returns how many records that took
   */
  forget(domain: Domain, seq: number): number {
    const event = this.#find(domain, seq);
    if (!event) return 1;
    this.isUnswept = true;
    this.#delete.run(domain.id, seq);
    return 1 + this.#takeOut(domain, seq, event);
  }

  /** Erases a subject: its row, and all its events. Their places stay. */
  erase(domain: Domain, subject: Text): void {
    const row = this.#row.get(domain.id, subject) as { seq: number } | undefined;
    if (!row) return;
    this.isUnswept = true;
    this.#deleteRow.run(domain.id, subject);
    for (let seq: number | null = row.seq; seq !== null; ) {
      const event = this.#find(domain, seq);
      // Those before it are forgotten.
      if (!event) return;
      if (seq === row.seq && event.open === 1) this.#hideIn(domain, subject, JSON.parse(event.rooms));
      this.#blank.run(domain.id, seq);
      this.#takeOut(domain, seq, event);
      seq = event.prev;
    }
  }

  /** Erases an event that has no subject; one that has is left to its subject. */
  eraseEvent(domain: Domain, seq: number): void {
    const event = seq > domain.floor && seq <= domain.seq ? this.#find(domain, seq) : undefined;
    if (!event || event.subject !== null) return;
    this.isUnswept = true;
    this.#blank.run(domain.id, seq);
    this.#takeOut(domain, seq, event);
  }

  /** Removes an ended row, whose last event is forgotten with it. */
  removeEnded(domain: Domain, subject: Text, seq: number): number {
    this.#deleteRow.run(domain.id, subject);
    return 1 + this.forget(domain, seq);
  }

  #find(domain: Domain, seq: number): PastEvent | undefined {
    return this.#event.get(domain.id, seq) as unknown as PastEvent | undefined;
  }

  #takeOut(domain: Domain, seq: number, { rooms, left }: PastEvent): number {
    const names = new Set([...(JSON.parse(rooms) as Room[]), ...(JSON.parse(left) as Room[])]);
    for (const name of names) {
      this.#leaveRoom.run(this.#roomIds.take(domain, name), seq);
      this.#roomIds.dropIfEmpty(domain, name);
    }
    return 2 * names.size;
  }

  #hideIn(domain: Domain, subject: Text, rooms: Room[]): void {
    for (const name of new Set(rooms)) this.#hide.run(this.#roomIds.take(domain, name), subject);
    this.#hide.run(-domain.id, subject);
  }
}
