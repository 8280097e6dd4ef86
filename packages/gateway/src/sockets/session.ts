import { setTimeout as sleep } from 'node:timers/promises';
import {
  CLOSES,
  type CloseCode,
  type Closing,
  COMMANDS,
  check,
  RealtimeError,
  type Room,
  room,
  type SubscribeAnswer,
  type TokenAnswer,
  type TokenExpiring,
  type WireError,
} from '@netbuild/realtime-protocol';
import type { Logger } from 'pino';
import { z } from 'zod';
import { ownRooms } from '../auth/actor.ts';
import type { Policy } from '../auth/policy.ts';
import type { Revocations } from '../auth/revocations.ts';
import { beginTerm } from '../auth/term.ts';
import type { Tokens } from '../auth/token.ts';
import type { Execute } from '../commands/commands.ts';
import type { Channel, Delivery } from '../delivery/delivery.ts';
import { lasting, release } from '../delivery/grant.ts';
import type { BacklogLimits } from '../delivery/limits.ts';
import { comeBackAfter, type Drain } from '../drain.ts';
import { errorOf } from '../error.ts';
import type { Entrance } from '../limits/entrance.ts';
import type { Limits } from '../limits/limits.ts';
import type { Pace } from '../limits/pace.ts';
import type { Audit } from '../ops/audit.ts';
import { watchBacklog } from './backlog.ts';
import { createCompany } from './company.ts';
import { refuseLarge } from './packet-size.ts';
import { sizeOf } from './parser.ts';
import { createQueue } from './queue.ts';
import { recheck } from './recheck.ts';
import { isServed, refuse } from './refuse.ts';
import { type createSubscriptions, MAX_ROOMS, rowsRequest, subscribeRequest } from './subscribe.ts';
import { createMember, type WireSocket } from './wire-socket.ts';

/** What a session needs. */
export interface SessionTools {
  tokens: Tokens;
  revocations: Pick<Revocations, 'watch'>;
  delivery: Delivery;
  policy: Policy;
  execute: Execute;
  subscriptions: ReturnType<typeof createSubscriptions>;
  drain: Drain;
  backlog: BacklogLimits;
  limits: Limits;
  /** Full buckets for a new socket. */
  newPace: () => Pace;
  entrance: Entrance;
  audit: Audit;
  logger: Logger;
  /** Hears of each connection that is ended here. */
  onClose?: ((code: CloseCode) => void) | undefined;
}

/** Requests of one socket that may wait; a person's burst fits, a flood is told to slow down. */
const MOST_WAITING = 1000;

/** Milliseconds that what is under way has to finish when the node stops. */
const GRACE = 5000;

/** Milliseconds that the last words have to be read; a polling client hears them with its next poll. */
export const PARTING = 2000;

/** Milliseconds that an answer to a subscribe has to get out before the next in line is let in. */
const SETTLE = 500;

const roomId = z.string().min(1).max(255);
const tokenRequest = z.object({ token: z.unknown() });
const unsubscribeRequest = z.object({ rooms: z.array(z.string()).max(MAX_ROOMS) });

/**
 * Serves one socket from its handshake to its end.
 * What it asks is done in the order in which it was sent, joins and commands alike; handlers stand before the
 * first await, so that what a client sent before it was connected is heard.
 */
export function serveSession(socket: WireSocket, tools: SessionTools): void {
  const { data } = socket;
  const { isSdk } = data;
  const { domainId } = data.actor;
  const member = createMember(socket, (code) => end(code));
  const backlog = watchBacklog(socket.conn, tools.backlog, () => end('behind'));
  const queue = createQueue(MOST_WAITING);
  const pace = tools.newPace();
  const leave = tools.entrance.enter(data.actor);
  const opening = tools.delivery.channel(domainId);

  /** It is over with the first reason: what was on its way already may give more of them. */
  let isEnding = false;

  function end(code: CloseCode): void {
    if (!socket.connected || isEnding) return;
    isEnding = true;
    if (code === 'behind') {
      tools.onClose?.(code);
      tools.logger.warn({ userId: data.actor.userId }, 'a socket that reads too slowly was cut');
      backlog.cut();
    } else if (code === 'too_fast') {
      tools.audit.closed(data.actor, code);
      part(code, tools.entrance.sendOff(data.actor));
    } else part(code, code === 'token_expired' || code === 'renewed' ? 0 : comeBackAfter());
  }

  /** Says why and when to come back, and ends the connection. */
  function part(code: CloseCode, retryAfter: number): void {
    tools.onClose?.(code);
    const closing: Closing = { code, ...CLOSES[code], retryAfter };
    socket.emit('closing', closing);
    // A stock client comes back by itself where its transport ends, and never where the server disconnects it.
    if (closing.comeBack) socket.conn.close();
    else socket.disconnect(true);
    // It waits for what is to be sent before, and who does not read would stay.
    backlog.cutAfter(PARTING);
  }

  /** Answers one kind of request, in its turn. */
  function serve(
    event: string,
    work: (input: unknown, channel: Channel, answer: (value: unknown) => void) => Promise<void>,
  ): void {
    socket.on(event, (...said: unknown[]) => {
      const last = said.at(-1);
      const ack = typeof last === 'function' ? (last as (value: unknown) => void) : undefined;
      const input = said[0] === last && ack ? undefined : said[0];
      const refuse = (thrown: unknown): void => {
        const error = errorOf(thrown);
        tools.audit.asked(data.actor, event, input, error);
        if (error.code === 'internal') tools.logger.error({ err: thrown, event }, 'request failed');
        if (ack) ack({ success: false, error: error.toWire() });
        else socket.emit('refused', { event, error: error.toWire() });
      };
      // Who wants no acknowledgement still hears of a refusal.
      const heard = (answer: unknown): void => {
        const { success, error } = answer as { success: boolean; error?: WireError };
        if (!success) socket.emit('refused', { event, error });
      };
      const size = sizeOf(input);
      const tooMuch = pace.ask(event, size);
      if (tooMuch) {
        refuse(tooMuch);
        return pace.isOver ? end('too_fast') : undefined;
      }
      const accepted = queue.add(async () => {
        try {
          await work(input, await opening, ack ?? heard);
        } catch (thrown) {
          refuse(thrown);
        }
        pace.done(size);
      });
      if (accepted) return;
      pace.done(size);
      const message = tools.drain.isOn
        ? 'This node is stopping.'
        : 'Too many requests are waiting on this socket.';
      refuse(new RealtimeError('busy', { message }));
    });
  }

  function serveRoomsOf(kind: 'process' | 'execution'): void {
    serve(`join-${kind}`, async (id, channel, answer) => {
      if (member.rooms.size >= tools.limits.rooms) throw new RealtimeError('too_many_rooms');
      const grant = await tools.policy.grant(data.actor, named(kind, id), channel);
      const { room: name } = grant;
      // It may have been lost already, between two looks at the log.
      if (grant.watch?.lostAt) {
        release(grant);
        throw new RealtimeError('contended');
      }
      channel.audience.enter(member, [grant]);
      answer({ success: true, room: name, epoch: channel.tail.epoch, seq: channel.tail.seq });
    });
    serve(`leave-${kind}`, async (id, channel, answer) => {
      const name = named(kind, id);
      channel.audience.leave(member, [name]);
      answer({ success: true, room: name, epoch: channel.tail.epoch, seq: channel.tail.seq });
    });
  }

  queue.add(async () => {
    try {
      const channel = await opening;
      const rooms = ownRooms(data.actor);
      // It may have gone before it came.
      if (!socket.connected) return;
      channel.audience.add(member, channel.tail.epoch);
      if (!isSdk) channel.audience.enter(member, lasting(rooms));
      const { userId, groups } = data.actor;
      socket.emit('ready', {
        userId,
        domainId,
        groups,
        rooms,
        epoch: channel.tail.epoch,
        seq: channel.tail.seq,
      });
    } catch (thrown) {
      tools.logger.error({ err: thrown }, 'session could not begin');
      part('stopping', comeBackAfter());
    }
  });
  serveRoomsOf('process');
  serveRoomsOf('execution');
  serve('subscribe', async (input, channel, answer) => {
    const request = check(subscribeRequest, input);
    const { actor } = data;
    const settled = () => backlog.settled(SETTLE);
    const isHere = () => socket.connected;
    const told = (value: SubscribeAnswer): void => {
      for (const { room, error } of value.success ? value.refused : [])
        tools.audit.asked(actor, 'subscribe', { rooms: [room] }, error);
      answer(value);
    };
    await tools.subscriptions.subscribe({ channel, member, actor, request, answer: told, isHere, settled });
  });
  serve('rows', async (input, _channel, answer) => {
    answer(await tools.subscriptions.rows(member, data.actor, check(rowsRequest, input)));
  });
  serve('unsubscribe', async (input, channel, answer) => {
    channel.audience.leave(member, check(unsubscribeRequest, input).rooms as Room[]);
    answer({ success: true, revision: member.revision });
  });
  const company = createCompany(member, data.actor.userId);
  serve('presence', async (input, channel, answer) => answer(company.presence(input, channel)));
  serve('typing', async (input, channel, answer) => answer(company.typing(input, channel)));
  serve('token', async (input, channel, answer) => {
    const next = await tools.tokens.verify(check(tokenRequest, input).token);
    if (next.userId !== data.actor.userId || next.domainId !== domainId) {
      const message = 'This is the token of somebody else; make a connection of their own with it.';
      throw new RealtimeError('token_invalid', { message });
    }
    const isHere = () => socket.connected;
    await recheck({ member, isHere, isPlain: !isSdk, channel, policy: tools.policy }, next);
    if (!socket.connected) return;
    const before = ownRooms(data.actor);
    data.actor = next;
    term.renew(next);
    answer({ success: true, expires: next.expires } satisfies TokenAnswer);
    // An SDK hears at its connect alone which rooms are its own; a plain socket has entered them.
    if (isSdk && ownRooms(next).some((name) => !before.includes(name))) end('renewed');
  });
  for (const name of Object.keys(COMMANDS)) {
    serve(name, async (input, _channel, answer) => {
      answer(await tools.execute(data.actor, name, input));
    });
  }
  serveUnknown(socket, pace);
  refuseLarge(socket, tools.limits);
  socket.conn.on('packet', () => {
    pace.packet();
    if (pace.isOver) end('too_fast');
  });

  const term = beginTerm(data.actor, tools.revocations, {
    onExpiring: (expires) => socket.emit('token:expiring', { expires } satisfies TokenExpiring),
    onEnd: end,
  });
  const left = tools.drain.add(async (retryAfter) => {
    await Promise.race([queue.finish(), sleep(GRACE, undefined, { ref: false })]);
    part('stopping', retryAfter);
  });
  socket.on('disconnect', () => {
    term.stop();
    left();
    leave();
    opening.then((channel) => channel.audience.remove(member)).catch(() => undefined);
  });
}

function named(kind: 'process' | 'execution', id: unknown): Room {
  const parsed = roomId.safeParse(id);
  if (!parsed.success)
    throw new RealtimeError('invalid_room', { field: 'id', message: `The id of the ${kind} is not valid.` });
  return room(kind, parsed.data);
}

function serveUnknown(socket: WireSocket, pace: Pace): void {
  socket.onAny((event: string, ...said: unknown[]) => {
    if (isServed(socket, event)) return;
    const message = `There is no command ${String(event).slice(0, 100)}.`;
    const refusal = pace.ask(event, 0) ?? new RealtimeError('unknown_command', { message });
    refuse(socket, [event, ...said], refusal);
  });
}
