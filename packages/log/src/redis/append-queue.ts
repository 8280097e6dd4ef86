import type { Appended, Entry, Group, GroupResult } from '../log.ts';
import { LogError } from '../log-error.ts';
import { type Piece, type RawResult, toArguments, toEntries, toResult } from './append-call.ts';
import type { Records } from './records.ts';

/** An append on its way into the log. */
interface Append {
  groups: Group[];
  /** Of the groups that are decided so far. */
  results: GroupResult[];
  /** The life in which its first groups were written. */
  epoch?: string;
  resolve: (appended: Appended) => void;
  reject: (error: unknown) => void;
}

/** What a call of the script answers. */
export interface CallResult {
  epoch: string;
  seq: number;
  settle: number;
  results: RawResult[];
}

/** Records that one call writes, so that no script runs long: Redis does nothing else meanwhile. */
const RECORDS = 5000;
/** Records that an erased subject counts for; how much it has, nobody knows before. */
const ERASED = 50;
/** Characters that one call carries; Redis holds them all before it begins. */
const CHARACTERS = 8_000_000;

/**
 * Appends of a domain that wait to be written. Whatever has come in while a call was under way is taken together
 * in the next; an append that is too long for one goes on in the one after. One call at a time: appends keep the
 * order in which they came, and a group that builds on one of an earlier call knows what became of it.
 */
export class AppendQueue {
  #waiting: Append[] = [];
  #pumping: Promise<void> | undefined;
  readonly #call: (count: number, args: string[]) => Promise<CallResult>;
  readonly #records: Records;
  readonly #version: number;
  readonly #written: (epoch: string, seq: number, entries: Entry[]) => Promise<void> | undefined;

  /**
   * @param call runs the script for so many groups
   * @param records read what the script answers
   * @param version of the bodies that are written
   * @param written hears of each call before its appends are answered
   */
  constructor(
    call: (count: number, args: string[]) => Promise<CallResult>,
    records: Records,
    version: number,
    written: (epoch: string, seq: number, entries: Entry[]) => Promise<void> | undefined,
  ) {
    this.#call = call;
    this.#records = records;
    this.#version = version;
    this.#written = written;
  }

  add(groups: Group[]): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ groups, results: [], resolve, reject });
      this.#pumping ??= this.#pump();
    });
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    while (this.#pumping) await this.#pumping;
  }

  async #pump(): Promise<void> {
    // Those that are made in the same breath go together.
    await null;
    while (this.#waiting.length > 0) {
      const taken = this.#take();
      try {
        await this.#write(taken);
      } catch (error) {
        // With the connection gone the others would each wait in vain, too.
        const lost = error instanceof LogError && error.code === 'failed';
        this.#drop(new Set(lost ? this.#waiting : taken.map(({ append }) => append)), error);
      }
    }
    // At once, and not when the promise settles: who comes in between would wait for nobody.
    this.#pumping = undefined;
  }

  async #write(taken: { append: Append; piece: Piece }[]): Promise<void> {
    const count = taken.reduce((sum, { piece }) => sum + piece.groups.length, 0);
    const { epoch, seq, settle, results } = await this.#call(
      count,
      taken.flatMap(({ piece }) => toArguments(piece, this.#version)),
    );
    const entries: Entry[] = [];
    const heads: number[] = [];
    for (const { append, piece } of taken) {
      piece.groups.forEach((group, n) => {
        const result = toResult(results[piece.at + n]!, group, this.#records);
        append.results.push(result);
        entries.push(...toEntries(group, result));
      });
      heads.push(entries.length);
    }
    await this.#written(epoch, seq, entries);
    // The head after each append, and not after all that went with it.
    const before = seq - entries.length;
    taken.forEach(({ append }, n) => {
      this.#answer(append, { epoch, seq: before + heads[n]!, settle });
    });
  }

  #answer(append: Append, { epoch, seq, settle }: Omit<Appended, 'groups'>): void {
    append.epoch ??= epoch;
    if (append.epoch !== epoch) {
      const error = new LogError('failed', 'a new life of the log began while this was being written');
      this.#drop(new Set([append]), error);
    } else if (append.results.length === append.groups.length) {
      this.#waiting.splice(this.#waiting.indexOf(append), 1);
      append.resolve({ epoch, seq, settle, groups: append.results });
    }
  }

  #drop(appends: Set<Append>, error: unknown): void {
    this.#waiting = this.#waiting.filter((append) => !appends.has(append));
    for (const append of appends) append.reject(error);
  }

  /** As much as one call may do, in order; at least one group. */
  #take(): { append: Append; piece: Piece }[] {
    const taken: { append: Append; piece: Piece }[] = [];
    let [records, characters, at] = [0, 0, 0];
    for (const append of this.#waiting) {
      const start = append.results.length;
      let end = start;
      while (end < append.groups.length && (at === 0 || (records < RECORDS && characters < CHARACTERS))) {
        const group = append.groups[end]!;
        records += 1 + group.reads.length + ERASED * (group.erases?.length ?? 0);
        for (const { rooms, left, body } of group.events) {
          records += 2 + 2 * (rooms.length + left.length);
          characters += body.length;
        }
        if (at > 0 && (records > RECORDS || characters > CHARACTERS)) break;
        end++;
        at++;
      }
      const groups = append.groups.slice(start, end);
      const piece = { groups, start, earlier: append.results, at: at - groups.length };
      taken.push({ append, piece });
      if (end < append.groups.length) break;
    }
    return taken;
  }
}
