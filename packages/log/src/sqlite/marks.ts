import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Limit } from '../log.ts';
import type { Domain } from './domains.ts';

/** An age is known to such a part of it. */
const PRECISION = 0.01;

/** Know how old events are: now and then it is noted where a domain's head was at what time. */
export class Marks {
  readonly #last: StatementSync;
  readonly #add: StatementSync;
  readonly #olderThan: StatementSync;
  readonly #forget: StatementSync;

  constructor(database: DatabaseSync) {
    this.#last = database.prepare('SELECT seq, time FROM marks WHERE domain = ? ORDER BY seq DESC LIMIT 1');
    this.#add = database.prepare('INSERT INTO marks (domain, seq, time) VALUES (?, ?, ?)');
    this.#olderThan = database.prepare('SELECT max(seq) AS seq FROM marks WHERE domain = ? AND time <= ?');
    this.#forget = database.prepare('DELETE FROM marks WHERE domain = ? AND seq < ?');
  }

  /** Notes the head, as often as these ages ask for it; within a transaction. */
  note(domain: Domain, ages: number[], now: number): void {
    if (ages.length === 0) return;
    const last = this.#last.get(domain.id) as { seq: number; time: number } | undefined;
    const isDue = !last || now - last.time >= Math.min(...ages) * PRECISION;
    if (isDue && domain.seq > (last?.seq ?? 0)) this.#add.run(domain.id, domain.seq, now);
    this.#forget.run(domain.id, this.olderThan(domain, Math.max(...ages), now));
  }

  /** The last event that is surely so old; 0 where none is. */
  olderThan(domain: Domain, age: number, now: number): number {
    return (this.#olderThan.get(domain.id, now - age)?.seq as number | null) ?? 0;
  }

  /** The last event beyond a limit. */
  beyond(domain: Domain, { age, count }: Limit, now: number): number {
    return Math.max(
      age === undefined ? 0 : this.olderThan(domain, age, now),
      count === undefined ? 0 : domain.seq - count,
    );
  }
}
