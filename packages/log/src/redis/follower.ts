import type { Life } from '@netbuild/realtime-protocol';
import type { Listeners } from '../listeners.ts';
import type { Entry, Watcher } from '../log.ts';
import type { Reader } from './reader.ts';

/** Entries that are read at once where watchers have fallen behind. */
const PAGE = 1000;

/**
 * Brings a domain's entries to the watchers of this process, whoever wrote them: each once, in order, without
 * holes. Where they stand is its cursor. Whatever says that there is more (an own append, a wake-up, the
 * comparison on a timer) only makes it look; what it hands on, it has written itself or read from the log.
 */
export class Follower {
  readonly #domain: string;
  readonly #reader: Pick<Reader, 'head' | 'read'>;
  readonly #watchers: Listeners<Parameters<Watcher>>;
  /** The life in which the cursor stands; none until the domain is first seen. */
  #epoch: string | undefined;
  #seq = 0;
  #lives: Life[] = [];
  #reading: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #isClosed = false;

  constructor(
    domain: string,
    reader: Pick<Reader, 'head' | 'read'>,
    watchers: Listeners<Parameters<Watcher>>,
  ) {
    this.#domain = domain;
    this.#reader = reader;
    this.#watchers = watchers;
  }

  /** Where an answer says that the log stands. The first one sets the cursor: watchers hear what comes after. */
  saw(epoch: string, seq: number): void {
    if (this.#epoch === undefined) this.#move(epoch, seq);
    else if (epoch !== this.#epoch || seq > this.#seq) this.catchUp().catch(() => undefined);
  }

  /**
   * What this process has just written. Handed on at once where it is next in line.
   *
   * @returns a promise where the log must be read first
   */
  wrote(epoch: string, seq: number, entries: Entry[]): Promise<void> | undefined {
    const before = entries.length > 0 ? entries[0]!.seq - 1 : seq;
    if (this.#epoch === undefined) this.#move(epoch, before);
    if (epoch === this.#epoch && before === this.#seq) {
      this.#handOn(entries);
      return undefined;
    }
    if (epoch === this.#epoch && seq <= this.#seq) return undefined;
    // It is written whatever becomes of the reading; the comparison on the timer tries again.
    return this.catchUp().catch(() => undefined);
  }

  /** Asks where the log stands, and catches up where that is elsewhere. */
  async compare(): Promise<void> {
    const { epoch, seq, lives } = await this.#reader.head();
    if (epoch === this.#epoch) this.#lives = lives;
    this.saw(epoch, seq);
    await this.#reading;
  }

  /** Reads the log up to its head, as it is now or later: a reading that is under way may have looked too early. */
  catchUp(): Promise<void> {
    if (!this.#reading) return this.#start();
    this.#next ??= this.#reading.catch(() => undefined).then(() => this.#start());
    return this.#next;
  }

  close(): void {
    this.#isClosed = true;
  }

  #start(): Promise<void> {
    this.#next = undefined;
    const reading = this.#readOn().finally(() => {
      // One that was called meanwhile comes next; nobody may begin before it.
      this.#reading = this.#next;
    });
    this.#reading = reading;
    return reading;
  }

  async #readOn(): Promise<void> {
    for (let more = true; more && !this.#isClosed; ) {
      if (this.#watchers.isEmpty) return this.#skip();
      const page = await this.#reader.read({ after: this.#seq, limit: PAGE });
      if (page.epoch !== this.#epoch) await this.#turn();
      else {
        // An own append may have handed on some of them while the log was read.
        this.#handOn(page.entries.filter(({ seq }) => seq > this.#seq));
        more = page.more;
        // What retention took from the end is no hole either.
        if (!more) this.#seq = Math.max(this.#seq, page.seq);
      }
    }
  }

  /** Nobody listens: what there is need not be read. */
  async #skip(): Promise<void> {
    const { epoch, seq, lives } = await this.#reader.head();
    this.#lives = lives;
    this.#move(epoch, seq);
  }

  /** A new life: back to where it forked off from what was handed on. */
  async #turn(): Promise<void> {
    const { epoch, lives } = await this.#reader.head();
    this.#move(epoch, Math.min(this.#seq, forkOf(this.#epoch!, this.#lives, lives) - 1));
    this.#lives = lives;
  }

  #handOn(entries: Entry[]): void {
    if (entries.length === 0) return;
    this.#seq = entries.at(-1)!.seq;
    this.#watchers.tell(this.#domain, entries, this.#epoch!);
  }

  #move(epoch: string, seq: number): void {
    this.#epoch = epoch;
    this.#seq = seq;
  }
}

/**
 * The first seq that need not be the same in two states of a log. Lives that both know they have lived together.
 *
 * @param epoch the last life of the earlier state
 * @param before its lives, as far as they were seen
 * @param now the lives of the later state
 */
function forkOf(epoch: string, before: readonly Life[], now: readonly Life[]): number {
  const own = now.findIndex((life) => life.epoch === epoch);
  if (own >= 0) return Math.min(...now.slice(own + 1).map(({ from }) => from), Number.MAX_SAFE_INTEGER);
  const shared = before.findLast((life) => now.some((other) => other.epoch === life.epoch));
  if (!shared || before.at(-1)!.epoch !== epoch) return 1;
  const after = [before, now].flatMap((lives) =>
    lives.slice(lives.findIndex((life) => life.epoch === shared.epoch) + 1),
  );
  return Math.min(...after.map(({ from }) => from));
}
