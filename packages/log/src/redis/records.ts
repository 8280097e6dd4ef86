import type { Room, Subject } from '@netbuild/realtime-protocol';
import type { Entry, NewEvent, StoredRow } from '../log.ts';
import { fromName, fromNames, toName, toNames } from './names.ts';

/** An entry as Redis answers it: its id, and its fields with their values in turn. */
export type RawEntry = [id: string, fields: [h: string, header: string, b: string, body: string]];

/** All of an event but its body, as the stream keeps it. */
export function toHeader({ open, subject, rooms, left }: NewEvent): string {
  return `${open ? 1 : 0}\t${subject === undefined ? '' : toName(subject)}\t${toNames(rooms)}\t${toNames(left)}`;
}

export function toEntry([id, [, header, , body]]: RawEntry): Entry {
  const [open, subject, rooms, left] = header.split('\t') as [string, string, string, string];
  return {
    seq: Number(id.slice(0, id.indexOf('-'))),
    ...(subject !== '' && { subject: fromName(subject) as Subject }),
    rooms: fromNames<Room>(rooms),
    left: fromNames<Room>(left),
    open: open === '1',
    body: fromName(body),
  };
}

/** A row out of its record; the body comes last, since it alone may hold what separates the parts. */
export function toRow(subject: string, packed: string): StoredRow {
  const ends: number[] = [];
  for (let at = -1; ends.length < 4; ends.push(at)) at = packed.indexOf('\t', at + 1);
  const [seq, first, open, rooms] = ends.map((end, n) => packed.slice(n ? ends[n - 1]! + 1 : 0, end));
  return {
    subject: fromName(subject) as Subject,
    seq: Number(seq),
    first: Number(first),
    rooms: fromNames<Room>(rooms!),
    open: open === '1',
    body: fromName(packed.slice(ends[3]! + 1)),
  };
}
