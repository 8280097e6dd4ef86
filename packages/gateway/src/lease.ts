import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@netbuild/realtime-log';
import { type Fact, type LeaseData, subject } from '@netbuild/realtime-protocol';
import { errorOf } from './error.ts';
import type { Publish } from './ingest/publish.ts';
import { OWN_DOMAIN } from './own-domain.ts';
import { dataOf } from './rows.ts';

/** How far work has come, as it says itself. */
type Reached = NonNullable<LeaseData['reached']>;

/** What a lease stands on. */
export interface LeaseTools<R extends Reached> {
  log: Pick<Log, 'rows' | 'head'>;
  publish: Publish;
  /** This node, in this run of it. */
  holder: string;
  /** Milliseconds between renewals. A lease that was not renewed for three times as long is free. Default 10,000. */
  every?: number;
  /** How far the work has come, which is kept in the lease's row for whoever has it next; none: as far as before. */
  reached?: () => R | undefined;
  /**
   * Whether it ends with the life of the log: what the work has brought may be lost then, and so may be how far it
   * had come, so it begins again from what its row says now. Default: the work goes on, and finds what is lost.
   */
  isOfLife?: boolean;
}

/**
 * Work that one node does at a time: until its signal ends, from where the one before had come to, in a life of the
 * nodes' own domain.
 */
export type Work<R extends Reached> = (
  signal: AbortSignal,
  reached: R | undefined,
  life: string,
) => Promise<void>;

/** Does work on one node at a time. */
export interface Lease<R extends Reached> {
  /**
   * Waits until the lease is this node's, and does the work for as long as it is: the work's signal ends with the
   * lease, and then it waits again. Resolves when the signal ends, after the work has.
   */
  whileHeld(signal: AbortSignal, work: Work<R>): Promise<void>;
}

/**
 * Makes a {@link Lease}. Its row in the log is all there is: renewing and taking are appends that compare it, so
 * two nodes that think it theirs for a moment (one that was frozen) are told apart by the first of them, and what
 * both of them have done was compared as well.
 */
export function createLease<R extends Reached = number>(name: string, tools: LeaseTools<R>): Lease<R> {
  const { log, publish, holder, every = 10_000, reached = () => undefined, isOfLife = false } = tools;
  const row = subject('lease', name);

  async function look(): Promise<{
    seq: number;
    life: string;
    isHeld: boolean;
    reached?: R | undefined;
  }> {
    // In this order: a row of an earlier life than the one that it is taken in would say more than there is.
    const { epoch, lives } = await log.head(OWN_DOMAIN);
    const [found] = await log.rows(OWN_DOMAIN, [row]);
    if (!found) return { seq: 0, life: epoch, isHeld: false };
    const data = dataOf<LeaseData>(found);
    // Of a life that is over: with SQLite its holder is, too; with Redis it will find its lease taken.
    const isOfThisLife = found.seq >= lives.at(-1)!.from;
    const isHeld = data.holder !== undefined && isOfThisLife;
    return { seq: found.seq, life: epoch, isHeld, reached: data.reached as R | undefined };
  }

  /** Takes, renews or gives it back as of a position; answers the new one, or nothing where somebody else was faster. */
  async function take(
    asOf: number,
    life: string,
    to: { holder: string | null; reached?: R | undefined },
  ): Promise<number | undefined> {
    const fact: Fact = {
      source: `lease/${holder}`,
      id: randomUUID(),
      type: 'lease:taken',
      time: new Date().toISOString(),
      data: { name, ...to },
      asOf,
    };
    const { results } = await publish(OWN_DOMAIN, [fact], isOfLife ? life : undefined);
    const [result] = results;
    if (result!.status === 'refused') throw result!.error;
    return result!.seqs[0];
  }

  async function acquire(
    signal: AbortSignal,
  ): Promise<{ seq: number; life: string; reached: R | undefined }> {
    let seen: { at: number; key: string } | undefined;
    for (;;) {
      // What the log can not answer now is asked again.
      const now = await look().catch(() => undefined);
      if (now) {
        const key = `${now.life}:${now.seq}`;
        // By this node's clock alone, and from when it looked: nobody has to know the time of another node.
        if (seen?.key !== key) seen = { at: performance.now(), key };
        if (!now.isHeld || performance.now() - seen.at > 3 * every) {
          // What this node has come to before is not how far the one before it has.
          const seq = await take(now.seq, now.life, { holder }).catch(() => undefined);
          if (seq !== undefined) return { seq, life: now.life, reached: now.reached };
        }
      }
      await sleep(every / 2, undefined, { signal, ref: false });
    }
  }

  /** Renews until the signal ends; rejects when the lease is somebody else's, or may be. */
  async function renew(from: number, life: string, signal: AbortSignal): Promise<number> {
    let seq = from;
    let renewed = performance.now();
    while (!signal.aborted) {
      await sleep(every, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) break;
      const next = await take(seq, life, { holder, reached: reached() }).catch((error: unknown) => {
        if (errorOf(error).code === 'life_over') throw error;
        // The others wait for three times as long.
        if (performance.now() - renewed > 2 * every) throw error;
        return seq;
      });
      if (next === undefined) throw new Error('somebody else has the lease');
      if (next !== seq) renewed = performance.now();
      seq = next;
    }
    return seq;
  }

  return {
    async whileHeld(signal, work) {
      while (!signal.aborted) {
        const taken = await acquire(signal).catch(() => undefined);
        if (taken === undefined) return;
        const ending = new AbortController();
        const end = (): void => ending.abort();
        // Of both, since the one from outside may have ended while the lease was being taken.
        const own = AbortSignal.any([signal, ending.signal]);
        const renewing = renew(taken.seq, taken.life, own)
          .catch(() => undefined)
          .finally(end);
        let hasBegun = false;
        try {
          hasBegun = !own.aborted;
          if (hasBegun) await work(own, taken.reached, taken.life);
        } finally {
          end();
          const last = await renewing;
          // So that another node need not wait.
          const to = { holder: null, reached: hasBegun ? reached() : undefined };
          if (last !== undefined) await take(last, taken.life, to).catch(() => undefined);
        }
      }
    },
  };
}
