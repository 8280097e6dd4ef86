import { type Log, LogError } from '@netbuild/realtime-log';
import {
  type CommandName,
  type CommandPayload,
  parseRoom,
  RealtimeError,
  type Room,
  room,
} from '@netbuild/realtime-protocol';
import type { Channel } from '../delivery/delivery.ts';
import type { Grant } from '../delivery/grant.ts';
import type { Watch } from '../delivery/standing.ts';
import { type Actor, ownRooms } from './actor.ts';
import type { AskEngine } from './ask-engine.ts';
import { createCommandRights } from './command-rights.ts';
import type { AskedCommand, OwnPolicy } from './own-policy.ts';
import { names } from './pattern.ts';
import { createRights } from './rights.ts';
import { DEFAULT_ROLES, isModerator, isOpenByRole, type Roles } from './roles.ts';

/** Who may enter which room, and send which command. */
export interface Policy {
  /**
   * Decides for now.
   *
   * @throws {@link RealtimeError} `invalid_room`, or `forbidden` (for what is not there, too)
   */
  assertMayEnter(actor: Actor, name: unknown): Promise<Room>;
  /**
   * Decides for as long as somebody is there: the grant looks after the rows that justify it, and whoever does not
   * use it has to release it.
   *
   * @throws the same
   */
  grant(actor: Actor, name: unknown, channel: Pick<Channel, 'standing' | 'tail'>): Promise<Grant>;
  /** @throws {@link RealtimeError} `forbidden`, or why a right of theirs does not hold (`message_closed`) */
  assertMay<N extends CommandName>(actor: Actor, name: N, payload: CommandPayload<N>): Promise<void>;
}

/** What a policy may be made of beside the log. */
export interface PolicyOptions {
  roles?: Roles | undefined;
  own?: OwnPolicy | undefined;
  /** Asks the engine as the person, where the rows know no right. */
  askEngine?: AskEngine | undefined;
  /** Milliseconds for which people may edit what they have said. Default: a day. */
  editFor?: number | undefined;
}

const DAY = 24 * 60 * 60 * 1000;

/** What a decision has found. */
interface Decision {
  may: boolean;
  watch?: Watch | undefined;
  /** Milliseconds until it is asked for again. */
  holds?: number | undefined;
}

const NO: Decision = { may: false };

/**
 * Makes the policy. In this order: what the token says (the own rooms, and those of its claim `rooms`), what its roles
 * open, what the rows know, and the engine where it is asked. A policy of one's own has the last word.
 */
export function createPolicy(
  log: Pick<Log, 'rows' | 'meetings'>,
  { roles = DEFAULT_ROLES, own = {}, askEngine, editFor = DAY }: PolicyOptions = {},
): Policy {
  const rights = createRights(log);
  const mayCommand = createCommandRights(log, {
    mayAct,
    isModerator: (actor, name, command) => isModerator(roles, actor, name, command),
    editFor,
  });

  const isByToken = (actor: Actor, name: Room) =>
    ownRooms(actor).includes(name) || actor.rooms.some((pattern) => names(pattern, name));

  async function decide(
    actor: Actor,
    name: Room,
    channel?: Pick<Channel, 'standing' | 'tail'>,
  ): Promise<Decision> {
    if (isByToken(actor, name) || isOpenByRole(roles, actor, name)) return { may: true };
    if (channel) {
      const watch = await rights.watch(actor, name, channel);
      if (watch) return { may: true, watch };
    } else if (await rights.has(actor, name)) return { may: true };
    return (await askEngine?.(actor, name)) ?? NO;
  }

  /** The same, as the policy of one's own sees it. */
  async function judge(
    actor: Actor,
    name: Room,
    channel?: Pick<Channel, 'standing' | 'tail'>,
  ): Promise<Decision> {
    if (!own.mayEnter) return decide(actor, name, channel);
    let standard: Promise<Decision> | undefined;
    try {
      const verdict = await own.mayEnter(actor, name, async () => {
        standard ??= decide(actor, name, channel);
        return (await standard).may;
      });
      const { may, seconds } = typeof verdict === 'object' ? verdict : { may: verdict, seconds: undefined };
      const found = (await standard) ?? NO;
      if (may === true) return { ...found, may, holds: sooner(found.holds, seconds && seconds * 1000) };
      found.watch?.release();
      return NO;
    } catch (error) {
      await standard?.then(({ watch }) => watch?.release()).catch(() => undefined);
      throw refusalOf(error);
    }
  }

  async function mayAct(actor: Actor, name: Room, command: CommandName): Promise<boolean> {
    return (
      isByToken(actor, name) || isOpenByRole(roles, actor, name, command) || (await rights.has(actor, name))
    );
  }

  async function grant(
    actor: Actor,
    name: unknown,
    channel: Pick<Channel, 'standing' | 'tail'>,
  ): Promise<Grant> {
    const wanted = roomOf(name);
    const { may, watch, holds } = await judge(actor, wanted, channel);
    if (!may) throw new RealtimeError('forbidden');
    const again = () => grant(actor, name, channel);
    return { room: wanted, watch, due: holds === undefined ? undefined : Date.now() + holds, again };
  }

  return {
    grant,
    async assertMayEnter(actor, name) {
      const wanted = roomOf(name);
      const { may } = await judge(actor, wanted);
      if (!may) throw new RealtimeError('forbidden');
      return wanted;
    },
    async assertMay(actor, name, payload) {
      let refusal = new RealtimeError('forbidden');
      const standard = async (): Promise<boolean> => {
        const verdict = await mayCommand(actor, name, payload);
        if (verdict instanceof RealtimeError) refusal = verdict;
        return verdict === true;
      };
      try {
        const may = own.mayCommand
          ? await own.mayCommand(actor, { name, payload } as AskedCommand, standard)
          : await standard();
        if (may !== true) throw refusal;
      } catch (error) {
        throw own.mayCommand ? refusalOf(error) : error;
      }
    },
  };
}

/** @throws {@link RealtimeError} `invalid_room` */
function roomOf(name: unknown): Room {
  const parsed = parseRoom(name);
  if (!parsed) throw new RealtimeError('invalid_room', { field: 'room' });
  return room(parsed.kind, parsed.id);
}

/** What a policy of one's own throws is no answer, so it is a refusal; what the log or the engine say stays. */
function refusalOf(error: unknown): unknown {
  if (error instanceof RealtimeError || error instanceof LogError) return error;
  process.emitWarning(`The policy of POLICY threw: ${String(error)}`);
  return new RealtimeError('forbidden', { cause: error });
}

function sooner(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}
