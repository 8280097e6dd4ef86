import type { Entry, Log } from '@netbuild/realtime-log';
import {
  CATALOGUE,
  type ErasureData,
  type Fact,
  MAX_ERASED,
  RealtimeError,
  type Room,
  uniqueRooms,
} from '@netbuild/realtime-protocol';
import type { Publish, PublishResult } from './publish.ts';

/** Entries that are looked through at once. */
const PAGE = 500;

/**
 * Publishes as another does, and erases all that a room shows where an erasure names one.
 *
 * The erasure itself comes first, and says up to where: what came into being before it is erased part by part, each
 * a fact of its own with the id `<erasure>/<subject>`, and acknowledged after the last. Whoever is killed on the way
 * is sent the erasure again; it is known then, and finds what is left. What has come since stays.
 */
export function withErasures(log: Pick<Log, 'read' | 'readBack' | 'rows'>, publish: Publish): Publish {
  async function empty(domain: string, erasure: Fact, room: Room, answer: PublishResult, upTo: number) {
    let { seq } = answer;
    let before = upTo;
    for (let more = true; more; ) {
      const page = await log.readBack(domain, { room, before, limit: PAGE });
      for (const part of [
        ...(await subjectsOf(domain, room, page.entries, upTo)),
        ...customOf(room, page.entries),
      ])
        seq = await erase(domain, erasure, part, answer.epoch);
      before = page.entries[0]?.seq ?? 0;
      ({ more } = page);
    }
    return { ...answer, seq };
  }

  /** What the room shows now, and had come into being before. */
  async function subjectsOf(domain: string, room: Room, entries: Entry[], upTo: number): Promise<Part[]> {
    const names = new Set(entries.flatMap(({ subject }) => (subject ? [subject] : [])));
    const rows = await log.rows(domain, [...names]);
    const shown = rows.filter(({ rooms, first }) => rooms.includes(room) && first < upTo);
    const subjects = shown.map(({ subject }) => subject).filter((name) => !name.startsWith('erasure/'));
    return cut(subjects).map((part) => ({ name: part[0]!, data: { subjects: part } }));
  }

  async function erase(domain: string, erasure: Fact, part: Part, life: string): Promise<number> {
    const { source, id, type, time } = erasure;
    const { name, data, rooms } = part;
    const fact = { source, id: `${id}/${name}`, type, time, data, ...(rooms && { rooms }) };
    // The erasure may be gone with the life that it was written in.
    const { seq, results } = await publish(domain, [fact], life);
    for (const result of results) if (result.status === 'refused') throw result.error;
    return seq;
  }

  /** An erasure by places is told wherever the events stand, and takes none that is not the room's. */
  async function located(domain: string, fact: Fact): Promise<Fact> {
    if (fact.type !== 'data:erased' || fact.rooms !== undefined) return fact;
    const said = CATALOGUE.get(fact.type)!.fact.safeParse(fact.data);
    const { room, events } = (said.data ?? {}) as Partial<ErasureData>;
    // What is not valid is refused where all facts are.
    if (events === undefined) return fact;
    const pages = await Promise.all(events.map((seq) => log.read(domain, { after: seq - 1, limit: 1 })));
    const entries = pages.map(({ entries: [entry] }, n) => (entry?.seq === events[n] ? entry : undefined));
    // What is erased already may be named again: a publisher repeats what it was not answered.
    const isOwn = (entry: Entry | undefined) =>
      entry?.erased || (entry && entry.subject === undefined && entry.rooms.includes(room as Room));
    const wrong = entries.findIndex((entry) => !isOwn(entry));
    if (wrong >= 0)
      throw new RealtimeError('invalid', {
        field: 'data.events',
        message: `data.events: at ${events[wrong]} there is no custom event of ${room}.`,
      });
    return { ...fact, rooms: uniqueRooms(entries.flatMap((entry) => entry!.rooms)) };
  }

  return async (domain, given, life) => {
    const facts = await Promise.all(given.map((fact) => located(domain, fact)));
    let answer = await publish(domain, facts, life);
    for (const [i, fact] of facts.entries()) {
      const result = answer.results[i]!;
      if (fact.type !== 'data:erased' || result.status === 'refused') continue;
      const { room, events } = fact.data as ErasureData;
      const [upTo] = result.seqs;
      if (room !== undefined && events === undefined && upTo !== undefined)
        answer = await empty(domain, fact, room as Room, answer, upTo);
    }
    return answer;
  };
}

/** What is erased at once. */
interface Part {
  /** Tells it from the other parts, whoever cuts them. */
  name: string;
  data: object;
  rooms?: Room[];
}

/** Events without a subject have no row that says so: who shows them is asked of each. */
function customOf(room: Room, entries: Entry[]): Part[] {
  const custom = entries.filter(({ subject }) => subject === undefined);
  return cut(custom).map((part) => ({
    name: `${part[0]!.seq}`,
    data: { room, events: part.map(({ seq }) => seq) },
    rooms: uniqueRooms(part.flatMap(({ rooms }) => rooms)),
  }));
}

function cut<T>(list: T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / MAX_ERASED) }, (_, n) =>
    list.slice(n * MAX_ERASED, (n + 1) * MAX_ERASED),
  );
}
