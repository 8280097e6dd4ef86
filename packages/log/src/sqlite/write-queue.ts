import type { Group, GroupResult } from '../log.ts';
import type { Domains } from './domains.ts';
import { toFailure } from './failure.ts';
import type { Reply } from './messages.ts';
import type { RoomIds } from './room-ids.ts';
import type { Store } from './store.ts';
import type { Writer } from './writer.ts';

/** An append on its way into the log. */
interface Append {
  id: number;
  domain: string;
  groups: Group[];
  /** Of the groups that are written or decided so far. */
  results: GroupResult[];
}

/** Records that one transaction writes, roughly 50 ms; a read waits no longer than this. */
const BATCH = 20_000;
/** Records that one append may have of it, so that a huge one leaves room for other domains. */
const SHARE = 10_000;

/**
 * Appends that wait to be written. Whatever has come in is taken together in one transaction (group commit).
 * An append that is too long for one goes on in the next: its groups stand alone, so only its answer waits.
 * Meanwhile the later ones of its own domain wait too, and the order in which they came is kept.
 */
export class WriteQueue {
  #waiting: Append[] = [];
  readonly #store: Store;
  readonly #domains: Domains;
  readonly #roomIds: RoomIds;
  readonly #writer: Writer;

  constructor(store: Store, domains: Domains, roomIds: RoomIds, writer: Writer) {
    this.#store = store;
    this.#domains = domains;
    this.#roomIds = roomIds;
    this.#writer = writer;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(id: number, domain: string, groups: Group[]): void {
    this.#waiting.push({ id, domain, groups, results: [] });
  }

  /** Writes as much as fits in one transaction; the replies are true once this returns. */
  writeBatch(): Reply[] {
    const appends = this.#waiting;
    let replies: Reply[];
    try {
      replies = this.#transaction(appends);
    } catch (error) {
      // One that cannot be written must not take the others with it: each by itself, then.
      if (appends.length === 1) replies = [{ id: appends[0]!.id, failure: toFailure(error) }];
      else replies = appends.flatMap((append) => this.#alone(append));
    }
    const ended = new Set(replies.filter((reply) => !('written' in reply) || reply.done).map(({ id }) => id));
    this.#waiting = appends.filter(({ id }) => !ended.has(id));
    return replies;
  }

  #alone(append: Append): Reply[] {
    try {
      return this.#transaction([append]);
    } catch (error) {
      return [{ id: append.id, failure: toFailure(error) }];
    }
  }

  #transaction(appends: Append[]): Reply[] {
    const before = appends.map(({ results }) => results.length);
    try {
      return this.#store.transaction(() => this.#write(appends));
    } catch (error) {
      appends.forEach((append, n) => {
        append.results.length = before[n]!;
      });
      this.#domains.reset();
      this.#roomIds.reset();
      throw error;
    }
  }

  #write(appends: Append[]): Reply[] {
    const replies: Reply[] = [];
    const unfinished = new Set<string>();
    let room = BATCH;
    for (const append of appends) {
      if (room <= 0) break;
      if (unfinished.has(append.domain)) continue;
      const domain = this.#domains.touch(append.domain);
      const { groups, results } = append;
      const [head, start] = [domain.seq, results.length];
      const enough = Math.max(0, room - SHARE);
      while (results.length < groups.length && room > enough) {
        const group = groups[results.length]!;
        results.push(this.#writer.write(domain, group, results));
        room -= cost(group);
      }
      if (domain.seq > head) this.#domains.save(domain);
      const done = results.length === groups.length;
      if (!done) unfinished.add(append.domain);
      const { epoch, seq } = domain;
      replies.push({ id: append.id, written: results.slice(start), epoch, seq, done });
    }
    return replies;
  }
}

/** Of what is erased nobody knows how much it is. */
const ERASED = 50;

function cost({ events, erases = [] }: Group): number {
  return (
    ERASED * erases.length +
    events.reduce((sum, { rooms, left }) => sum + 2 + 2 * (rooms.length + left.length), 1)
  );
}
