import { randomBytes } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Life } from '@netbuild/realtime-protocol';
import { fromText, type Text, toText } from './text.ts';

/** What is known of a domain while its log is open. */
export interface Domain {
  id: number;
  /** Its head, with what the transaction under way has written. */
  seq: number;
  /** The last event that was forgotten. */
  floor: number;
  /** Up to here the rows that have ended are removed. */
  ended: number;
  lives: Life[];
  epoch: string;
}

/** Lives beyond so many are forgotten, so that a node that restarts for years does not drag them all along. */
const MAX_LIVES = 1000;

/** The domains that were touched since the log was opened. At its first touch each begins a new life. */
export class Domains {
  readonly #known = new Map<string, Domain>();
  readonly #begun = new Set<string>();
  readonly #find: StatementSync;
  readonly #create: StatementSync;
  readonly #lives: StatementSync;
  readonly #begin: StatementSync;
  readonly #forget: StatementSync;
  readonly #save: StatementSync;
  readonly #names: StatementSync;

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('SELECT id, seq, floor, ended FROM domains WHERE name = ?');
    this.#create = database.prepare(
      'INSERT INTO domains (name, seq) VALUES (?, 0) RETURNING id, seq, floor, ended',
    );
    this.#lives = database.prepare('SELECT number, epoch, start FROM lives WHERE domain = ? ORDER BY number');
    this.#begin = database.prepare('INSERT INTO lives (domain, number, epoch, start) VALUES (?, ?, ?, ?)');
    this.#forget = database.prepare('DELETE FROM lives WHERE domain = ? AND number <= ?');
    this.#save = database.prepare('UPDATE domains SET seq = ?, floor = ?, ended = ? WHERE id = ?');
    this.#names = database.prepare('SELECT name FROM domains WHERE seq > 0');
  }

  /** A domain that was touched before. */
  known(name: string): Domain | undefined {
    return this.#known.get(name);
  }

  /** The domain, begun where need be; within a transaction. */
  touch(name: string): Domain {
    const known = this.#known.get(name);
    if (known) return known;
    const stored = toText(name);
    const found = (this.#find.get(stored) ?? this.#create.get(stored)) as unknown as Pick<
      Domain,
      'id' | 'seq' | 'floor' | 'ended'
    >;
    const { id, seq } = found;
    const lives = this.#lives.all(id) as unknown as { number: number; epoch: string; start: number }[];
    const last = lives.at(-1);
    if (!last || !this.#begun.has(last.epoch)) {
      const life = {
        number: (last?.number ?? 0) + 1,
        epoch: randomBytes(12).toString('base64url'),
        start: seq + 1,
      };
      this.#begin.run(id, life.number, life.epoch, life.start);
      this.#forget.run(id, life.number - MAX_LIVES);
      this.#begun.add(life.epoch);
      lives.push(life);
    }
    const domain: Domain = {
      ...found,
      lives: lives.slice(-MAX_LIVES).map(({ epoch, start }) => ({ epoch, from: start })),
      epoch: lives.at(-1)!.epoch,
    };
    this.#known.set(name, domain);
    return domain;
  }

  /** The names of all that were ever appended to. */
  names(): string[] {
    return this.#names.all().map(({ name }) => fromText(name as Text));
  }

  /** Stores where it stands; within the transaction that changed it. */
  save(domain: Domain): void {
    this.#save.run(domain.seq, domain.floor, domain.ended, domain.id);
  }

  /** After a rollback: what is in memory may not be on the disk. */
  reset(): void {
    this.#known.clear();
  }
}
