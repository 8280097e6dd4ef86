import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Retention, Trimmed } from '../log.ts';
import type { Domain, Domains } from './domains.ts';
import { Marks } from './marks.ts';
import type { Past } from './past.ts';
import { SEQ_BITS } from './schema.ts';
import { fromText, type Text } from './text.ts';

/** Records that one trim touches, roughly 10 ms; appends wait no longer than this for it. */
const SHARE = 2000;

/** Forgets what is no longer kept, a share at a time; within a transaction. */
export class Trimmer {
  readonly #past: Past;
  readonly #marks: Marks;
  readonly #domains: Domains;
  readonly #keepKeys: number;
  readonly #events: StatementSync;
  readonly #row: StatementSync;
  readonly #keys: StatementSync;
  readonly #forgetKeys: StatementSync;
  readonly #readers: StatementSync;
  readonly #setReader: StatementSync;
  readonly #dropReader: StatementSync;

  constructor(database: DatabaseSync, domains: Domains, past: Past, keepKeys: number) {
    this.#past = past;
    this.#marks = new Marks(database);
    this.#domains = domains;
    this.#keepKeys = keepKeys;
    this.#events = database.prepare(
      `SELECT id & ((1 << ${SEQ_BITS}) - 1) AS seq, subject, open FROM events
       WHERE id > (?1 << ${SEQ_BITS}) | ?2 AND id <= (?1 << ${SEQ_BITS}) | ?3 ORDER BY id LIMIT ${SHARE}`,
    );
    this.#row = database.prepare('SELECT seq FROM rows WHERE domain = ? AND subject = ?');
    this.#keys = database.prepare(`SELECT n, time FROM keys ORDER BY n LIMIT ${SHARE}`);
    this.#forgetKeys = database.prepare('DELETE FROM keys WHERE n <= ?');
    this.#readers = database.prepare('SELECT name, seq FROM readers WHERE domain = ? ORDER BY name');
    this.#setReader = database.prepare(
      `INSERT INTO readers (domain, name, seq) VALUES (?1, ?2, ?3)
       ON CONFLICT (domain, name) DO UPDATE SET seq = excluded.seq`,
    );
    this.#dropReader = database.prepare('DELETE FROM readers WHERE domain = ? AND name = ?');
  }

  trim(domain: Domain, { events = {}, waiting, ended, lasting = [] }: Retention): Trimmed {
    const now = Date.now();
    const before = { ...domain };
    const readers = (this.#readers.all(domain.id) as { name: Text; seq: number }[]).map(({ name, seq }) => ({
      reader: fromText(name),
      seq,
    }));
    const endedAge = ended === undefined ? undefined : Math.max(ended, this.#keepKeys);
    const ages = [events.age, waiting?.age, endedAge].filter((age) => age !== undefined);
    this.#marks.note(domain, ages, now);

    const needed = Math.min(...readers.map(({ seq }) => seq), Number.MAX_SAFE_INTEGER);
    const atLeast = waiting ? this.#marks.beyond(domain, waiting, now) : 0;
    const upTo = Math.min(this.#marks.beyond(domain, events, now), Math.max(needed, atLeast));
    let share = this.#forgetEvents(domain, upTo, SHARE);
    const endedUpTo = endedAge === undefined ? 0 : this.#marks.olderThan(domain, endedAge, now);
    share = this.#removeEnded(domain, Math.min(endedUpTo, domain.floor), lasting, share);
    share = this.#trimKeys(now - this.#keepKeys, share);
    if (domain.floor > before.floor || domain.ended > before.ended) this.#domains.save(domain);
    return { floor: domain.floor, more: share <= 0, behind: readers.filter(({ seq }) => seq < domain.floor) };
  }

  keepFor(domain: Domain, reader: Text, seq: number | undefined): void {
    if (seq === undefined) this.#dropReader.run(domain.id, reader);
    else this.#setReader.run(domain.id, reader, seq);
  }

  /** Raises the floor: what is not the last event of a row goes. @returns what is left of the share */
  #forgetEvents(domain: Domain, upTo: number, share: number): number {
    let left = share;
    const found = this.#between(domain, domain.floor, upTo);
    for (const { seq, subject } of found) {
      if (left <= 0) return left;
      const row = subject === null ? undefined : this.#row.get(domain.id, subject);
      left -= row?.seq === seq ? 1 : this.#past.forget(domain, seq);
      domain.floor = seq;
    }
    if (isAll(found)) domain.floor = Math.max(domain.floor, upTo);
    return left;
  }

  /** Below the floor there are only the last events of rows. */
  #removeEnded(domain: Domain, upTo: number, lasting: string[], share: number): number {
    let left = share;
    const found = this.#between(domain, domain.ended, upTo);
    for (const { seq, subject, open } of found) {
      if (left <= 0) return left;
      const stays = open === 1 || lasting.some((start) => fromText(subject!).startsWith(start));
      left -= stays ? 1 : this.#past.removeEnded(domain, subject!, seq);
      domain.ended = seq;
    }
    if (isAll(found)) domain.ended = Math.max(domain.ended, upTo);
    return left;
  }

  #between(domain: Domain, after: number, upTo: number) {
    return this.#events.all(domain.id, after, Math.max(after, upTo)) as unknown as {
      seq: number;
      subject: Text | null;
      open: number;
    }[];
  }

  #trimKeys(before: number, share: number): number {
    if (share <= 0) return share;
    const oldest = this.#keys.all() as { n: number; time: number }[];
    const young = oldest.findIndex(({ time }) => time >= before);
    const count = young < 0 ? oldest.length : young;
    if (count > 0) this.#forgetKeys.run(oldest[count - 1]!.n);
    return count === SHARE ? 0 : share;
  }
}

/** Whether nothing more can lie between: a look is no longer than a share. */
function isAll(found: readonly unknown[]): boolean {
  return found.length < SHARE;
}
