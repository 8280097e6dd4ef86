import type { Entry, Log } from '@netbuild/realtime-log';
import {
  CATALOGUE,
  type Fact,
  isAwaited,
  RealtimeError,
  type Room,
  room as roomOf,
  uniqueRooms,
} from '@netbuild/realtime-protocol';
import type { Archive } from '../archive/archive.ts';
import { opaqueId } from '../opaque-id.ts';
import { dataOf, openRows } from '../rows.ts';
import { type Part, partsOfPerson, partsOfRoom } from './erased-parts.ts';
import type { Publish } from './publish.ts';

/** What an erasure says, of what concerns more than one fact. */
interface Said {
  room?: Room;
  user?: string;
  subjects?: string[];
  events?: number[];
}

/** Tasks that are named where a person can not be erased, and that are read at once. */
const NAMED = 5;
const PAGE = 500;

/**
 * Publishes as another does, and erases all that a room shows, or that is of a person, where an erasure names one.
 *
 * The erasure itself comes first, and says up to where: what came into being before it is erased part by part, each
 * a fact of its own with the id `<erasure>/<digest>`, and acknowledged after the last. Whoever is killed on the way
 * is sent the erasure again; it is known then, and finds what is left. What has come since stays.
 */
export function withErasures(
  log: Pick<Log, 'read' | 'readBack' | 'rows' | 'snapshot' | 'everyRow'>,
  publish: Publish,
  archive?: Pick<Archive, 'naming'>,
): Publish {
  async function erase(domain: string, erasure: Fact, part: Part, life: string): Promise<number> {
    const { source, id, type, time } = erasure;
    // The same part is the same fact, whoever cuts it. The id stays, so it has nothing in it of what is erased.
    const digest = opaqueId(JSON.stringify(part.data));
    // The erasure may be gone with the life that it was written in.
    const { seq, results } = await publish(
      domain,
      [{ source, id: `${id}/${digest}`, type, time, ...part }],
      life,
    );
    for (const result of results) if (result.status === 'refused') throw result.error;
    return seq;
  }

  /** Looked at before anything is erased: what an engine says of a person it says again. */
  async function assertNotAwaited(domain: string, user: string): Promise<void> {
    const tasks: string[] = [];
    for await (const rows of openRows(log, domain, roomOf('user', user), PAGE))
      for (const row of rows) if (isAwaited(dataOf(row), user)) tasks.push(row.subject);
    if (tasks.length === 0) return;
    const named = tasks.slice(0, NAMED).join(', ') + (tasks.length > NAMED ? ', …' : '');
    throw new RealtimeError('task_waiting', {
      field: 'data.user',
      message: `${tasks.length} open tasks name this person as assignee or candidate (${named}); let the engine give them to others first.`,
    });
  }

  /** An erasure by places is told wherever the events stand, and takes none that is not the room's. */
  async function located(domain: string, fact: Fact, { room, events }: Said): Promise<Fact> {
    if (events === undefined) return fact;
    const pages = await Promise.all(events.map((seq) => log.read(domain, { after: seq - 1, limit: 1 })));
    const entries = pages.map(({ entries: [entry] }, n) => (entry?.seq === events[n] ? entry : undefined));
    // What is erased already may be named again: a publisher repeats what it was not answered.
    const isOwn = (entry: Entry | undefined) =>
      entry?.erased ||
      (entry && entry.subject === undefined && (room === undefined || entry.rooms.includes(room)));
    const wrong = entries.findIndex((entry) => !isOwn(entry));
    if (wrong >= 0)
      throw new RealtimeError('invalid', {
        field: 'data.events',
        message: `data.events: at ${events[wrong]} there is no custom event${room === undefined ? '' : ` of ${room}`}.`,
      });
    return { ...fact, rooms: uniqueRooms(entries.flatMap((entry) => entry!.rooms)) };
  }

  /** What is yet to be erased once the erasure is in the log, where it names more than itself can hold. */
  function partsOf(domain: string, { room, user, subjects, events }: Said, upTo: number) {
    if (subjects ?? events) return undefined;
    if (room !== undefined) return partsOfRoom(log, domain, room, upTo);
    return user === undefined ? undefined : partsOfPerson(log, domain, user, upTo, archive);
  }

  async function prepared(domain: string, fact: Fact): Promise<Fact> {
    const said = saidOf(fact);
    if (said.user !== undefined) await assertNotAwaited(domain, said.user);
    return located(domain, fact, said);
  }

  return async (domain, given, life) => {
    const facts = await Promise.all(given.map((fact) => prepared(domain, fact)));
    const answer = await publish(domain, facts, life);
    for (const [i, fact] of facts.entries()) {
      const result = answer.results[i]!;
      const [upTo] = result.status === 'refused' ? [] : result.seqs;
      if (upTo === undefined) continue;
      for await (const part of partsOf(domain, saidOf(fact), upTo) ?? [])
        answer.seq = await erase(domain, fact, part, answer.epoch);
    }
    return answer;
  };
}

/** Nothing where the fact is no erasure, or not a valid one: that is refused where all facts are. */
function saidOf({ type, data }: Fact): Said {
  return type === 'data:erased' ? ((CATALOGUE.get(type)!.fact.safeParse(data).data ?? {}) as Said) : {};
}
