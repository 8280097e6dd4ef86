import type { RealtimeEvent, Room, Subject, SubjectKind } from '@netbuild/realtime-protocol';
import { Listeners, type Readable } from './core/listeners.ts';
import { bornAt, isOf, type Row } from './row.ts';
import type { Store, Touched } from './store.ts';

/** Which rows a view shows. What is left out does not restrict. */
export interface ViewQuery {
  /** Only rows that this room shows. */
  room?: Room;
  /** `true`: only what has not ended; `false`: only what has. */
  open?: boolean;
  /** The one subject of this id. */
  id?: string;
}

/** A list that follows the store; the same array until its content changes. */
export type View<T> = Readable<readonly T[]>;

/** Makes the view of a query: oldest first, by when each subject came into being. */
export function rowsView<K extends SubjectKind>(
  store: Store,
  kind: K,
  { room, open, id }: ViewQuery,
  onIdle: () => void,
): View<Row<K>> {
  const subject = id === undefined ? undefined : (`${kind}/${id}` as Subject);
  const matches = (row: RealtimeEvent): row is Row<K> =>
    isOf(kind, row) &&
    (subject === undefined || row.subject === subject) &&
    (room === undefined || row.rooms.includes(room)) &&
    (open === undefined || open !== (row.ended === true));
  return follow(
    store,
    onIdle,
    (touched) => touched.rows.some(matches),
    () => {
      const one = subject && store.get(subject);
      const candidates: Iterable<RealtimeEvent> = subject ? (one ? [one] : []) : store.rows();
      return [...candidates]
        .filter(matches)
        .sort((a, b) => bornAt(a) - bornAt(b) || (a.subject < b.subject ? -1 : 1));
    },
  );
}

/** Makes the view of a room's history, in the order of the log. */
export function historyView(store: Store, room: Room, onIdle: () => void): View<RealtimeEvent> {
  return follow(
    store,
    onIdle,
    (touched) => touched.rooms.has(room),
    () => store.history(room),
  );
}

function follow<T>(
  store: Store,
  onIdle: () => void,
  concerns: (touched: Touched) => boolean,
  read: () => readonly T[],
): View<T> {
  const listeners = new Listeners();
  let content: readonly T[] = [];
  let version = -1;
  let stop: (() => void) | undefined;
  const getSnapshot = () => {
    if (version !== store.version) {
      version = store.version;
      const next = read();
      if (next.length !== content.length || next.some((item, i) => item !== content[i])) content = next;
    }
    return content;
  };
  const onChange = (touched: Touched) => {
    // Unconcerned and up to date before means up to date now, without reading again.
    if (!concerns(touched) && version === store.version - 1) version = store.version;
    const before = content;
    if (getSnapshot() !== before) listeners.tell();
  };
  return {
    getSnapshot,
    subscribe: (listener) => {
      stop ??= store.changed.add(onChange);
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
