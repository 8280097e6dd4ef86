import type { Log } from '@netbuild/realtime-log';
import {
  type ExecutionData,
  type ProcessData,
  parseRoom,
  RealtimeError,
  type Room,
  room,
  subject,
} from '@netbuild/realtime-protocol';
import { type Actor, ownRooms } from './actor.ts';

/** Who may enter which room. */
export interface Policy {
  /** @throws {@link RealtimeError} `invalid_room`, or `forbidden` (for what is not there, too) */
  assertMayEnter(actor: Actor, name: unknown): Promise<Room>;
}

/**
 * Decides by what the rows know.
 *
 * A room is yours if it is your own (`user:`, `domain:`, `group:`), or if an open row stands both in it and in
 * one of your `user:` and `group:` rooms: a task that you have or may have, an instance that you started, an
 * execution that you take part in. Who may use an execution may see its processes.
 */
export function createPolicy(log: Log): Policy {
  async function isConcerned(actor: Actor, name: Room): Promise<boolean> {
    // What all of a domain share makes nobody concerned.
    const mine = ownRooms(actor).filter((own) => own !== room('domain', actor.domainId));
    return (await log.meeting(actor.domainId, name, mine)) !== undefined;
  }

  async function dataOf<T>(actor: Actor, name: Parameters<typeof subject>): Promise<T | undefined> {
    const [row] = await log.rows(actor.domainId, [subject(...name)]);
    return row && (JSON.parse(row.body) as { data: T }).data;
  }

  async function mayUseExecution(actor: Actor, id: string): Promise<boolean> {
    const execution = await dataOf<ExecutionData>(actor, ['execution', id]);
    return execution?.participants.includes(actor.userId) || isConcerned(actor, room('execution', id));
  }

  async function maySeeProcess(actor: Actor, id: string): Promise<boolean> {
    const instance = await dataOf<ProcessData>(actor, ['process', id]);
    if (instance?.startedBy === actor.userId) return true;
    if (await isConcerned(actor, room('process', id))) return true;
    return instance?.executionId !== undefined && mayUseExecution(actor, instance.executionId);
  }

  return {
    async assertMayEnter(actor, name) {
      const parsed = parseRoom(name);
      if (!parsed) throw new RealtimeError('invalid_room', { field: 'room' });
      const wanted = room(parsed.kind, parsed.id);
      const may =
        parsed.kind === 'execution'
          ? await mayUseExecution(actor, parsed.id)
          : parsed.kind === 'process'
            ? await maySeeProcess(actor, parsed.id)
            : ownRooms(actor).includes(wanted);
      if (!may) throw new RealtimeError('forbidden');
      return wanted;
    },
  };
}
