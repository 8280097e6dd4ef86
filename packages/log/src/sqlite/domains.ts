import { randomBytes } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Life } from '@netbuild/realtime-protocol';
import { toText } from './text.ts';

/** What is known of a domain while its log is open. */
export interface Domain {
  id: number;
  /** Its head, with what the transaction under way has written. */
  seq: number;
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

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('SELECT id, seq FROM domains WHERE name = ?');
    this.#create = database.prepare('INSERT INTO domains (name, seq) VALUES (?, 0) RETURNING id, seq');
    this.#lives = database.prepare('SELECT number, epoch, start FROM lives WHERE domain = ? ORDER BY number');
    this.#begin = database.prepare('INSERT INTO lives (domain, number, epoch, start) VALUES (?, ?, ?, ?)');
    this.#forget = database.prepare('DELETE FROM lives WHERE domain = ? AND number <= ?');
    this.#save = database.prepare('UPDATE domains SET seq = ? WHERE id = ?');
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
    const { id, seq } = (this.#find.get(stored) ?? this.#create.get(stored)) as { id: number; seq: number };
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
      id,
      seq,
      lives: lives.slice(-MAX_LIVES).map(({ epoch, start }) => ({ epoch, from: start })),
      epoch: lives.at(-1)!.epoch,
    };
    this.#known.set(name, domain);
    return domain;
  }

  /** Stores the head; within the transaction that raised it. */
  save(domain: Domain): void {
    this.#save.run(domain.seq, domain.id);
  }

  /** After a rollback: what is in memory may not be on the disk. */
  reset(): void {
    this.#known.clear();
  }
}
