import type { Subject } from '@netbuild/realtime-protocol';
import type { Entry, Group, GroupResult, Retention, StoredRow } from '../src/index.ts';

/** What a log is, in a few lines, without a disk: each append is right if this says the same. */
export class ModelLog {
  /** All that was ever written. */
  readonly written: Entry[] = [];
  /** The same as it is now: what was erased is, and what was forgotten is still here. */
  readonly entries: Entry[] = [];
  readonly readers = new Map<string, number>();
  floor = 0;
  readonly #keys = new Map<string, { digest: string | undefined; seqs: number[] }>();

  append(groups: Group[]): GroupResult[] {
    const results: GroupResult[] = [];
    for (const group of groups) results.push(this.#decide(group, results));
    return results;
  }

  /** The row of a subject: its last event. */
  row(subject: Subject): StoredRow | undefined {
    const events = this.entries.filter((entry) => entry.subject === subject);
    const last = events.at(-1);
    if (!last) return undefined;
    const { seq, rooms, open, body } = last;
    return { subject, seq, first: events[0]!.seq, rooms, open, body };
  }

  /** By count alone; time is not a model's. @returns who is left behind */
  trim({ events, waiting }: Retention): string[] {
    const head = this.entries.length;
    const needed = Math.min(...this.readers.values());
    const atLeast = waiting ? head - waiting.count! : 0;
    this.floor = Math.max(this.floor, Math.min(head - events!.count!, Math.max(needed, atLeast)));
    return [...this.readers].filter(([, seq]) => seq < this.floor).map(([reader]) => reader);
  }

  /** What a reader of everything gets. */
  get readable(): Entry[] {
    return this.entries.slice(this.floor);
  }

  /** What the history of rooms is made of: below the floor, rows alone. */
  get history(): Entry[] {
    return this.entries.filter(
      ({ seq, subject }) => seq > this.floor || (subject && this.row(subject)?.seq === seq),
    );
  }

  #decide({ key, digest, reads, events, erases = [] }: Group, earlier: GroupResult[]): GroupResult {
    const known = this.#keys.get(key);
    if (known) {
      const differs = known.digest !== undefined && digest !== undefined && known.digest !== digest;
      return differs ? { status: 'conflict' } : { status: 'known', seqs: known.seqs };
    }
    const moved = new Map<Subject, StoredRow | undefined>();
    for (const read of reads) {
      const row = this.row(read.subject);
      let expected = [0];
      if ('group' in read) {
        const base = earlier[read.group]!;
        if (base.status !== 'new') return { status: 'fell', group: read.group };
        expected = base.seqs;
      } else expected = [read.seq];
      if (!expected.includes(row?.seq ?? 0)) moved.set(read.subject, row);
    }
    if (moved.size > 0)
      return { status: 'moved', rows: [...moved].map(([subject, row]) => ({ subject, row })) };
    for (const [at, { seq, subject }] of this.entries.entries()) {
      if (!erases.includes(subject ?? seq)) continue;
      this.entries[at] = { seq, erased: true, rooms: [], left: [], open: false, body: '' };
    }
    const seqs = events.map((event) => {
      const entry = { seq: this.entries.length + 1, ...event };
      this.written.push(entry);
      return this.entries.push(entry);
    });
    this.#keys.set(key, { digest, seqs });
    return { status: 'new', seqs };
  }
}
