import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry, Log } from '@netbuild/realtime-log';
import {
  type Fact,
  REVOKED,
  RealtimeError,
  type RevocationData,
  revocationSubject,
  type Subject,
} from '@netbuild/realtime-protocol';
import type { Tail } from '../delivery/tail.ts';
import type { Publish } from '../ingest/publish.ts';
import { OWN_DOMAIN } from '../own-domain.ts';
import { dataOf, openRows } from '../rows.ts';
import type { Actor } from './actor.ts';
import { createRevokedTokens, isRevokedBy } from './revoked.ts';

/** What is to be revoked: a token by its id, or what was issued before a time, to one user or to all in the domain. */
export type Revocation = Omit<RevocationData, 'revoked' | 'over'>;

/** Tokens that are valid no more, though they have not ended. They stand in the log, so each node knows of them. */
export interface Revocations {
  /**
   * Revokes. Resolves once it is in the log and known here; the other nodes hear of it through their tails.
   *
   * @throws {@link RealtimeError} `invalid` where too many stand
   */
  revoke(revocation: Revocation): Promise<{ epoch: string; seq: number }>;
  /** Those that stand in a domain. */
  list(domain: string): Promise<RevocationData[]>;
  /** @throws {@link RealtimeError} `token_revoked`, or `storage_unavailable` where nobody can say */
  assertStands(actor: Actor): Promise<void>;
  /** Calls back once when the token of somebody who was let in is revoked; returns the way to stop listening. */
  watch(actor: Actor, then: () => void): () => void;
  close(): void;
}

/** The time before which everything was issued up to now. Tokens have whole seconds: one of this second counts. */
export const issuedByNow = (): number => Math.floor(Date.now() / 1000) + 1;

/** What revocations stand on. */
export interface RevocationTools {
  log: Pick<Log, 'snapshot'>;
  publish: Publish;
  /** Follows the log's own domain from now on; `rewound`: it no longer has what was heard last. */
  tail: (hear: (entries: Entry[]) => void, rewound: () => void) => Promise<Tail>;
  /** Seconds that a token may live at most; none: as long as it says. */
  maxLife?: number | undefined;
  /** The most that stand, of all domains together. */
  most?: number;
}

/** Rows that are read at once. */
const PAGE = 500;

/** Milliseconds between two attempts to tell a log what it has lost. */
const AGAIN = 1000;

/** Milliseconds between two looks for those that are over. */
const PRUNE_EVERY = 3_600_000;

/** Makes the revocations of one node. It reads those that stand when it is first asked, and follows them from there. */
export function createRevocations(tools: RevocationTools): Revocations {
  const { log, publish, maxLife, most = 100_000 } = tools;
  const tokens = createRevokedTokens(maxLife);
  const watches = new Set<{ actor: Actor; then: () => void }>();
  let following: Promise<Tail> | undefined;
  let isClosed = false;

  function learn(revocation: RevocationData): void {
    tokens.add(revocation);
    for (const watch of watches) {
      if (!isRevokedBy(revocation, watch.actor)) continue;
      watches.delete(watch);
      watch.then();
    }
  }

  /** Hears what is told from now on, and then reads what stands: to hear a revocation twice is no matter. */
  async function follow(): Promise<Tail> {
    const hear = (entries: Entry[]): void => {
      for (const entry of entries) if (entry.rooms.includes(REVOKED)) learn(dataOf<RevocationData>(entry));
    };
    const tail = await tools.tail(hear, () => void restore());
    try {
      for await (const revocation of standing(log)) learn(revocation);
    } catch (error) {
      tail.close();
      throw error;
    }
    await prune();
    return tail;
  }

  /** Known here or to another node, and gone from the log by a failover: it is told again, and a second time is no news. */
  async function restore(): Promise<void> {
    while (!isClosed) {
      try {
        const rows = new Set<Subject>();
        for await (const row of standing(log)) {
          rows.add(revocationSubject(row));
          learn(row);
        }
        const lost = [...tokens.values()].filter((one) => !rows.has(revocationSubject(one)));
        return await tell(lost.map(({ revoked, over, ...revocation }) => madeFact(revocation)));
      } catch {
        await sleep(AGAIN, undefined, { ref: false });
      }
    }
  }

  async function prune(): Promise<void> {
    // What can not be written down now is found again by the next that starts.
    await tell(tokens.prune().map(overFact)).catch(() => undefined);
  }

  async function tell(facts: Fact[]): Promise<void> {
    if (facts.length > 0) await publish(OWN_DOMAIN, facts);
  }

  /** A log that could not be read is asked again at the next call. */
  function followed(): Promise<Tail> {
    following ??= follow().catch((error) => {
      following = undefined;
      throw error;
    });
    return following;
  }

  const pruning = setInterval(() => void prune(), PRUNE_EVERY).unref();

  return {
    async revoke(revocation) {
      const tail = await followed();
      const isOfAll = (revocation.token ?? revocation.user) === undefined;
      if (tokens.size >= most && !isOfAll) {
        const message = `${most} revocations stand already: revoke what was issued in the domain before a time instead.`;
        throw new RealtimeError('invalid', { message });
      }
      const { epoch, seq, results } = await publish(OWN_DOMAIN, [madeFact(revocation)]);
      if (results[0]!.status === 'refused') throw results[0]!.error;
      // Whoever asks this node next is answered by it.
      await tail.reached(seq, epoch);
      // It may be of what others were of.
      if (isOfAll) await prune();
      return { epoch, seq };
    },
    async list(domain) {
      await followed();
      return [...tokens.values()].filter((one) => one.domain === domain);
    },
    async assertStands(actor) {
      await followed();
      if (tokens.covers(actor)) throw new RealtimeError('token_revoked');
    },
    watch(actor, then) {
      const watch = { actor, then };
      watches.add(watch);
      // It may have been revoked since it was checked.
      if (tokens.covers(actor)) queueMicrotask(() => watches.delete(watch) && then());
      return () => watches.delete(watch);
    },
    close() {
      isClosed = true;
      clearInterval(pruning);
      following?.then((tail) => tail.close()).catch(() => undefined);
    },
  };
}

async function* standing(log: Pick<Log, 'snapshot'>): AsyncGenerator<RevocationData> {
  for await (const page of openRows(log, OWN_DOMAIN, REVOKED, PAGE)) yield* page.map(dataOf<RevocationData>);
}

function madeFact(data: Revocation): Fact {
  return { ...newFact(), type: 'revocation:made', data };
}

function overFact(data: RevocationData): Fact {
  return { ...newFact(), type: 'revocation:over', data };
}

function newFact(): Omit<Fact, 'type' | 'data'> {
  return { source: 'gateway/revocations', id: randomUUID(), time: new Date().toISOString() };
}
