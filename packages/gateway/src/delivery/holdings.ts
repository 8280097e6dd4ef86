import type { Room } from '@netbuild/realtime-protocol';
import { type Grant, release } from './grant.ts';
import type { Member } from './member.ts';
import type { Watch } from './standing.ts';

/** The grants that can end, and whose they are. What can not end is not kept. */
export interface Holdings {
  /** Has a grant in the place of the one before. */
  keep(member: Member, grant: Grant): void;
  drop(member: Member, room: Room): void;
  has(member: Member, grant: Grant): boolean;
  holderOf(watch: Watch): [Member, Grant] | undefined;
  /** Those that are to be asked for again by now; each is named once. */
  due(now: number): [Grant, Member][];
}

/** Makes holdings of nobody. */
export function createHoldings(): Holdings {
  const grants = new Map<Member, Map<Room, Grant>>();
  const holders = new Map<Watch, [Member, Grant]>();
  const ending = new Map<Grant, Member>();

  function drop(member: Member, room: Room): void {
    const own = grants.get(member);
    const grant = own?.get(room);
    if (!own || !grant) return;
    own.delete(room);
    if (own.size === 0) grants.delete(member);
    ending.delete(grant);
    if (grant.watch) holders.delete(grant.watch);
    release(grant);
  }

  return {
    drop,
    keep(member, grant) {
      drop(member, grant.room);
      if (!grant.watch && grant.due === undefined) return;
      if (grant.watch) holders.set(grant.watch, [member, grant]);
      if (grant.due !== undefined) ending.set(grant, member);
      const own = grants.get(member);
      if (own) own.set(grant.room, grant);
      else grants.set(member, new Map([[grant.room, grant]]));
    },
    has: (member, grant) => grants.get(member)?.get(grant.room) === grant,
    holderOf: (watch) => holders.get(watch),
    due(now) {
      const found = [...ending].filter(([{ due }]) => due! <= now);
      for (const [grant] of found) ending.delete(grant);
      return found;
    },
  };
}
