import type { Entry } from '@netbuild/realtime-log';
import {
  INWARD_KINDS,
  parseRoom,
  type RealtimeEvent,
  type Room,
  subjectKind,
} from '@netbuild/realtime-protocol';
import { matches, names } from '../auth/pattern.ts';

/** What a subscription names; what is left out is everything. */
export interface Wanted {
  types?: readonly string[] | undefined;
  rooms?: readonly string[] | undefined;
}

/** An event as its text in the log says it. */
export type Told = Omit<RealtimeEvent<string>, 'seq'>;

/** An event that a subscription is to hear of. */
export interface Selected {
  event: Told;
  /** It only has left these of its rooms: what it is about goes out, and nothing of what it says. */
  left?: Room[];
}

/** Which events of a log a subscription hears. */
export interface Selection {
  /** The log need only be read by these; none: as a whole. */
  rooms: Room[] | undefined;
  /** The event, if it is to be told. */
  take(entry: Entry): Selected | undefined;
}

/** That something was erased is told whatever types are wanted: who has it somewhere has to drop it. */
const ALWAYS = 'data:erased';

/** Makes a {@link Selection}. */
export function createSelection({ types, rooms }: Wanted): Selection {
  const isPlain = rooms?.every((pattern) => !pattern.endsWith('*') && parseRoom(pattern) !== undefined);
  const isRoom = (name: Room) => rooms?.some((pattern) => names(pattern, name)) ?? true;
  const isType = (type: string) =>
    type === ALWAYS || (types?.some((pattern) => matches(pattern, type)) ?? true);

  return {
    rooms: isPlain ? (rooms as Room[]) : undefined,
    take(entry) {
      // What was erased has no subject any more, and no rooms.
      if (entry.erased || (entry.subject && INWARD_KINDS.includes(subjectKind(entry.subject))))
        return undefined;
      const isWhole = rooms === undefined || entry.rooms.some(isRoom);
      const left = isWhole ? [] : entry.left.filter(isRoom);
      if (!isWhole && left.length === 0) return undefined;
      const event = JSON.parse(entry.body) as Told;
      if (!isType(event.type)) return undefined;
      return isWhole ? { event } : { event, left };
    },
  };
}
