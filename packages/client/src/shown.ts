import type { Subject, SubjectKind } from '@netbuild/realtime-protocol';
import { Listeners, report } from './core/listeners.ts';
import type { Change, Expected } from './expected.ts';
import { kindOf, type Row } from './row.ts';
import { nothing, type Store, type Touched } from './store.ts';
import type { Source } from './view.ts';

/** What a command is expected to make of one subject, and what it last made of it. */
interface Lens {
  commandId: string;
  subject: Subject;
  seq: number;
  change: (row: Row | undefined) => AnyChange | undefined;
  /** The row that `to` was made of. Nothing yet: the lens itself, which no row is. */
  from: unknown;
  to: Row | undefined;
}

type AnyChange = Change<SubjectKind>;

/** Beyond all places of a log, so that what is pending stands behind what is confirmed. */
const PENDING = 2 ** 52;

/** Rows and histories as they are expected to be. */
export interface Shown extends Source {
  /** Whether a command is still expected to change something. */
  has(commandId: string): boolean;
  /** Shows what a command is expected to change, until it is dropped or its event is there. */
  add(commandId: string, expected: readonly Expected[]): void;
  drop(commandId: string): void;
}

/**
 * What is confirmed, as the commands that are under way are expected to leave it. It is made afresh whenever one of the
 * two changes, and nothing of it is kept: where a command ends without an effect, what is confirmed shows again.
 */
export function shownOver(store: Store): Shown {
  /** By command, in the order in which they were given. */
  const commands = new Map<string, Lens[]>();
  let made = new Map<Subject, Row>();
  let count = PENDING;

  const confirmed = (subject: Subject): Row | undefined => store.get(subject);

  const make = (touched: Touched): void => {
    const before = made;
    made = new Map();
    for (const lens of [...commands.values()].flat()) {
      const row = through(lens, made.get(lens.subject) ?? confirmed(lens.subject));
      if (row?.rooms.some(store.shows)) made.set(lens.subject, row);
    }
    for (const subject of [...before.keys(), ...made.keys()]) {
      const rows = [before.get(subject), made.get(subject)];
      if (rows[0] === rows[1]) continue;
      for (const row of [...rows, confirmed(subject)])
        if (row) {
          touched.rows.push(row);
          for (const room of row.rooms) touched.rooms.add(room);
        }
    }
    shown.version++;
    shown.changed.tell(touched);
  };

  store.changed.add((touched) => {
    // An event that names a command is what was expected of its subject, and of what was shown in the place of a new one.
    for (const { commandId = '', subject } of touched.named) {
      const left = commands.get(commandId)?.filter((lens) => lens.from && lens.subject !== subject);
      if (left?.length) commands.set(commandId, left);
      else commands.delete(commandId);
    }
    make(touched);
  });

  const shown: Shown = {
    changed: new Listeners<[Touched]>(),
    version: 0,
    confirmed,
    get: (subject) => made.get(subject) ?? confirmed(subject),
    rows: () =>
      made.size === 0
        ? store.rows()
        : new Map([...store.rows(), ...made.values()].map((row) => [row.subject, row])).values(),
    history(room) {
      const pending = [...made.values()].filter(({ seq, rooms }) => seq >= PENDING && rooms.includes(room));
      return pending.length > 0 ? [...store.history(room), ...pending] : store.history(room);
    },
    has: (commandId) => commands.has(commandId),
    add(commandId, expected) {
      const lenses = expected.map(({ list, id, change }) => {
        const lens = { commandId, subject: `${kindOf(list)}/${id}`, seq: count++, change } as Lens;
        lens.from = lens;
        return lens;
      });
      if (lenses.length > 0) commands.set(commandId, lenses);
      make(nothing());
    },
    drop(commandId) {
      if (commands.delete(commandId)) make(nothing());
    },
  };
  return shown;
}

/** The row that a lens makes of this one, if any: the same for the same. */
function through(lens: Lens, row: Row | undefined): Row | undefined {
  if (lens.from === row) return lens.to;
  lens.from = row;
  lens.to = undefined;
  try {
    const change = lens.change(row);
    if (change && (row || change.type)) lens.to = changed(lens, row, change);
  } catch (error) {
    report(error);
  }
  return lens.to;
}

/** The row as it is expected to be. What is told of it is an event of its own, and not the one that the row had so far. */
function changed({ commandId, subject, seq }: Lens, row: Row | undefined, change: AnyChange): Row {
  const { rooms, ended, data } = row ?? {};
  const id = `pending/${commandId}`;
  const event = { id, seq, time: new Date().toISOString(), left: [], commandId, rooms, ended, data };
  return { ...(change.type ? event : row), ...change, subject, pending: commandId } as Row;
}
