import type { Room, Subject } from '@netbuild/realtime-protocol';
import { Listeners } from '../listeners.ts';
import type {
  Appended,
  EntryPage,
  EveryRow,
  Group,
  Head,
  Hearer,
  LeavingLog,
  Meetings,
  Retention,
  RowPage,
  StoredRow,
  Trimmed,
  Watcher,
} from '../log.ts';
import { LogError } from '../log-error.ts';
import { plainGroup } from '../plain-group.ts';
import { checkDomain, checkGroups, checkName, checkNames, checkNumber, checkRetention } from '../usage.ts';
import { Words } from '../words.ts';
import type { Connection } from './connection.ts';
import { createDomain, type Domain } from './domain.ts';
import { domainsKeyOf, fromName, toName } from './names.ts';
import type { Settings } from './settings.ts';
import type { Subscriber } from './subscriber.ts';

/** Domains that are compared at once. */
const COMPARED_AT_ONCE = 100;

/** Characters of words that may be under way: a second's worth of a busy node. */
const MOST_CASTING = 4 * 1024 * 1024;

/** The log in Redis: any number of processes may have it open. */
export class RedisLog implements LeavingLog {
  readonly #connection: Connection;
  readonly #subscriber: Subscriber;
  readonly #settings: Settings;
  readonly #watchers = new Listeners<Parameters<Watcher>>();
  readonly #words = new Words();
  /** Those in use since the log was opened: their watchers hear what other processes write. */
  readonly #domains = new Map<string, Domain>();
  /** Characters of words that are under way. */
  #casting = 0;
  #timer: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor(connection: Connection, subscriber: Subscriber, settings: Settings) {
    this.#connection = connection;
    this.#subscriber = subscriber;
    this.#settings = settings;
    // A server that was away may be another one now.
    connection.client.on('ready', () => void this.#compare());
    this.#tick();
  }

  async append(domain: string, groups: Group[]): Promise<Appended> {
    checkDomain(domain);
    checkGroups(groups);
    return this.#domain(domain).queue.add(groups.map(plainGroup));
  }

  async head(domain: string): Promise<Head> {
    checkDomain(domain);
    return this.#ask(domain, ({ reader }) => reader.head());
  }

  async read(domain: string, range: { after: number; rooms?: Room[]; limit: number }): Promise<EntryPage> {
    checkDomain(domain);
    checkNumber(range.after, 0, '`after`');
    checkNumber(range.limit, 1, 'the limit');
    if (range.rooms) checkNames(range.rooms, 'the rooms');
    return this.#ask(domain, ({ reader }) => reader.read(range));
  }

  async readBack(domain: string, range: { room: Room; before?: number; limit: number }): Promise<EntryPage> {
    checkDomain(domain);
    checkName(range.room, 'the room');
    if (range.before !== undefined) checkNumber(range.before, 0, '`before`');
    checkNumber(range.limit, 1, 'the limit');
    return this.#ask(domain, ({ reader }) => reader.readBack(range));
  }

  async rows(domain: string, subjects: Subject[]): Promise<StoredRow[]> {
    checkDomain(domain);
    checkNames(subjects, 'the subjects');
    return this.#domain(domain).reader.rows(subjects);
  }

  async snapshot(domain: string, page: { rooms?: Room[]; after?: Subject; limit: number }): Promise<RowPage> {
    checkDomain(domain);
    if (page.rooms) checkNames(page.rooms, 'the rooms');
    if (page.after !== undefined) checkName(page.after, '`after`');
    checkNumber(page.limit, 1, 'the limit');
    return this.#ask(domain, ({ reader }) => reader.snapshot(page));
  }

  async everyRow(domain: string, page: { after?: string; limit: number }): Promise<EveryRow> {
    checkDomain(domain);
    if (page.after !== undefined) checkName(page.after, '`after`');
    checkNumber(page.limit, 1, 'the limit');
    return this.#ask(domain, ({ reader }) => reader.everyRow(page));
  }

  async meetings(domain: string, room: Room, others: Room[], limit: number): Promise<Meetings> {
    checkDomain(domain);
    checkName(room, 'the room');
    checkNames(others, 'the other rooms');
    checkNumber(limit, 1, 'the limit');
    return this.#ask(domain, ({ reader }) => reader.meetings(room, others, limit));
  }

  async trim(domain: string, retention: Retention): Promise<Trimmed> {
    checkDomain(domain);
    checkRetention(retention);
    const { floor, more, behind } = await this.#ask(domain, ({ trimming }) => trimming.trim(retention));
    return { floor, more, behind };
  }

  async keepFor(domain: string, reader: string, seq: number | undefined): Promise<void> {
    checkDomain(domain);
    checkName(reader, 'the reader');
    if (seq !== undefined) checkNumber(seq, 0, 'the position of the reader');
    await this.#domain(domain).trimming.keepFor(reader, seq);
  }

  async letGo(
    domain: string,
    epoch: string,
    rows: readonly { subject: Subject; seq: number }[],
  ): Promise<number> {
    checkDomain(domain);
    checkName(epoch, 'the life');
    checkNames(
      rows.map(({ subject }) => subject),
      'the rows',
    );
    for (const { seq } of rows) checkNumber(seq, 1, 'the seq of a row');
    return this.#domain(domain).trimming.letGo(epoch, rows);
  }

  async domains(): Promise<string[]> {
    if (this.#closing) throw new LogError('closed', 'The log is closed.');
    const names = await this.#connection.command('SMEMBERS', [domainsKeyOf(this.#settings.prefix)]);
    return (names as string[]).map(fromName);
  }

  watch(watcher: Watcher): () => void {
    return this.#watchers.add(watcher);
  }

  cast(domain: string, text: string): void {
    this.#words.cast(domain, text);
    // What waits for a connection comes too late, and what waits for a slow one would grow without end.
    if (this.#closing || !this.#connection.isReady || this.#casting > MOST_CASTING) return;
    this.#casting += text.length;
    this.#connection
      .command('PUBLISH', [this.#domain(domain).wordsChannel, `${this.#settings.writer} ${toName(text)}`])
      .catch(() => undefined)
      .finally(() => {
        this.#casting -= text.length;
      });
  }

  hear(hearer: Hearer): () => void {
    return this.#words.hear(hearer);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Asks something whose answer says where the log stands. */
  async #ask<T extends { epoch: string; seq: number }>(
    name: string,
    question: (domain: Domain) => Promise<T>,
  ): Promise<T> {
    const domain = this.#domain(name);
    const answer = await question(domain);
    domain.follower.saw(answer.epoch, answer.seq);
    return answer;
  }

  #domain(name: string): Domain {
    if (this.#closing) throw new LogError('closed', 'The log is closed.');
    let domain = this.#domains.get(name);
    if (!domain) {
      domain = createDomain(name, this.#connection, this.#watchers, this.#settings);
      this.#domains.set(name, domain);
      this.#subscriber.add(domain.wakeChannel, domain);
      this.#subscriber.add(domain.wordsChannel, {
        wake: (message) => this.#heard(name, message),
        missed() {},
      });
    }
    return domain;
  }

  /** What this process has cast it has heard already. */
  #heard(domain: string, message: string): void {
    const { writer } = this.#settings;
    if (!message.startsWith(`${writer} `))
      this.#words.tell(domain, fromName(message.slice(message.indexOf(' ') + 1)));
  }

  #tick(): void {
    this.#timer = setTimeout(async () => {
      await Promise.all([this.#compare(), this.#subscriber.probe().catch(() => undefined)]);
      if (!this.#closing) this.#tick();
    }, this.#settings.compareEvery);
    this.#timer.unref();
  }

  async #compare(): Promise<void> {
    if (this.#watchers.isEmpty || !this.#connection.isReady) return;
    const domains = [...this.#domains.values()];
    for (let at = 0; at < domains.length && !this.#closing; at += COMPARED_AT_ONCE) {
      const some = domains.slice(at, at + COMPARED_AT_ONCE);
      await Promise.allSettled(some.map(({ follower }) => follower.compare()));
    }
  }

  async #close(): Promise<void> {
    clearTimeout(this.#timer);
    const domains = [...this.#domains.values()];
    await Promise.all(domains.map(({ queue }) => queue.drained()));
    for (const { follower } of domains) follower.close();
    this.#watchers.clear();
    this.#words.clear();
    this.#subscriber.close();
    await this.#connection.close();
  }
}
