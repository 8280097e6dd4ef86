import type { Group, NewEvent, Read, StoredRow } from '@netbuild/realtime-log';
import {
  CATALOGUE,
  type Change,
  check,
  type Fact,
  factKey,
  isCustomType,
  RealtimeError,
  type RealtimeEvent,
  type Room,
  type Rows,
  SUBJECTS,
  type Subject,
  subject,
  subjectKind,
  uniqueRooms,
} from '@netbuild/realtime-protocol';
import { errorOf } from '../error.ts';
import { dataOf } from '../rows.ts';

/** A row as a fold sees it, and as what it has to be compared. */
export interface KnownRow {
  /** `undefined`: there is none. */
  data: object | undefined;
  rooms: Room[];
  open: boolean;
  /** Where it was read: in the log, or from an earlier group of the same append. */
  as: { seq: number } | { group: number };
}

/** What folding one fact comes to. */
export type Folded =
  /** It asks for rows that are not at hand; load them and fold again. */
  | { missing: Subject[] }
  /** Its row has changed since its source looked. It is not even remembered: the source looks again. */
  | { outdated: true }
  | {
      group: Group;
      rows: Map<Subject, KnownRow>;
      /** Why the fact can not enter, unless the log knows it: the group only asks, and is never written. */
      refused?: RealtimeError;
    };

/** The state of a row that the log has given, or has not got. */
export function knownRow(row: StoredRow | undefined): KnownRow {
  if (!row) return { data: undefined, rooms: [], open: false, as: { seq: 0 } };
  return { data: dataOf<object>(row), rooms: row.rooms, open: row.open, as: { seq: row.seq } };
}

/**
 * Folds one fact over the rows at hand into a group for the log.
 *
 * @param index place that the group will have in its append; later facts may build on its rows
 * @throws {@link RealtimeError} if the fact is not of its type's shape
 */
export function foldFact(
  domain: string,
  fact: Fact,
  index: number,
  at: (name: Subject) => KnownRow | undefined,
): Folded {
  const reads = new Map<Subject, Read>();
  const missing: Subject[] = [];
  const rows: Rows = <T extends object>(name: Subject) => {
    const row = at(name);
    if (row) reads.set(name, { subject: name, ...row.as });
    else missing.push(name);
    return row?.data as T | undefined;
  };
  let changes: Change[] = [];
  let custom: NewEvent[] = [];
  if (isCustomType(fact.type)) {
    custom = [customEvent(fact)];
  } else {
    const entry = CATALOGUE.get(fact.type);
    if (!entry) throw new RealtimeError('unknown_type', { field: 'type' });
    const data = check(entry.fact, fact.data, ['data']);
    try {
      changes = entry.fold({ ...fact, data }, rows);
    } catch (error) {
      // A refusal on rows that were not there yet is none.
      if (missing.length > 0) return { missing };
      return refusalOf(fact, [...reads.values()], errorOf(error));
    }
    for (const change of changes) rows(change.subject);
  }
  if (missing.length > 0) return { missing };
  if (isOutdated(fact, changes, at)) return { outdated: true };
  const after = new Map<Subject, KnownRow>();
  const events = changes.map((change, n) => {
    const { event, row } = appendable(
      domain,
      fact,
      change,
      n + 1,
      after.get(change.subject) ?? at(change.subject)!,
      index,
      erasedRooms(fact, change, at),
    );
    after.set(change.subject, row);
    for (const name of change.erases ?? [])
      if (typeof name === 'string') after.set(name, knownRow(undefined));
    return event;
  });
  const erases = changes.flatMap((change) => change.erases ?? []);
  return {
    group: {
      ...named(fact),
      reads: [...reads.values()],
      events: [...events, ...custom],
      ...(erases.length > 0 && { erases }),
    },
    rows: after,
  };
}

/** What a fact comes to that can not enter, as long as these rows are as they are; unless the log knows it already. */
export function refusalOf(fact: Fact, reads: Read[], error: RealtimeError): Folded & { group: Group } {
  return { group: question(fact, reads), rows: new Map(), refused: error };
}

/**
 * Whether the row of a fact's own subject is younger than what its source saw. The append compares the row again, so
 * it can not become younger unseen; what the same append has written before is of the same look.
 */
function isOutdated({ type, asOf }: Fact, changes: Change[], at: (name: Subject) => KnownRow | undefined) {
  if (asOf === undefined) return false;
  const kind = CATALOGUE.get(type)?.subject.kind;
  return changes.some(({ subject: name }) => {
    const as = at(name)!.as;
    return subjectKind(name) === kind && 'seq' in as && as.seq > asOf;
  });
}

function named(fact: Fact): Pick<Group, 'key' | 'digest'> {
  return { key: factKey(fact), ...(fact.digest === undefined ? {} : { digest: fact.digest }) };
}

/** A row that never is as it was read. */
export const NOWHERE = subject('command', 'nowhere');

/**
 * Whether the log knows a fact that its fold refuses, and whether the rows are still so: a group that is never
 * written. Without it, a fact that is sent again would be refused for its own effect: the execution exists already.
 */
function question(fact: Fact, reads: Read[]): Group {
  return {
    ...named(fact),
    reads: [...reads, { subject: NOWHERE, seq: Number.MAX_SAFE_INTEGER }],
    events: [],
  };
}

/** The rooms that show what a change erases. */
function erasedRooms(
  { rooms = [] }: Fact,
  { erases, untold = [] }: Change,
  at: (name: Subject) => KnownRow | undefined,
): Room[] {
  if (!erases) return [];
  const all = [...rooms, ...erases.flatMap((name) => (typeof name === 'string' ? at(name)!.rooms : []))];
  return all.filter((name) => !untold.includes(name));
}

/** @param more rooms that it goes to beside the row's own */
function appendable(
  domain: string,
  fact: Fact,
  change: Change,
  n: number,
  before: KnownRow,
  index: number,
  more: readonly Room[],
) {
  const entry = SUBJECTS[subjectKind(change.subject)];
  const open = entry.isOpen(change.data);
  const own = uniqueRooms([...entry.rooms(change.data, domain), ...more]);
  // The end of a row is news for all who had it, also where it would no longer show.
  const rooms = before.open && !open ? uniqueRooms([...before.rooms, ...own]) : own;
  const left = before.rooms.filter((name) => !rooms.includes(name));
  const event: Omit<RealtimeEvent<string>, 'seq'> = {
    id: `${factKey(fact)}#${n}`,
    type: change.type,
    time: fact.time,
    subject: change.subject,
    rooms,
    left,
    ...(open ? {} : { ended: true }),
    ...(change.passing && { passing: true }),
    data: change.data,
    ...stamps(fact, change.commandId),
  };
  return {
    event: { subject: change.subject, rooms, left, open, body: JSON.stringify(event) },
    row: { data: change.data, rooms, open, as: { group: index } },
  };
}

function customEvent(fact: Fact): NewEvent {
  const rooms = uniqueRooms(fact.rooms ?? []);
  if (rooms.length === 0) {
    throw new RealtimeError('invalid', {
      field: 'executionid',
      message:
        'A custom event needs a room: executionid, processinstanceid, definitionkey, userid or groupid.',
    });
  }
  const event: Omit<RealtimeEvent<string>, 'seq'> = {
    id: `${factKey(fact)}#1`,
    type: fact.type,
    time: fact.time,
    rooms,
    left: [],
    data: fact.data,
    ...stamps(fact, undefined),
  };
  return { rooms, left: [], open: false, body: JSON.stringify(event) };
}

function stamps(fact: Fact, commandId: string | undefined) {
  const command = commandId ?? fact.commandId;
  return {
    ...(command === undefined ? {} : { commandId: command }),
    ...(fact.committedAt === undefined ? {} : { committedAt: fact.committedAt }),
  };
}
