import { randomBytes } from 'node:crypto';
import type { Life, Room, Subject } from '@netbuild/realtime-protocol';
import type { EntryPage, EveryRow, Head, Meetings, RowPage, StoredRow } from '../log.ts';
import { LogError } from '../log-error.ts';
import type { Connection } from './connection.ts';
import { type DomainKeys, toName } from './names.ts';
import {
  BEGIN,
  ENTER_OPEN,
  EVERY_ROW,
  HEAD,
  MEETINGS,
  READ,
  READ_BACK,
  READ_ROOMS,
  ROWS,
  SNAPSHOT,
} from './reading-scripts.ts';
import type { Records } from './records.ts';
import type { Script } from './scripts.ts';

type RawPage = [epoch: string, seq: string, floor: string, found: string[], more: number];

/** Rows that one script reads, so that none runs long. */
const ROWS_AT_ONCE = 5000;

/** Where a page of every row starts: the life, and a cursor that is good in it alone. */
const START = /^([\w-]*):(\d{1,20})$/;

/** A random id of a life. */
export function newEpoch(): string {
  return randomBytes(12).toString('base64url');
}

/** Answers what is asked of a domain. Each answer is of one moment, since Redis runs one script at a time. */
export class Reader {
  readonly #connection: Connection;
  readonly #keys: DomainKeys;
  readonly #records: Records;

  constructor(connection: Connection, keys: DomainKeys, records: Records) {
    this.#connection = connection;
    this.#keys = keys;
    this.#records = records;
  }

  async head(): Promise<Head> {
    const [epoch, seq, floor, stored] = (await this.#ask(HEAD, [])) as [string, string, string, string[]];
    const lives = stored.map((text): Life => {
      const [name, from] = text.split(' ') as [string, string];
      return { epoch: name, from: Number(from) };
    });
    return { epoch, seq: Number(seq), floor: Number(floor), lives };
  }

  async read(range: { after: number; rooms?: Room[]; limit: number }): Promise<EntryPage> {
    const { after, rooms, limit } = range;
    if (rooms) {
      const names = [...new Set(rooms)].map(toName);
      return this.#page((await this.#ask(READ_ROOMS, [`${after}`, `${limit}`, ...names])) as RawPage);
    }
    const answer = await this.#ask(READ, [`${after}`, `${limit}`]);
    const [epoch, seq, floor, start, found, more] = answer as [
      string,
      string,
      string,
      string,
      string[],
      number,
    ];
    return {
      epoch,
      seq: Number(seq),
      floor: Number(floor),
      entries: found.map((stored, n) => this.#records.entry(Number(start) + n, stored)),
      more: more === 1,
    };
  }

  async readBack(range: { room: Room; before?: number; limit: number }): Promise<EntryPage> {
    const { room, before, limit } = range;
    const least = before === undefined ? '+inf' : `(${before}`;
    const page = this.#page((await this.#ask(READ_BACK, [least, `${limit}`, toName(room)])) as RawPage);
    page.entries.reverse();
    return page;
  }

  async rows(subjects: Subject[]): Promise<StoredRow[]> {
    const names = [...new Set(subjects)].map(toName);
    const rows: StoredRow[] = [];
    for (let at = 0; at < names.length; at += ROWS_AT_ONCE) {
      const part = names.slice(at, at + ROWS_AT_ONCE);
      rows.push(...this.#records.rows((await this.#ask(ROWS, part)) as string[]));
    }
    return rows;
  }

  async snapshot(page: { rooms?: Room[]; after?: Subject; limit: number }): Promise<RowPage> {
    const after = page.after === undefined ? '' : toName(page.after);
    if (!page.rooms) await this.#enterOpen();
    const rooms = page.rooms ? [...new Set(page.rooms)].map(toName) : [''];
    const answer = await this.#ask(SNAPSHOT, [after, `${page.limit}`, ...rooms]);
    const [epoch, seq, found, more] = answer as [string, string, string[], number];
    const rows = this.#records.rows(found);
    return { epoch, seq: Number(seq), rows, ...(more === 1 && { next: rows.at(-1)!.subject }) };
  }

  async everyRow({ after = ':0', limit }: { after?: string; limit: number }): Promise<EveryRow> {
    const start = START.exec(after);
    if (!start) throw new LogError('misused', '`after` is not the `next` of a page');
    const answer = await this.#ask(EVERY_ROW, [`${limit}`, ...start.slice(1)]);
    const [epoch, seq, next, found] = answer as [string, string, string, string[]];
    return {
      epoch,
      seq: Number(seq),
      rows: this.#records.rows(found),
      ...(next !== '0' && { next: `${epoch}:${next}` }),
    };
  }

  async meetings(room: Room, others: Room[], limit: number): Promise<Meetings> {
    const names = [...new Set(others)].map(toName);
    const answer = await this.#ask(MEETINGS, [`${limit}`, toName(room), ...names]);
    const [epoch, seq, found, more] = answer as [string, string, string[], number];
    return { epoch, seq: Number(seq), rows: this.#records.rows(found), more: more === 1 };
  }

  /** Sees to it that the room without a name has all that is open; earlier versions did not have it. */
  async #enterOpen(): Promise<void> {
    const { base, meta, lives, rows } = this.#keys;
    let cursor = '0';
    do {
      const keys = [meta, lives, rows];
      cursor = (await this.#connection.run(ENTER_OPEN, keys, [base, newEpoch(), cursor])) as string;
    } while (cursor !== '0');
  }

  /** Asks, and begins a life where one is due. */
  async #ask(script: Script, args: string[]): Promise<unknown> {
    const { base, meta, lives, rows } = this.#keys;
    // Twice at most, unless the master changes between any two calls.
    for (let attempt = 0; attempt < 3; attempt++) {
      const answer = await this.#connection.run(script, [meta, lives, rows], [base, ...args]);
      if (answer !== null) return answer;
      await this.#connection.run(BEGIN, [meta, lives], [base, newEpoch()]);
    }
    throw new LogError('failed', 'Redis changes its master all the time');
  }

  #page([epoch, seq, floor, found, more]: RawPage): EntryPage {
    const entries = this.#records.entries(found);
    return { epoch, seq: Number(seq), floor: Number(floor), entries, more: more === 1 };
  }
}
