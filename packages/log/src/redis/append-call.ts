import type { Subject } from '@netbuild/realtime-protocol';
import type { Entry, Group, GroupResult, Read, StoredRow } from '../log.ts';
import { fromName, toBody, toName } from './names.ts';
import { type Records, toHeader } from './records.ts';

/** What a script says of a group. */
export type RawResult =
  | ['new' | 'known', first: string, length: string]
  | ['conflict' | 'over']
  | ['fell', read: string]
  | ['moved', ...string[]];

/** Groups of one append that go into one call of the script. */
export interface Piece {
  groups: Group[];
  /** Index of the piece's first group in its append. */
  start: number;
  /** What became of the groups before it. */
  earlier: readonly GroupResult[];
  /** Index of its first group in the call. */
  at: number;
}

/** The arguments of the script for groups whose bodies are of a version. */
export function toArguments(piece: Piece, version: number): string[] {
  const args: string[] = [];
  for (const { key, digest, life, reads, erases = [], events } of piece.groups) {
    const mark = digest === undefined ? '' : `=${toName(digest)}`;
    args.push(
      toName(key),
      mark,
      life === undefined ? '' : toName(life),
      `${reads.length}`,
      `${erases.length}`,
      `${events.length}`,
    );
    for (const read of reads) args.push(toName(read.subject), ...expected(read, piece));
    args.push(...erases.map((erased) => (typeof erased === 'number' ? `#${erased}` : `/${toName(erased)}`)));
    for (const event of events) args.push(toHeader(event, version), toBody(event.body));
  }
  return args;
}

/** The positions at which a row must stand. Earlier groups may be in the same call, or long decided. */
function expected(read: Read, { start, earlier, at }: Piece): [kind: string, value: string] {
  if ('seq' in read) return ['seq', String(read.seq)];
  if (read.group >= start) return ['group', String(read.group - start + at)];
  const base = earlier[read.group]!;
  if (base.status !== 'new') return ['none', ''];
  return ['range', `${base.seqs[0]} ${base.seqs.at(-1)}`];
}

/** What became of a group. */
export function toResult(raw: RawResult, group: Group, records: Records): GroupResult {
  switch (raw[0]) {
    case 'new':
    case 'known': {
      const first = Number(raw[1]);
      return { status: raw[0], seqs: Array.from({ length: Number(raw[2]) }, (_, n) => first + n) };
    }
    case 'conflict':
    case 'over':
      return { status: raw[0] };
    case 'fell':
      return { status: 'fell', group: (group.reads[Number(raw[1])] as { group: number }).group };
    case 'moved': {
      const rows: { subject: Subject; row: StoredRow | undefined }[] = [];
      for (let n = 1; n < raw.length; n += 4) {
        const [name, seq, first, event] = raw.slice(n, n + 4) as [string, string, string, string];
        const row = seq === '0' ? undefined : records.row(name, seq, first, event);
        rows.push({ subject: fromName(name) as Subject, row });
      }
      return { status: 'moved', rows };
    }
  }
}

/** The entries that a group has become. */
export function toEntries(group: Group, result: GroupResult): Entry[] {
  if (result.status !== 'new') return [];
  return group.events.map((event, n) => ({ seq: result.seqs[n]!, ...event }));
}
