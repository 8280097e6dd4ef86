import type { Log } from '@netbuild/realtime-log';
import { isPositionGood, parsePosition, RealtimeError, type Room } from '@netbuild/realtime-protocol';
import type { Channel } from './delivery.ts';
import type { Place } from './member.ts';
import { type Outgoing, type Owed, outgoing } from './outgoing.ts';
import { FIRST_SLICE, MOST_CHARACTERS, sliceOf } from './slice.ts';

/** How often a replay begins again because another life of the log has begun while it was read. */
const MOST_LIVES = 5;

/** Everything that rooms got after a position, as far as the page goes. */
export interface Replay extends Place {
  owed: Owed[];
  /** There are more; `seq` is the last one's. Otherwise everything up to `seq` is in here. */
  more: boolean;
}

/** Gives what rooms got since a position, or `undefined` if that can not be proved. */
export type ReplaySince = (
  domain: string,
  channel: Channel,
  rooms: Room[],
  since: Place,
  limit: number,
) => Promise<Replay | undefined>;

/** Replays from the recent events of this node where they reach, else from the log. */
export function createReplay(log: Log): ReplaySince {
  function fromRecent({ tail, recent }: Channel, rooms: Room[], since: Place, limit: number) {
    if (!isPositionGood(tail.lives, since.epoch, since.seq)) return undefined;
    const items = recent.since(since.seq);
    return items && pageOf(items, rooms, limit, { epoch: tail.epoch, seq: tail.seq });
  }

  /** Reads it from the log; `overtaken` where a life ended meanwhile, which proves nothing, neither way. */
  async function fromLog(
    domain: string,
    rooms: Room[],
    since: Place,
    limit: number,
  ): Promise<Replay | 'overtaken' | undefined> {
    const { lives, epoch, seq: head } = await log.head(domain);
    if (since.seq > head || !isPositionGood(lives, since.epoch, since.seq)) return undefined;
    const items: Outgoing[] = [];
    let characters = 0;
    let likely = FIRST_SLICE;
    for (let after = since.seq; ; after = items.at(-1)!.entry.seq) {
      const slice = Math.min(likely, limit - items.length);
      const page = await log.read(domain, { after, rooms, limit: slice });
      if (page.epoch !== epoch) return 'overtaken';
      // What is forgotten can not be given.
      if (page.floor > after) return undefined;
      items.push(...page.entries.map((entry) => outgoing(entry, epoch)));
      characters += page.entries.reduce((sum, { body }) => sum + body.length, 0);
      if (!page.more) return pageOf(items, rooms, limit, page);
      if (items.length >= limit || characters >= MOST_CHARACTERS)
        return { ...pageOf(items, rooms, limit, page), seq: items.at(-1)!.entry.seq, more: true };
      likely = sliceOf(page.entries, MOST_CHARACTERS - characters);
    }
  }

  return async (domain, channel, rooms, since, limit) => {
    // Whether the log still has them is as true as it is for everybody who is live here: as of the last look.
    const known = fromRecent(channel, rooms, since, limit);
    if (known) return known;
    for (let lives = 0; lives < MOST_LIVES; lives++) {
      const found = await fromLog(domain, rooms, since, limit);
      if (found !== 'overtaken') return found;
    }
    return undefined;
  };
}

function pageOf(items: Outgoing[], rooms: Room[], limit: number, { epoch, seq }: Place): Replay {
  const wanted = new Set(rooms);
  const owed: Owed[] = [];
  for (const item of items) {
    const isWhole = item.entry.rooms.some((name) => wanted.has(name));
    if (!isWhole && !item.entry.left.some((name) => wanted.has(name))) continue;
    if (owed.length === limit) return { epoch, seq: owed.at(-1)!.item.entry.seq, owed, more: true };
    owed.push({ item, left: !isWhole });
  }
  return { epoch, seq, owed, more: false };
}

/** @throws {@link RealtimeError} `invalid_position` that names the field */
export function placeOf(text: string, field: string): Place {
  const place = parsePosition(text);
  if (!place) throw new RealtimeError('invalid_position', { field });
  return place;
}
