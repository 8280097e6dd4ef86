import type { EventType, Room, SubjectKind } from '@netbuild/realtime-protocol';
import type { KindOf, ListName, Row, RowData } from './row.ts';

/** What a row is expected to become. What is left out stays as it is. */
export interface Change<K extends SubjectKind> {
  /** The whole of what it will say. */
  data?: RowData[K];
  ended?: true;
  rooms?: Room[];
  /** The event that will tell of it: with one, the change stands at the end of its rooms' histories, too. A row that there is none of yet needs one. */
  type?: EventType;
}

/**
 * A row that a command is expected to change: `change` is asked about the confirmed row, and again whenever that
 * is another one. So it must depend on the row alone, and answers nothing where the command would have no effect on it:
 * because somebody else was faster, say.
 *
 * @example { list: 'tasks', id: taskId, change: (task) => task && { data: { ...task.data, priority: 90 } } }
 */
export type Expected = {
  [N in ListName]: {
    list: N;
    id: string;
    change(row: Row<KindOf<N>> | undefined): Change<KindOf<N>> | undefined;
  };
}[ListName];
