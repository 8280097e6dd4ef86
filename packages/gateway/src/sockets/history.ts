import type { Entry, Log } from '@netbuild/realtime-log';
import type { RealtimeEvent, Room } from '@netbuild/realtime-protocol';
import { eventOf } from '../delivery/outgoing.ts';

/** The last events of an execution that come with its snapshot; with many executions, less of each. */
const LAST = 200;
const LAST_OF_ALL = 1000;

/** Entries that are looked through for tasks and processes that have ended. */
const LOOK_BACK = 1000;

/** What snapshots of executions have beside their open rows. */
export interface Histories {
  /** The last events, oldest first. */
  events: RealtimeEvent[];
  /** Tasks and process instances that ended before those: what was done there does not go with its last word. */
  ended: RealtimeEvent[];
}

/**
 * The ends of executions' histories, up to the position of the snapshot.
 *
 * @param most characters of all that is given; the newest goes first
 */
export async function historiesOf(
  log: Log,
  domain: string,
  executions: Room[],
  upTo: number,
  most: number,
): Promise<Histories> {
  const share = Math.max(1, executions.length);
  const last = Math.min(LAST, Math.ceil(LAST_OF_ALL / share));
  const limit = Math.max(last, Math.ceil(LOOK_BACK / share));
  const shown = new Map<number, Entry>();
  const ended = new Map<string, Entry>();
  for (const room of executions) {
    const { entries } = await log.readBack(domain, { room, before: upTo + 1, limit });
    // How far who has read is a row, and would crowd out what was said.
    const own = withoutPassed(
      entries.filter(({ rooms, subject }) => rooms.includes(room) && !subject?.startsWith('read/')),
    );
    for (const entry of own.slice(-last)) shown.set(entry.seq, entry);
    const known = new Set(own.slice(-last).map(({ subject }) => subject));
    for (const entry of own.slice(0, -last)) {
      const { subject = '', open } = entry;
      if (!open && /^(task|process)\//.test(subject) && !known.has(entry.subject)) ended.set(subject, entry);
    }
  }
  let size = 0;
  const fits = (entry: Entry): boolean => {
    size += entry.body.length;
    return size <= most;
  };
  const newestFirst = (entries: Iterable<Entry>) => [...entries].sort((a, b) => b.seq - a.seq);
  return {
    events: newestFirst(shown.values()).filter(fits).map(eventOf).reverse(),
    ended: newestFirst(ended.values()).filter(fits).map(eventOf).reverse(),
  };
}

/** Without the steps that something newer of their subject has followed: they would crowd out what was said. */
function withoutPassed(entries: readonly Entry[]): Entry[] {
  const newest = new Map(entries.map(({ subject, seq }) => [subject, seq]));
  return entries.filter(
    (entry) => newest.get(entry.subject) === entry.seq || !isOfThoseThatPass(entry) || !isPassing(entry),
  );
}

/** Most are not, and need not be read for it. */
function isOfThoseThatPass({ subject }: Entry): boolean {
  return subject !== undefined && /^(message|agent)\//.test(subject);
}

function isPassing({ body }: Entry): boolean {
  return (JSON.parse(body) as RealtimeEvent).passing === true;
}
