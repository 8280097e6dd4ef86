import type { RealtimeEvent, Room, Subject, SubjectKind } from '@netbuild/realtime-protocol';
import { Listeners, type Readable } from './core/listeners.ts';
import { bornAt, type HistoryEvent, isOf, type Row } from './row.ts';
import type { Touched } from './store.ts';

/** What views are of. */
export interface Source {
  readonly changed: Listeners<[Touched]>;
  /** Raised with every change; tells views that nobody watches that they are old. */
  version: number;
  rows(): Iterable<Row>;
  get(subject: Subject): Row | undefined;
  /** A subject as it is, whatever is expected of it. */
  confirmed(subject: Subject): Row | undefined;
  history(room: Room): readonly HistoryEvent[];
}

/**
 * Which rows a view shows. What is left out does not restrict.
 *
 * @example client.view('incidents', { room: 'process:7', open: true })
 */
export interface ViewQuery {
  /** Only rows that this room shows. */
  room?: Room;
  /** `true`: only what has not ended; `false`: only what has. What is about to end stays where it is until that is confirmed. */
  open?: boolean;
  /** The one subject of this id. */
  id?: string;
}

/** A list that follows the store; the same array until its content changes. */
export type View<T> = Readable<readonly T[]>;

/** Makes the view of a query: oldest first, by when each subject came into being. */
export function rowsView<K extends SubjectKind>(
  source: Source,
  kind: K,
  { room, open, id }: ViewQuery,
  onIdle: () => void,
): View<Row<K>> {
  const subject = id === undefined ? undefined : (`${kind}/${id}` as Subject);
  // What is about to end has not.
  const hasEnded = (row: HistoryEvent) =>
    ((row.pending && source.confirmed(row.subject!)) || row).ended === true;
  const matches = (row: RealtimeEvent): row is Row<K> =>
    isOf(kind, row) &&
    (subject === undefined || row.subject === subject) &&
    (room === undefined || row.rooms.includes(room)) &&
    (open === undefined || open !== hasEnded(row));
  // What there is none of yet stands last, whatever the clock of this device says.
  const place = (row: Row) => (source.confirmed(row.subject) ? bornAt(row) : row.seq);
  return follow(
    source,
    onIdle,
    (touched) => touched.rows.some(matches),
    () => {
      const one = subject && source.get(subject);
      const candidates: Iterable<RealtimeEvent> = subject ? (one ? [one] : []) : source.rows();
      return [...candidates]
        .filter(matches)
        .sort((a, b) => place(a) - place(b) || (a.subject < b.subject ? -1 : 1));
    },
  );
}

/** Makes the view of a room's history, in the order of the log. */
export function historyView(source: Source, room: Room, onIdle: () => void): View<HistoryEvent> {
  return follow(
    source,
    onIdle,
    (touched) => touched.rooms.has(room),
    () => source.history(room),
  );
}

function follow<T>(
  source: Source,
  onIdle: () => void,
  concerns: (touched: Touched) => boolean,
  read: () => readonly T[],
): View<T> {
  const listeners = new Listeners();
  let content: readonly T[] = [];
  let version = -1;
  let stop: (() => void) | undefined;
  const getSnapshot = () => {
    if (version !== source.version) {
      version = source.version;
      const next = read();
      if (next.length !== content.length || next.some((item, i) => item !== content[i])) content = next;
    }
    return content;
  };
  const onChange = (touched: Touched) => {
    // Unconcerned and up to date before means up to date now, without reading again.
    if (!concerns(touched) && version === source.version - 1) version = source.version;
    const before = content;
    if (getSnapshot() !== before) listeners.tell();
  };
  return {
    getSnapshot,
    subscribe: (listener) => {
      stop ??= source.changed.add(onChange);
      const remove = listeners.add(listener);
      return () => {
        remove();
        // A microtask later: React takes a listener away and puts it back at once.
        queueMicrotask(() => {
          if (listeners.size > 0 || !stop) return;
          stop();
          stop = undefined;
          onIdle();
        });
      };
    },
  };
}
