import type { Subject } from '@netbuild/realtime-protocol';
import type { Entry, Group, GroupResult, StoredRow } from '../src/index.ts';

/** What a log is, in a few lines, without a disk: each append is right if this says the same. */
export class ModelLog {
  readonly entries: Entry[] = [];
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

  #decide({ key, digest, reads, events }: Group, earlier: GroupResult[]): GroupResult {
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
    const seqs = events.map((event) => this.entries.push({ seq: this.entries.length + 1, ...event }));
    this.#keys.set(key, { digest, seqs });
    return { status: 'new', seqs };
  }
}
