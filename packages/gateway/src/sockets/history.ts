import type { Log } from '@netbuild/realtime-log';
import type { RealtimeEvent, Room } from '@netbuild/realtime-protocol';
import { eventOf } from '../delivery/audience.ts';

/** The last events of an execution that come with its snapshot. */
const LAST = 200;

/** Entries that are looked through for tasks and processes that have ended. */
const LOOK_BACK = 1000;

/** What an execution's snapshot has beside its open rows. */
export interface History {
  /** Its last events, oldest first. */
  events: RealtimeEvent[];
  /** Tasks and process instances that ended before those: what was done there does not go with its last word. */
  ended: RealtimeEvent[];
}

/** The end of an execution's history, up to the position of the snapshot. */
export async function historyOf(log: Log, domain: string, room: Room, upTo: number): Promise<History> {
  const { entries } = await log.readBack(domain, { room, before: upTo + 1, limit: LOOK_BACK });
  const shown = entries.filter((entry) => entry.rooms.includes(room));
  const events = shown.slice(-LAST).map(eventOf);
  const known = new Set(events.map(({ subject }) => subject));
  const ended = shown
    .slice(0, -LAST)
    .filter(({ subject, open }) => !open && /^(task|process)\//.test(subject ?? '') && !known.has(subject))
    .map(eventOf);
  return { events, ended };
}
