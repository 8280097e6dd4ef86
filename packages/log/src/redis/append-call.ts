import type { Subject } from '@netbuild/realtime-protocol';
import type { Entry, Group, GroupResult, Read } from '../log.ts';
import { fromName, toBody, toName } from './names.ts';
import { toHeader, toRow } from './records.ts';

/** What a script says of a group. */
export type RawResult =
  | ['new' | 'known', first: string, length: string]
  | ['conflict']
  | ['fell', read: string]
  | ['moved', ...(string | null)[]];

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

/** The arguments of the script for a group. */
export function toArguments(piece: Piece): string[] {
  const args: string[] = [];
  for (const { key, digest, reads, events } of piece.groups) {
    const mark = digest === undefined ? '' : `=${toName(digest)}`;
    args.push(toName(key), mark, String(reads.length), String(events.length));
    for (const read of reads) args.push(toName(read.subject), ...expected(read, piece));
    for (const event of events) args.push(toHeader(event), toBody(event.body));
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
export function toResult(raw: RawResult, group: Group): GroupResult {
  switch (raw[0]) {
    case 'new':
    case 'known': {
      const first = Number(raw[1]);
      return { status: raw[0], seqs: Array.from({ length: Number(raw[2]) }, (_, n) => first + n) };
    }
    case 'conflict':
      return { status: 'conflict' };
    case 'fell':
      return { status: 'fell', group: (group.reads[Number(raw[1])] as { group: number }).group };
    case 'moved': {
      const rows: { subject: Subject; row: ReturnType<typeof toRow> | undefined }[] = [];
      for (let n = 1; n < raw.length; n += 2) {
        const [name, packed] = [raw[n]!, raw[n + 1]];
        rows.push({
          subject: fromName(name) as Subject,
          row: typeof packed === 'string' ? toRow(name, packed) : undefined,
        });
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
