import type { Log } from '@netbuild/realtime-log';
import {
  forkAfter,
  RealtimeError,
  type Room,
  type RowsAnswer,
  type Subject,
  type SubscribeAnswer,
} from '@netbuild/realtime-protocol';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import type { Policy } from '../auth/policy.ts';
import type { Channel, Delivery } from '../delivery/delivery.ts';
import { type Grant, release } from '../delivery/grant.ts';
import type { Member, Place } from '../delivery/member.ts';
import { deliveredOf, eventOf } from '../delivery/outgoing.ts';
import { placeOf, type ReplaySince } from '../delivery/replay.ts';
import { errorOf } from '../error.ts';
import { createAdmission } from './admission.ts';
import { historiesOf } from './history.ts';
import { readsOf } from './reads.ts';

/** Most rooms that one request can name; a socket can be in no more, whatever LIMIT_ROOMS is. */
export const MAX_ROOMS = 500;

/** Rows in one page of a snapshot. */
const PAGE = 500;

/** Events that a resume replays at most; who is further behind is better served by a snapshot. */
const MAX_REPLAY = 5000;

/** Characters of events in one answer; beyond it a resume starts afresh, and a history begins later. */
const MAX_ANSWER = 4 * 1024 * 1024;

/** Subscribes that are answered at once; the rest waits in line, so memory does not grow with who comes back. */
const ADMITTED = 32;

const rooms = z.array(z.string()).min(1).max(MAX_ROOMS);

/** Shape of a subscribe's request. */
export const subscribeRequest = z.object({ rooms, since: z.string().max(100).optional() });

/** Shape of the request for a further page of rows. */
export const rowsRequest = z.object({ rooms, more: z.string().min(1).max(400) });

/** What subscriptions need. */
export interface SubscriptionTools {
  log: Log;
  policy: Policy;
  replay: ReplaySince;
  delivery: Delivery;
  /** Rooms that a socket can be in. */
  mostRooms: number;
  /** Hears what became of each subscribe. */
  onOutcome?: ((outcome: Outcome) => void) | undefined;
}

/**
 * What a subscribe brought: all that was missed; a snapshot in its place; the first snapshot of one that had no
 * position; or nothing.
 */
export type Outcome = 'recovered' | 'snapshot' | 'first' | 'refused';

/** One subscribe on its way. */
interface Subscribing {
  channel: Channel;
  member: Member;
  actor: Actor;
  request: z.infer<typeof subscribeRequest>;
  answer: (answer: SubscribeAnswer) => void;
  /** Whether there is still somebody to answer. */
  isHere: () => boolean;
  /** Resolves when the answer is on its way: only then the next in line is let in. */
  settled: () => Promise<void>;
}

/** Serves snapshots and resumes. */
export function createSubscriptions(tools: SubscriptionTools) {
  const { log, policy, replay, delivery, mostRooms, onOutcome = () => undefined } = tools;
  const admission = createAdmission(ADMITTED);

  async function admit(channel: Channel, actor: Actor, wanted: string[]) {
    const granted: Grant[] = [];
    const refused: { room: string; error: ReturnType<RealtimeError['toWire']> }[] = [];
    for (const name of new Set(wanted)) {
      try {
        granted.push(await policy.grant(actor, name, channel));
      } catch (thrown) {
        const error = errorOf(thrown);
        if (error.toWire().retryable) {
          granted.forEach(release);
          throw error;
        }
        refused.push({ room: name, error: error.toWire() });
      }
    }
    return { granted, refused };
  }

  /** Everything since a position, if that can be proved and is not too much; otherwise nothing. */
  async function resume(channel: Channel, domain: string, granted: Room[], since: Place) {
    const found = await replay(domain, channel, granted, since, MAX_REPLAY);
    if (!found || found.more) return undefined;
    const size = found.owed.reduce((sum, { item }) => sum + item.entry.body.length, 0);
    if (size > MAX_ANSWER) return undefined;
    return { epoch: found.epoch, seq: found.seq, events: found.owed.map(deliveredOf) };
  }

  async function snapshot(domain: string, granted: Room[]) {
    const page = await log.snapshot(domain, { rooms: granted, limit: PAGE });
    const executions = granted.filter((name) => name.startsWith('execution:'));
    const { events, ended } = await historiesOf(log, domain, executions, page.seq, MAX_ANSWER);
    const reads = await readsOf(log, domain, executions, page.seq);
    return {
      epoch: page.epoch,
      seq: page.seq,
      rows: [...page.rows.map(eventOf), ...ended, ...reads],
      events,
      ...(page.next === undefined ? {} : { more: page.next }),
    };
  }

  async function handOver({ channel, member, actor, request, answer }: Subscribing): Promise<Outcome> {
    const since = request.since === undefined ? undefined : placeOf(request.since, 'since');
    const pause = channel.audience.pause(member);
    let grants: readonly Grant[] = [];
    try {
      const { granted: admitted, refused } = await admit(channel, actor, request.rooms);
      grants = admitted;
      const granted = grants.map(({ room }) => room);
      if (granted.length === 0) throw new RealtimeError(refused[0]!.error.code, { field: 'rooms' });
      if (new Set([...member.rooms, ...granted]).size > mostRooms)
        throw new RealtimeError('too_many_rooms', { field: 'rooms' });
      const { domainId } = actor;
      const resumed = since && (await resume(channel, domainId, granted, since));
      const found = resumed
        ? { recovered: true as const, ...resumed }
        : { recovered: false as const, ...(await snapshot(domainId, granted)) };
      // What was read in a life that has ended since is no answer.
      if (!(await channel.tail.reached(found.seq, found.epoch))) throw new RealtimeError('contended');
      const forked = resumed && since && forkAfter(channel.tail.lives, since.epoch);
      const more = {
        ...(forked === undefined ? {} : { forked }),
        ...((await delivery.isRebuilding(domainId, found.epoch)) ? { rebuilding: true as const } : {}),
      };
      // Lost before the answer is true, and perhaps got again: the next one finds out.
      if (grants.some(({ watch }) => watch?.lostAt && watch.lostAt.seq <= found.seq))
        throw new RealtimeError('contended');
      const entered = grants;
      grants = [];
      pause.resume(found, entered, () =>
        answer({ success: true, rooms: granted, refused, revision: member.revision, ...found, ...more }),
      );
      if (resumed) return 'recovered';
      return since ? 'snapshot' : 'first';
    } catch (error) {
      grants.forEach(release);
      pause.abandon();
      throw error;
    }
  }

  return {
    /**
     * The hand-over: the member stands still, the log is read, the tail reaches what was read, and then the
     * member is sent what it is owed, the answer, and all that follows, without a seam.
     */
    subscribe(subscribing: Subscribing): Promise<void> {
      return admission.run(async () => {
        // Who was waited for too long has gone, and comes again: a node that is overrun must not work for those.
        if (!subscribing.isHere()) return;
        try {
          onOutcome(await handOver(subscribing));
        } catch (error) {
          onOutcome('refused');
          throw error;
        }
        await subscribing.settled();
      });
    },

    /** A further page of rows; only of rooms that the member is in. */
    async rows(member: Member, actor: Actor, request: z.infer<typeof rowsRequest>): Promise<RowsAnswer> {
      const held = request.rooms.filter((name): name is Room => member.rooms.has(name as Room));
      // Others may have been taken from it since the first page.
      if (held.length === 0) throw new RealtimeError('forbidden', { field: 'rooms' });
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
