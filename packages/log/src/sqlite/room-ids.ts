import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Domain } from './domains.ts';
import { toText } from './text.ts';

/** So many rooms are remembered before the memory starts afresh; about 20 MB. */
const REMEMBERED = 100_000;

/** The numbers of rooms. */
export class RoomIds {
  readonly #known = new Map<string, number>();
  readonly #find: StatementSync;
  readonly #create: StatementSync;
  readonly #drop: StatementSync;

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('SELECT id FROM rooms WHERE domain = ? AND name = ?');
    this.#create = database.prepare('INSERT INTO rooms (domain, name) VALUES (?, ?) RETURNING id');
    this.#drop = database.prepare(
      `DELETE FROM rooms WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM room_events WHERE room = ?1)
       AND NOT EXISTS (SELECT 1 FROM open_rows WHERE room = ?1)`,
    );
  }

  /** The number of a room; none where nothing was ever in it. */
  find(domain: Domain, name: string): number | undefined {
    const key = `${domain.id} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = this.#find.get(domain.id, toText(name)) as { id: number } | undefined;
    return found && this.#remember(key, found.id);
  }

  /** The number of a room, given one where it has none; within a transaction. */
  take(domain: Domain, name: string): number {
    const found = this.find(domain, name);
    if (found !== undefined) return found;
    const { id } = this.#create.get(domain.id, toText(name)) as { id: number };
    return this.#remember(`${domain.id} ${name}`, id);
  }

  /** Forgets a room in which nothing is any more; within a transaction. */
  dropIfEmpty(domain: Domain, name: string): void {
    const id = this.find(domain, name);
    if (id !== undefined && this.#drop.run(id).changes > 0) this.#known.delete(`${domain.id} ${name}`);
  }

  /** After a rollback: what is in memory may not be on the disk. */
  reset(): void {
    this.#known.clear();
  }

  #remember(key: string, id: number): number {
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(key, id);
    return id;
  }
}
