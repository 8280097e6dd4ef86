import type { Log } from '@netbuild/realtime-log';
import {
  type CloseCode,
  check,
  type EventsAnswer,
  isPositionGood,
  type Room,
} from '@netbuild/realtime-protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import type { Policy } from '../auth/policy.ts';
import type { Revocations } from '../auth/revocations.ts';
import { beginTerm } from '../auth/term.ts';
import { bearer, type Tokens } from '../auth/token.ts';
import type { Channel, Delivery } from '../delivery/delivery.ts';
import { type Grant, release } from '../delivery/grant.ts';
import type { BacklogLimits } from '../delivery/limits.ts';
import type { Place } from '../delivery/member.ts';
import { deliveredOf, outgoing } from '../delivery/outgoing.ts';
import { placeOf, type ReplaySince } from '../delivery/replay.ts';
import type { Drain } from '../drain.ts';
import type { Entrance } from '../limits/entrance.ts';
import type { Proxies } from '../limits/proxies.ts';
import { eventsAnswer } from './answers.ts';
import type { RouteDoc } from './openapi/route-doc.ts';
import { createStream, type Stream } from './stream.ts';

/** What reading events over HTTP needs. */
export interface EventsTools {
  log: Log;
  tokens: Tokens;
  revocations: Pick<Revocations, 'watch'>;
  policy: Policy;
  delivery: Delivery;
  replay: ReplaySince;
  drain: Drain;
  entrance: Entrance;
  proxies: Proxies;
  backlog: BacklogLimits;
  logger: Logger;
  /** Hears of each stream that is ended here. */
  onClose?: ((code: CloseCode) => void) | undefined;
}

/** The streams that are open. */
export interface Streams {
  readonly count: number;
}

/** Events in one page. */
const PAGE = 500;

const position = z.string().max(100).optional();
const eventsQuery = z.object({ room: z.string(), since: position, before: position });
const lastEventId = z.string().max(100).optional();

const eventsDoc: RouteDoc = {
  name: 'events',
  doc: "A room's events: since a position, before one, or the last ones; or as a stream, from now or a position on.",
  who: 'person',
  query: eventsQuery,
  headers: z.object({ 'last-event-id': lastEventId }),
  answers: {
    200: [
      { doc: 'A page of them.', schema: eventsAnswer },
      { doc: 'The stream, where the request accepts one.', type: 'text/event-stream' },
    ],
  },
  errors: ['invalid', 'invalid_room', 'invalid_position'],
};

/** Adds `GET /v1/events`: pages of a room's events, and the same as a stream that goes on. */
export function addEventsRoute(server: FastifyInstance, tools: EventsTools): Streams {
  const { log, tokens, revocations, policy, delivery, replay, drain, backlog, logger } = tools;
  const { entrance, proxies } = tools;
  let count = 0;

  server.get('/v1/events', { exposeHeadRoute: false, config: { doc: eventsDoc } }, async (request, reply) => {
    const actor = await tokens.verify(bearer(request.headers.authorization));
    const query = check(eventsQuery, request.query);
    const isStream = request.headers.accept?.includes('text/event-stream') ?? false;
    const channel = await delivery.channel(actor.domainId);
    const before = query.before === undefined ? undefined : placeOf(query.before, 'before');
    // A browser that comes back sends the id with the address that it first asked for.
    const known = isStream && check(lastEventId, request.headers['last-event-id']);
    const since = known || query.since;
    const from = since === undefined ? undefined : placeOf(since, known ? 'last-event-id' : 'since');
    if (isStream) {
      const address = proxies.addressOf(request.raw);
      entrance.assertMayKnock(address);
      entrance.assertMayEnter(actor);
      const grant = await policy.grant(actor, query.room, channel);
      return stream(reply, address, actor, channel, grant, from);
    }
    const room = await policy.assertMayEnter(actor, query.room);
    return (from && (await after(actor, channel, room, from))) ?? back(actor, room, before);
  });

  async function after(
    { domainId }: Actor,
    channel: Channel,
    room: Room,
    from: Place,
  ): Promise<EventsAnswer | undefined> {
    const found = await replay(domainId, channel, [room], from, PAGE);
    if (!found) return undefined;
    const { epoch, seq, more, owed } = found;
    return { epoch, seq, recovered: true, more, events: owed.map(deliveredOf) };
  }

  /** The events before a position, or the last ones where there is none that can be relied on. */
  async function back({ domainId }: Actor, room: Room, before: Place | undefined): Promise<EventsAnswer> {
    const { lives, seq: head } = await log.head(domainId);
    const isKnown =
      before !== undefined && before.seq <= head + 1 && isPositionGood(lives, before.epoch, before.seq - 1);
    const range = { room, limit: PAGE, ...(isKnown ? { before: before.seq } : {}) };
    const { epoch, seq, more, entries } = await log.readBack(domainId, range);
    const events = entries.map((entry) =>
      deliveredOf({ item: outgoing(entry, epoch), left: !entry.rooms.includes(room) }),
    );
    // Backwards `more` are older ones; after a fresh start nothing newer is missing.
    if (!isKnown) return { epoch, seq, recovered: false, more: false, events };
    return { epoch, seq: events.at(-1)?.seq ?? Math.max(before.seq - 1, 0), recovered: true, more, events };
  }

  function stream(
    reply: FastifyReply,
    address: string,
    actor: Actor,
    channel: Channel,
    grant: Grant,
    from: Place | undefined,
  ): FastifyReply {
    reply.hijack();
    // It may have gone before it came; nobody would hear of its end any more.
    if (reply.raw.destroyed) {
      release(grant);
      return reply;
    }
    const member = createStream(reply.raw, backlog, tools.onClose);
    count++;
    const visit = entrance.visit(address);
    visit.known();
    const leave = entrance.enter(actor);
    channel.audience.add(member);
    const term = beginTerm(actor, revocations, { onEnd: (code) => member.close(code, 0) });
    const left = drain.add(async (retryAfter) => member.close('stopping', retryAfter));
    reply.raw.on('close', () => {
      count--;
      term.stop();
      visit.end();
      leave();
      left();
      channel.audience.remove(member);
    });
    // A connection that has ended is no failure of ours.
    reply.raw.on('error', () => undefined);
    handOver(member, actor, channel, grant, from)
      .catch((err: unknown) => {
        logger.error({ err }, 'a stream could not begin');
        reply.raw.destroy();
      })
      .finally(() => {
        if (!member.rooms.has(grant.room)) release(grant);
      });
    return reply;
  }

  /** From what has happened to what happens, without a seam: in pages, and the last one while it stands still. */
  async function handOver(
    member: Stream,
    { domainId }: Actor,
    channel: Channel,
    grant: Grant,
    from: Place | undefined,
  ): Promise<void> {
    const { audience, tail } = channel;
    const { room } = grant;
    let place = from;
    // A long past is read for nobody who has gone meanwhile.
    while (member.isOpen) {
      const pause = audience.pause(member);
      const page = place && (await replay(domainId, channel, [room], place, PAGE));
      // Only the first position is the reader's own; another one that is lost means that the log went back.
      if (place !== from && !page) return member.close('rewound');
      const start = page ?? { epoch: tail.epoch, seq: tail.seq, owed: [], more: false };
      if (place === from) member.ready({ epoch: start.epoch, seq: page ? from!.seq : start.seq }, !!page);
      const isWhole = !start.more && (await tail.reached(start.seq, start.epoch));
      const lostAt = grant.watch?.lostAt;
      if (lostAt && lostAt.seq <= start.seq) return member.left([room], lostAt);
      if (isWhole) {
        pause.resume(start, [grant], () => member.take(start.owed, start.epoch));
        return;
      }
      pause.abandon();
      member.take(start.owed, start.epoch);
      await member.settled();
      place = { epoch: start.epoch, seq: start.seq };
    }
  }

  return {
    get count() {
      return count;
    },
  };
}
