import { type Fact, isCustomType, RealtimeError, type Room, room } from '@netbuild/realtime-protocol';
import type { MongodbEvent, MongodbSource } from '../../config/mongodb.ts';
import { opaqueId } from '../../opaque-id.ts';
import { plain } from './plain.ts';

/** A document of a collection, as far as it was asked for. */
export type Document = Record<string, unknown>;

/** What was seen of a document. */
export interface Seen {
  /** What happened; `found`: it was there when the collection was read. */
  kind: 'insert' | 'update' | 'replace' | 'delete' | 'found';
  /** Its `_id`. */
  key: unknown;
  /** As it is; of one that was deleted, as it was, or what is known of it: its key. */
  document: Document;
  /** Names the change in its stream, or the reading that has found the document. */
  occurrence: string;
  /** When, as far as the server says. */
  at: Date | undefined;
}

/** A fact, and what it was made by. */
export interface Mapped {
  fact: Fact;
  event: MongodbEvent;
}

/** Custom events leave no row, so of one of a reading nobody could tell whether it was there before its key was known. */
const isTold = ({ type, on }: MongodbEvent, source: MongodbSource): boolean =>
  !isCustomType(type) ||
  (on.includes('insert') &&
    on.includes('update') &&
    source.version !== undefined &&
    source.time !== undefined);

/**
 * What of a document becomes of facts, in the order of the setting.
 *
 * A change has the id of its place in the stream, which is the same however often the stream is read from before it.
 * What a reading has found has an id of that reading, and its fold tells whether it is news. A custom event has no
 * fold: where the source names a version, its id is of that, so that a change and a reading come to the same.
 *
 * @param keepKeys for how many milliseconds the log knows a fact
 */
export function factsOf(source: MongodbSource, seen: Seen, keepKeys: number): Mapped[] {
  const time = timeOf(source, seen);
  const tags = new Map<string, number>();
  return source.events.flatMap((event): Mapped[] => {
    const { type } = event;
    const nth = (tags.get(type) ?? 0) + 1;
    tags.set(type, nth);
    if (!isMeant(event, seen)) return [];
    if (seen.kind === 'found') {
      if (!isTold(event, source)) return [];
      if (isCustomType(type) && Date.parse(time) < Date.now() - keepKeys) return [];
    }
    const data = dataOf(event, seen.document);
    const fact: Fact = {
      source: `mongodb/${source.name}`,
      id: `${occurrenceOf(source, event, seen)}/${type}${nth === 1 ? '' : `~${nth}`}`,
      type,
      time,
      data,
      ...(seen.kind !== 'found' && seen.at && { committedAt: seen.at.getTime() }),
      ...(isCustomType(type) && { rooms: roomsOf(event, seen.document) }),
    };
    return [{ fact, event }];
  });
}

/** The places of a document that are asked for; none of them lies in another one. */
export function placesOf({ version, time, events }: MongodbSource): string[] {
  const all = new Set(['_id', ...[version, time].filter((one) => one !== undefined)]);
  for (const { where, data, rooms } of events) {
    for (const place of Object.keys(where)) all.add(place);
    for (const from of Object.values(data)) if (typeof from === 'string') all.add(from);
    for (const place of Object.values(rooms)) if (place !== undefined) all.add(place);
  }
  return [...all].filter((place) => ![...all].some((outer) => place.startsWith(`${outer}.`)));
}

/** A reading can not tell whether what it finds was inserted or changed. */
function isMeant({ on, where }: MongodbEvent, { kind, document }: Seen): boolean {
  const isOn = kind === 'found' ? on.some((one) => one !== 'delete') : on.includes(kind);
  return (
    isOn &&
    Object.entries(where).every(([place, wanted]) => {
      const said = plain(at(document, place));
      return Array.isArray(wanted) ? wanted.some((one) => one === said) : wanted === said;
    })
  );
}

function occurrenceOf({ version }: MongodbSource, { type }: MongodbEvent, seen: Seen): string {
  const key = keyText(seen.key);
  const named = version === undefined ? undefined : plain(at(seen.document, version));
  if (isCustomType(type) && named !== undefined && seen.kind !== 'delete')
    return opaqueId('version', key, JSON.stringify(named));
  return opaqueId(seen.kind === 'found' ? 'reading' : 'change', key, seen.occurrence);
}

/** A key as a text: an ObjectId is another one than the string of its digits. */
export function keyText(key: unknown): string {
  const { _bsontype: type = typeof key } = (key ?? {}) as { _bsontype?: string };
  return JSON.stringify([type, plain(key)]);
}

function timeOf({ time }: MongodbSource, { document, at: happened, kind }: Seen): string {
  const said = time === undefined || kind === 'delete' ? undefined : at(document, time);
  const parsed = said instanceof Date || typeof said === 'string' ? new Date(said) : undefined;
  const found = parsed && !Number.isNaN(parsed.getTime()) ? parsed : happened;
  return (found ?? new Date()).toISOString();
}

function dataOf({ data }: MongodbEvent, document: Document): Document {
  const made: Document = {};
  for (const [place, from] of Object.entries(data)) {
    const value = typeof from === 'string' ? plain(at(document, from)) : from.value;
    if (value !== undefined) put(made, place.split('.'), value);
  }
  return made;
}

function roomsOf({ rooms }: MongodbEvent, document: Document): Room[] {
  const kinds = {
    executionid: 'execution',
    processinstanceid: 'process',
    definitionkey: 'definition',
    userid: 'user',
    groupid: 'group',
  } as const;
  return Object.entries(kinds).flatMap(([attribute, kind]) => {
    const place = rooms[attribute];
    if (place === undefined) return [];
    const said = plain(at(document, place));
    return (Array.isArray(said) ? said : [said]).flatMap((one) => {
      const id = typeof one === 'number' ? String(one) : one;
      if (id === undefined || id === null || id === '') return [];
      if (typeof id !== 'string' || id.length > 255)
        throw new RealtimeError('invalid', { field: attribute, message: `${attribute}: this is no id.` });
      return [room(kind, id)];
    });
  });
}

function at(document: Document, place: string): unknown {
  return place
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Document)[name]
          : undefined,
      document,
    );
}

function put(into: Document, [name, ...rest]: string[], value: unknown): void {
  if (rest.length === 0) into[name!] = value;
  else {
    const inner = into[name!];
    const next: Document = typeof inner === 'object' && inner !== null ? (inner as Document) : {};
    into[name!] = next;
    put(next, rest, value);
  }
}
