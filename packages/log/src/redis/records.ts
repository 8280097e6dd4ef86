import type { Room, Subject } from '@netbuild/realtime-protocol';
import type { Lifting } from '../lifting.ts';
import type { Entry, NewEvent, StoredRow } from '../log.ts';
import { fromName, fromNames, toName, toNames } from './names.ts';

/** All of an event but its body and the seq of the one before, as it is stored (see `scripts.ts`). */
export function toHeader({ open, subject, rooms, left }: NewEvent, version: number): string {
  const name = subject === undefined ? '' : toName(subject);
  return `${version}\t${open ? 1 : 0}\t${name}\t${toNames(rooms)}\t${toNames(left)}`;
}

/** Reads what is stored, and lifts it to the current version. */
export class Records {
  readonly #lifting: Lifting;

  constructor(lifting: Lifting) {
    this.#lifting = lifting;
  }

  entry(seq: number, stored: string): Entry {
    if (stored === '') return { seq, erased: true, rooms: [], left: [], open: false, body: '' };
    const { version, subject, rooms, left, open, body } = toParts(stored);
    return this.#lift(version, { seq, ...(subject && { subject }), rooms, left, open, ...toBody(body) });
  }

  /** Entries out of a list of `seq, stored, …`. */
  entries(found: string[]): Entry[] {
    return inGroupsOf(2, found).map(([seq, stored]) => this.entry(Number(seq), stored!));
  }

  /** Rows out of a list of `subject, seq, first, last event, …`. */
  rows(found: string[]): StoredRow[] {
    return inGroupsOf(4, found).map(([subject, seq, first, stored]) =>
      this.row(subject!, seq!, first!, stored!),
    );
  }

  row(subject: string, seq: string, first: string, stored: string): StoredRow {
    const { version, rooms, open, body } = toParts(stored);
    const name = fromName(subject) as Subject;
    const places = { seq: Number(seq), first: Number(first) };
    return this.#lift(version, { subject: name, ...places, rooms, open, ...toBody(body) });
  }

  #lift<T extends { body: string; subject?: Subject }>(version: number, record: T): T {
    return version === this.#lifting.version || record.body === ''
      ? record
      : this.#lifting.lift({ ...record, version });
  }
}

/** No body is empty of itself. */
function toBody(body: string): { body: string; away?: true } {
  return body === '' ? { body, away: true } : { body };
}

/** The parts of a stored event; the body comes last, since it alone may hold what separates them. */
function toParts(stored: string) {
  const ends: number[] = [];
  for (let at = -1; ends.length < 6; ends.push(at)) at = stored.indexOf('\t', at + 1);
  const [, version, open, subject, rooms, left] = ends.map((end, n) =>
    stored.slice(n ? ends[n - 1]! + 1 : 0, end),
  );
  return {
    version: Number(version),
    open: open === '1',
    subject: subject === '' ? undefined : (fromName(subject!) as Subject),
    rooms: fromNames<Room>(rooms!),
    left: fromNames<Room>(left!),
    body: fromName(stored.slice(ends[5]! + 1)),
  };
}

function inGroupsOf(size: number, list: string[]): string[][] {
  return Array.from({ length: list.length / size }, (_, n) => list.slice(n * size, (n + 1) * size));
}
