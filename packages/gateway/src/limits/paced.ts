import type { Actor } from '../auth/actor.ts';
import type { Execute } from '../commands/commands.ts';
import { errorOf } from '../error.ts';
import type { Audit } from '../ops/audit.ts';
import { createBuckets } from './buckets.ts';
import type { Entrance } from './entrance.ts';
import type { Kind, Limits } from './limits.ts';
import { kindOf } from './pace.ts';
import { tooMany } from './too-many.ts';

/** What commands are held to the limits by. */
export interface PacedTools {
  limits: Pick<Limits, 'requests'>;
  entrance: Pick<Entrance, 'assertMayEnter' | 'enter'>;
  audit: Pick<Audit, 'asked'>;
}

/**
 * The same commands for who has no socket: a person has the buckets of one, whatever number of requests they come by,
 * and each command that is under way is a connection of theirs.
 */
export function paced(execute: Execute, { limits, entrance, audit }: PacedTools): Execute {
  const { engine, chat, rooms } = limits.requests;
  const buckets = { engine: createBuckets(engine), chat: createBuckets(chat), rooms: createBuckets(rooms) };

  function begin(actor: Actor, kind: Kind): () => void {
    const wait = buckets[kind].take(JSON.stringify([actor.domainId, actor.userId]));
    if (wait > 0) throw tooMany(wait);
    entrance.assertMayEnter(actor);
    return entrance.enter(actor);
  }

  return async (actor, name, input) => {
    let end: () => void;
    try {
      end = begin(actor, kindOf(name));
    } catch (thrown) {
      const error = errorOf(thrown);
      audit.asked(actor, name, input, error);
      return { success: false, error: error.toWire() };
    }
    try {
      return await execute(actor, name, input);
    } finally {
      end();
    }
  };
}
