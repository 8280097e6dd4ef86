import type { Log } from '@netbuild/realtime-log';
import {
  type Delivered,
  isPositionGood,
  parsePosition,
  RealtimeError,
  type RealtimeEvent,
  type Room,
  type RowsAnswer,
  type Subject,
  type SubscribeAnswer,
} from '@netbuild/realtime-protocol';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import type { Policy } from '../auth/policy.ts';
import { eventOf, type Member } from '../delivery/audience.ts';
import type { Channel } from '../delivery/delivery.ts';
import { errorOf } from '../error.ts';
import { historyOf } from './history.ts';

/** Most rooms that one socket can be in. */
export const MAX_ROOMS = 500;

/** Rows in one page of a snapshot. */
const PAGE = 500;

/** Events that a resume replays at most; who is further behind is better served by a snapshot. */
const MAX_REPLAY = 5000;

const rooms = z.array(z.string()).min(1).max(MAX_ROOMS);

/** Shape of a subscribe's request. */
export const subscribeRequest = z.object({ rooms, since: z.string().max(100).optional() });

/** Shape of the request for a further page of rows. */
export const rowsRequest = z.object({ rooms, more: z.string().min(1).max(400) });

/** Serves snapshots and resumes from the log. */
export function createSubscriptions({ log, policy }: { log: Log; policy: Policy }) {
  async function admit(actor: Actor, wanted: string[]) {
    const granted: Room[] = [];
    const refused: { room: string; error: ReturnType<RealtimeError['toWire']> }[] = [];
    for (const name of new Set(wanted)) {
      try {
        granted.push(await policy.assertMayEnter(actor, name));
      } catch (thrown) {
        const error = errorOf(thrown);
        if (error.code === 'internal' || error.code === 'storage_unavailable') throw error;
        refused.push({ room: name, error: error.toWire() });
      }
    }
    return { granted, refused };
  }

  /** Everything since a position, if that can be proved; otherwise nothing. */
  async function resume(domain: string, granted: Room[], since: string) {
    const position = parsePosition(since);
    if (!position) throw new RealtimeError('invalid_position', { field: 'since' });
    const { lives, seq: head } = await log.head(domain);
    if (position.seq > head || !isPositionGood(lives, position.epoch, position.seq)) return undefined;
    const page = await log.read(domain, { after: position.seq, rooms: granted, limit: MAX_REPLAY });
    if (page.more) return undefined;
    const events = page.entries.map((entry): Delivered => {
      if (entry.rooms.some((name) => granted.includes(name))) return eventOf(entry);
      return { seq: entry.seq, subject: entry.subject!, left: entry.left };
    });
    return { seq: page.seq, events };
  }

  async function snapshot(domain: string, granted: Room[]) {
    const page = await log.snapshot(domain, { rooms: granted, limit: PAGE });
    const events = new Map<number, RealtimeEvent>();
    const rows = page.rows.map(eventOf);
    for (const name of granted.filter((granted) => granted.startsWith('execution:'))) {
      const history = await historyOf(log, domain, name, page.seq);
      for (const event of history.events) events.set(event.seq, event);
      rows.push(...history.ended);
    }
    return {
      seq: page.seq,
      rows,
      events: [...events.values()].sort((a, b) => a.seq - b.seq),
      ...(page.next === undefined ? {} : { more: page.next }),
    };
  }

  return {
    /**
     * The hand-over: the member stands still, the log is read, the tail reaches what was read, and then the
     * member is sent what it is owed, the answer, and all that follows, without a seam.
     */
    async subscribe(
      channel: Channel,
      member: Member,
      actor: Actor,
      request: z.infer<typeof subscribeRequest>,
      answer: (answer: SubscribeAnswer) => void,
    ): Promise<void> {
      const pause = channel.audience.pause(member);
      try {
        const { granted, refused } = await admit(actor, request.rooms);
        if (granted.length === 0) throw new RealtimeError(refused[0]!.error.code, { field: 'rooms' });
        if (new Set([...member.rooms, ...granted]).size > MAX_ROOMS)
          throw new RealtimeError('too_many_rooms', { field: 'rooms' });
        const { domainId } = actor;
        const replay =
          request.since === undefined ? undefined : await resume(domainId, granted, request.since);
        const state = replay ? undefined : await snapshot(domainId, granted);
        const { seq } = (replay ?? state)!;
        await channel.tail.reached(seq);
        const common = { success: true as const, epoch: channel.tail.epoch, seq, rooms: granted, refused };
        pause.resume(seq, granted, () =>
          answer(
            replay
              ? { ...common, recovered: true, events: replay.events }
              : { ...common, recovered: false, ...state!, seq },
          ),
        );
      } catch (error) {
        pause.abandon();
        throw error;
      }
    },

    /** A further page of rows; only of rooms that the member is in. */
    async rows(member: Member, actor: Actor, request: z.infer<typeof rowsRequest>): Promise<RowsAnswer> {
      const held = request.rooms.filter((name): name is Room => member.rooms.has(name as Room));
      if (held.length !== request.rooms.length) throw new RealtimeError('forbidden', { field: 'rooms' });
      return { success: true, ...(await this.page(actor.domainId, held, request.more)) };
    },

    /** A page of the open rows of rooms. */
    async page(domain: string, of: Room[], more: string | undefined) {
      const after = more === undefined ? {} : { after: more as Subject };
      const page = await log.snapshot(domain, { rooms: of, limit: PAGE, ...after });
      return {
        epoch: page.epoch,
        seq: page.seq,
        rows: page.rows.map(eventOf),
        ...(page.next === undefined ? {} : { more: page.next }),
      };
    },
  };
}
