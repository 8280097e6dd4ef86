import type { Log, StoredRow } from '@netbuild/realtime-log';
import { parseRoom, RealtimeError, type Room, room, subject, uniqueRooms } from '@netbuild/realtime-protocol';
import type { Channel } from '../delivery/delivery.ts';
import type { Watch } from '../delivery/standing.ts';
import { type Actor, ownRooms } from './actor.ts';

/** Rights that come of the rows. */
export interface Rights {
  /** Whether there is one now. */
  has(actor: Actor, name: Room): Promise<boolean>;
  /** The same, and looks after it from now on; none: there is no such right. */
  watch(actor: Actor, name: Room, channel: Pick<Channel, 'standing' | 'tail'>): Promise<Watch | undefined>;
}

/** The rows of one right that are looked after; who has more than these to lose would have to lose all of them first. */
const MOST_ROWS = 500;

/**
 * Makes the rights that come of the rows of a log.
 *
 * A row that stands in a `process:` or `execution:` room and in one of a person's own `user:` and `group:` rooms gives
 * them a right to the former, as long as it is open: a task that one has or may have, an instance that one started,
 * an execution that one takes part in. Of a process's own row it does so after the end, too. Who has a right to an
 * execution has one to the processes that are linked to it.
 *
 * What is not there is looked up just as what is not theirs.
 */
export function createRights(log: Pick<Log, 'rows' | 'meetings'>): Rights {
  async function look(actor: Actor, name: Room, limit: number, watch?: Watch) {
    const { kind, id } = parseRoom(name)!;
    const mine = peopleOf(actor);
    const meetings = (of: Room) => log.meetings(actor.domainId, of, mine, limit);
    if (kind === 'execution') {
      const { rows, ...place } = await meetings(name);
      return { rows, place };
    }
    const [own] = await log.rows(actor.domainId, [subject('process', id)]);
    const links = own?.rooms.filter((one) => one.startsWith('execution:')) ?? [];
    for (const link of links) watch?.through(link);
    const asked = links.length > 0 ? links : [room('execution', id)];
    const [direct, ...through] = await Promise.all([name, ...asked].map(meetings));
    return {
      rows: [
        ...(own ? [own] : []),
        ...direct!.rows,
        ...(links.length > 0 ? through : []).flatMap(({ rows }) => rows),
      ],
      place: through.reduce((last, one) => (one.seq > last.seq ? one : last), direct!),
    };
  }

  return {
    async has(actor, name) {
      // A command may name anything.
      if (!parseRoom(name) || !isMatter(name)) return false;
      const { rows } = await look(actor, name, 1);
      const mine = new Set(peopleOf(actor));
      return rows.some(({ rooms }) => rooms.some((one) => mine.has(one)));
    },
    async watch(actor, name, { standing, tail }) {
      if (!isMatter(name)) return undefined;
      const watch = standing.watch(name, peopleOf(actor));
      try {
        const { rows, place } = await look(actor, name, MOST_ROWS, watch);
        // Only then it is known what has become of these rows while they were read.
        if (!(await tail.reached(place.seq, place.epoch))) throw new RealtimeError('contended');
        watch.learn(unique(rows));
        if (watch.holds()) return watch;
        // It was linked elsewhere meanwhile.
        if (!watch.isComplete()) throw new RealtimeError('contended');
      } catch (error) {
        watch.release();
        throw error;
      }
      watch.release();
      return undefined;
    },
  };
}

/** The rooms whose rows are somebody's: all but that of the domain, which makes nobody concerned. */
function peopleOf(actor: Actor): Room[] {
  return uniqueRooms(ownRooms(actor).filter((own) => own !== room('domain', actor.domainId)));
}

function isMatter(name: Room): boolean {
  return /^(process|execution):/.test(name);
}

function unique(rows: StoredRow[]): Iterable<StoredRow> & StoredRow[] {
  // Several readings: of one row the last counts.
  return [...new Map(rows.sort((a, b) => a.seq - b.seq).map((row) => [row.subject, row])).values()];
}
