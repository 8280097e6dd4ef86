import type { Entry, Log, StoredRow } from '@netbuild/realtime-log';
import {
  INWARD_KINDS,
  MAX_ERASED,
  type Room,
  room,
  type Subject,
  subjectKind,
  uniqueRooms,
} from '@netbuild/realtime-protocol';
import type { Archive } from '../archive/archive.ts';

/** Rows, or entries, that are looked through at once. */
const PAGE = 500;

/** What is erased at once: an erasure's data, and the rooms of events that have no row which says them. */
export interface Part {
  data: object;
  rooms?: Room[];
}

/** What a room shows, and what had come into being before a position. */
export async function* partsOfRoom(
  log: Pick<Log, 'readBack' | 'rows'>,
  domain: string,
  room: Room,
  upTo: number,
): AsyncGenerator<Part> {
  let before = upTo;
  for (let more = true; more; ) {
    const page = await log.readBack(domain, { room, before, limit: PAGE });
    const names = new Set(page.entries.flatMap(({ subject }) => subject ?? []));
    const rows = await log.rows(domain, [...names]);
    const shown = rows.filter(({ rooms, first }) => rooms.includes(room) && first < upTo);
    const subjects = shown.map(({ subject }) => subject).filter((name) => subjectKind(name) !== 'erasure');
    yield* cut(subjects, (part) => ({ data: { subjects: part } }));
    yield* cut(withoutSubject(page.entries), (part) => ({
      data: { room, events: part.map(({ seq }) => seq) },
      rooms: roomsOf(part),
    }));
    before = page.entries[0]?.seq ?? 0;
    ({ more } = page);
  }
}

/**
 * What is of a person, or names them, in all rows and in all events that are not forgotten, as far as it had come
 * into being before a position. A name is found where it is a value of its own: in what somebody else has written
 * nobody can tell it from a word.
 */
export async function* partsOfPerson(
  log: Pick<Log, 'read' | 'everyRow'>,
  domain: string,
  user: string,
  upTo: number,
  archive?: Pick<Archive, 'naming'>,
): AsyncGenerator<Part> {
  const own = room('user', user);
  const names = [user, own].map((name) => JSON.stringify(name));
  const isNamed = ({ body }: { body: string }) => names.some((name) => body.includes(name));
  const parts = (subjects: Iterable<Subject>) =>
    cut([...subjects].filter(isOfPeople), (part) => ({ data: { user, subjects: part } }));

  let next: string | undefined;
  do {
    const page = await log.everyRow(domain, { limit: PAGE, ...(next !== undefined && { after: next }) });
    const rows: StoredRow[] = page.rows.filter((row) => row.first < upTo && isNamed(row));
    yield* parts(rows.map(({ subject }) => subject));
    ({ next } = page);
  } while (next !== undefined);

  // A row that names them no longer may have done so before: in the store of messages, and in the log.
  for await (const found of archive?.naming(domain, names) ?? []) yield* parts(found);
  for (let after = 0, more = true; more; ) {
    const page = await log.read(domain, { after, limit: PAGE });
    const found = page.entries.filter((entry) => entry.seq < upTo && isNamed(entry));
    yield* parts(new Set(found.flatMap(({ subject }) => subject ?? [])));
    yield* cut(withoutSubject(found), (part) => ({
      data: { events: part.map(({ seq }) => seq) },
      rooms: roomsOf(part).filter((name) => name !== own),
    }));
    after = page.entries.at(-1)?.seq ?? upTo;
    more = page.more && after < upTo;
  }
}

/** Of the system's own book-keeping commands alone are somebody's; the rest speaks of sources, or has an end. */
function isOfPeople(name: Subject): boolean {
  const kind = subjectKind(name);
  return kind === 'command' || !(kind === 'erasure' || INWARD_KINDS.includes(kind));
}

/** They have no row that says so: who shows them is asked of each. */
function withoutSubject(entries: Entry[]): Entry[] {
  return entries.filter(({ subject, erased }) => subject === undefined && !erased);
}

function roomsOf(entries: Entry[]): Room[] {
  return uniqueRooms(entries.flatMap(({ rooms }) => rooms));
}

function* cut<T>(list: T[], part: (some: T[]) => Part): Generator<Part> {
  for (let at = 0; at < list.length; at += MAX_ERASED) yield part(list.slice(at, at + MAX_ERASED));
}
