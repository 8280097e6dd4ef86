import type { Entry, Log } from '@netbuild/realtime-log';
import {
  check,
  type ExecutionData,
  type MessageData,
  type ReadData,
  RealtimeError,
  type Room,
  room,
  type Subject,
  subject,
  type Unread,
  type UnreadAnswer,
} from '@netbuild/realtime-protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import type { Policy } from '../auth/policy.ts';
import { bearer, type Tokens } from '../auth/token.ts';
import { readIdOf } from '../opaque-id.ts';
import { dataOf } from '../rows.ts';
import { unreadAnswer } from './answers.ts';
import type { RouteDoc } from './openapi/route-doc.ts';

/** Executions in one page. */
const PAGE = 50;

/** Messages that are counted of one execution. */
const MOST_UNREAD = 100;

/** Events of one execution that are looked through for them, and how many at once. */
const MOST_LOOKED_AT = 500;
const STEP = 100;

/** Where executions begin among the rows of a room, which come by their names. */
const FIRST = 'execution/';

const unreadQuery = z.object({
  more: z.string().max(400).startsWith(FIRST).optional(),
});

const unreadDoc: RouteDoc = {
  name: 'unread',
  doc: 'How many messages of others the person has yet to read, in each execution that they take part in; in pages.',
  who: 'person',
  query: unreadQuery,
  answers: { 200: { doc: 'The counts, and the position at which they are true.', schema: unreadAnswer } },
  errors: ['invalid', 'invalid_room', 'contended'],
};

/** What counting needs. */
export interface UnreadTools {
  log: Pick<Log, 'rows' | 'readBack' | 'snapshot'>;
  tokens: Pick<Tokens, 'verify'>;
  policy: Pick<Policy, 'assertMayEnter'>;
}

/** Adds `GET /v1/unread`. The log is asked each time: what it says of a message that is gone is so at once. */
export function addUnreadRoute(server: FastifyInstance, { log, tokens, policy }: UnreadTools): void {
  server.get('/v1/unread', { config: { doc: unreadDoc } }, async (request): Promise<UnreadAnswer> => {
    const actor = await tokens.verify(bearer(request.headers.authorization));
    const { more = FIRST } = check(unreadQuery, request.query);
    const { domainId, userId } = actor;
    const own = await policy.assertMayEnter(actor, room('user', userId));
    const page = await log.snapshot(domainId, { rooms: [own], after: more as Subject, limit: PAGE });
    const rows = page.rows.filter(({ subject: name }) => name.startsWith(FIRST));
    const places = new Map(
      rows.map((row) => {
        const { executionId } = dataOf<ExecutionData>(row);
        return [subject('read', readIdOf(executionId, userId)) as Subject, executionId] as const;
      }),
    );
    const reads = new Map(
      (await log.rows(domainId, [...places.keys()])).map((row) => [row.subject, dataOf<ReadData>(row).seq]),
    );
    const counts = [...places].map(async ([name, executionId]): Promise<Unread[]> => {
      if (!(await isOpen(actor, room('execution', executionId)))) return [];
      const read = reads.get(name) ?? 0;
      return [{ executionId, read, ...(await count(domainId, userId, executionId, read, page)) }];
    });
    const { epoch, seq, next } = page;
    const executions = (await Promise.all(counts)).flat();
    return { epoch, seq, executions, ...(next?.startsWith(FIRST) ? { more: next } : {}) };
  });

  /** A policy of one's own may keep out who takes part by the rows. */
  async function isOpen(actor: Actor, name: Room): Promise<boolean> {
    try {
      await policy.assertMayEnter(actor, name);
      return true;
    } catch (error) {
      if (error instanceof RealtimeError && !error.toWire().retryable) return false;
      throw error;
    }
  }

  /** Counts backwards from the position of the answer, so that it costs what is new and not what there is. */
  async function count(
    domain: string,
    userId: string,
    executionId: string,
    read: number,
    { epoch, seq }: { epoch: string; seq: number },
  ): Promise<Pick<Unread, 'unread' | 'more'>> {
    let unread = 0;
    let before = seq + 1;
    for (let looked = 0; looked < MOST_LOOKED_AT; looked += STEP) {
      const place = { room: room('execution', executionId), before, limit: STEP };
      const page = await log.readBack(domain, place);
      // Places of one life say nothing of another.
      if (page.epoch !== epoch) throw new RealtimeError('contended');
      for (const entry of page.entries.reverse()) {
        if (entry.seq <= read) return { unread };
        if (isSaidByOther(entry, userId) && ++unread === MOST_UNREAD) return { unread, more: true };
        before = entry.seq;
      }
      if (!page.more) return { unread };
    }
    return { unread, more: true };
  }
}

/** What is edited was said before, and of what is deleted that is gone. */
function isSaidByOther({ subject: name, body }: Entry, userId: string): boolean {
  if (!name?.startsWith('message/')) return false;
  const { type, data } = JSON.parse(body) as { type: string; data: MessageData };
  return type === 'message:new' && data.userId !== userId;
}
