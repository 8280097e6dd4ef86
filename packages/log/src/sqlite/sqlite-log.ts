import type { Worker } from 'node:worker_threads';
import type { Room, Subject } from '@netbuild/realtime-protocol';
import type { Lifting, Stamped } from '../lifting.ts';
import { Listeners } from '../listeners.ts';
import type {
  Appended,
  EntryPage,
  EveryRow,
  Group,
  Head,
  Hearer,
  Log,
  Meetings,
  Retention,
  RowPage,
  StoredRow,
  Trimmed,
  Watcher,
} from '../log.ts';
import { plainGroup } from '../plain-group.ts';
import { checkDomain, checkGroups, checkName, checkNames, checkNumber, checkRetention } from '../usage.ts';
import { Words } from '../words.ts';
import { WorkerLine } from './worker-line.ts';

/** The side of the embedded log that callers see: it refuses misuse, and passes the rest on to the worker. */
export class SqliteLog implements Log {
  readonly #watchers = new Listeners<Parameters<Watcher>>();
  readonly #words = new Words();
  readonly #line: WorkerLine;
  readonly #lifting: Lifting;

  constructor(worker: Worker, lifting: Lifting) {
    this.#line = new WorkerLine(worker, this.#watchers, lifting);
    this.#lifting = lifting;
  }

  async append(domain: string, groups: Group[]): Promise<Appended> {
    checkDomain(domain);
    checkGroups(groups);
    return this.#line.append(domain, groups.map(plainGroup));
  }

  async head(domain: string): Promise<Head> {
    checkDomain(domain);
    return this.#line.ask(domain, { ask: 'head' });
  }

  async read(domain: string, range: { after: number; rooms?: Room[]; limit: number }): Promise<EntryPage> {
    checkDomain(domain);
    const { after, rooms, limit } = range;
    checkNumber(after, 0, '`after`');
    checkNumber(limit, 1, 'the limit');
    if (rooms) checkNames(rooms, 'the rooms');
    return this.#liftPage(
      await this.#line.ask(domain, {
        ask: 'read',
        range: { after, limit, ...(rooms && { rooms: [...rooms] }) },
      }),
    );
  }

  async readBack(domain: string, range: { room: Room; before?: number; limit: number }): Promise<EntryPage> {
    checkDomain(domain);
    const { room, before, limit } = range;
    checkName(room, 'the room');
    if (before !== undefined) checkNumber(before, 0, '`before`');
    checkNumber(limit, 1, 'the limit');
    return this.#liftPage(
      await this.#line.ask(domain, {
        ask: 'readBack',
        range: { room, limit, ...(before !== undefined && { before }) },
      }),
    );
  }

  async rows(domain: string, subjects: Subject[]): Promise<StoredRow[]> {
    checkDomain(domain);
    checkNames(subjects, 'the subjects');
    const rows = await this.#line.ask<Stamped<StoredRow>[]>(domain, { ask: 'rows', subjects: [...subjects] });
    return rows.map((row) => this.#lifting.lift(row));
  }

  async snapshot(domain: string, page: { rooms?: Room[]; after?: Subject; limit: number }): Promise<RowPage> {
    checkDomain(domain);
    const { rooms, after, limit } = page;
    if (rooms) checkNames(rooms, 'the rooms');
    if (after !== undefined) checkName(after, '`after`');
    checkNumber(limit, 1, 'the limit');
    const found = await this.#line.ask<RowPage>(domain, {
      ask: 'snapshot',
      page: { limit, ...(rooms && { rooms: [...rooms] }), ...(after !== undefined && { after }) },
    });
    return { ...found, rows: found.rows.map((row) => this.#lifting.lift(row)) };
  }

  async everyRow(domain: string, page: { after?: string; limit: number }): Promise<EveryRow> {
    checkDomain(domain);
    const { after, limit } = page;
    if (after !== undefined) checkName(after, '`after`');
    checkNumber(limit, 1, 'the limit');
    const found = await this.#line.ask<EveryRow>(domain, {
      ask: 'everyRow',
      page: { limit, ...(after !== undefined && { after }) },
    });
    return { ...found, rows: found.rows.map((row) => this.#lifting.lift(row)) };
  }

  async meetings(domain: string, room: Room, others: Room[], limit: number): Promise<Meetings> {
    checkDomain(domain);
    checkName(room, 'the room');
    checkNames(others, 'the other rooms');
    checkNumber(limit, 1, 'the limit');
    const found = await this.#line.ask<Meetings>(domain, {
      ask: 'meetings',
      room,
      others: [...others],
      limit,
    });
    return { ...found, rows: found.rows.map((row) => this.#lifting.lift(row)) };
  }

  async trim(domain: string, retention: Retention): Promise<Trimmed> {
    checkDomain(domain);
    checkRetention(retention);
    const { events, waiting, ended, lasting } = retention;
    return this.#line.ask(domain, {
      ask: 'trim',
      retention: {
        ...(events && { events: { ...events } }),
        ...(waiting && { waiting: { ...waiting } }),
        ...(ended !== undefined && { ended }),
        ...(lasting && { lasting: [...lasting] }),
      },
    });
  }

  async keepFor(domain: string, reader: string, seq: number | undefined): Promise<void> {
    checkDomain(domain);
    checkName(reader, 'the reader');
    if (seq !== undefined) checkNumber(seq, 0, 'the position of the reader');
    await this.#line.ask(domain, { ask: 'keepFor', reader, seq });
  }

  domains(): Promise<string[]> {
    return this.#line.domains();
  }

  watch(watcher: Watcher): () => void {
    return this.#watchers.add(watcher);
  }

  cast(domain: string, text: string): void {
    this.#words.cast(domain, text);
  }

  hear(hearer: Hearer): () => void {
    return this.#words.hear(hearer);
  }

  async close(): Promise<void> {
    await this.#line.close();
    this.#watchers.clear();
    this.#words.clear();
  }

  #liftPage(page: EntryPage): EntryPage {
    return { ...page, entries: page.entries.map((entry) => this.#lifting.lift(entry)) };
  }
}
