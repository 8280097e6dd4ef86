import type { Log } from '@netbuild/realtime-log';
import { type ErasureData, type Fact, MAX_ERASED, type Room } from '@netbuild/realtime-protocol';
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
export function withErasures(log: Pick<Log, 'readBack' | 'rows'>, publish: Publish): Publish {
  async function empty(domain: string, erasure: Fact, room: Room, answer: PublishResult, upTo: number) {
    let { seq } = answer;
    let before = upTo;
    for (let more = true; more; ) {
      const page = await log.readBack(domain, { room, before, limit: PAGE });
      const names = new Set(page.entries.flatMap(({ subject }) => (subject ? [subject] : [])));
      const rows = await log.rows(domain, [...names]);
      const shown = rows.filter(({ rooms, first }) => rooms.includes(room) && first < upTo);
      const subjects = shown.map(({ subject }) => subject).filter((name) => !name.startsWith('erasure/'));
      for (let at = 0; at < subjects.length; at += MAX_ERASED) {
        seq = await erase(domain, erasure, subjects.slice(at, at + MAX_ERASED), answer.epoch);
      }
      before = page.entries[0]?.seq ?? 0;
      ({ more } = page);
    }
    return { ...answer, seq };
  }

  async function erase(domain: string, erasure: Fact, subjects: string[], life: string): Promise<number> {
    const { source, id, type, time } = erasure;
    const part = { source, id: `${id}/${subjects[0]}`, type, time, data: { subjects } };
    // The erasure may be gone with the life that it was written in.
    const { seq, results } = await publish(domain, [part], life);
    for (const result of results) if (result.status === 'refused') throw result.error;
    return seq;
  }

  return async (domain, facts, life) => {
    let answer = await publish(domain, facts, life);
    for (const [i, fact] of facts.entries()) {
      const result = answer.results[i]!;
      if (fact.type !== 'data:erased' || result.status === 'refused') continue;
      const { room } = fact.data as ErasureData;
      const [upTo] = result.seqs;
      if (room !== undefined && upTo !== undefined)
        answer = await empty(domain, fact, room as Room, answer, upTo);
    }
    return answer;
  };
}
