import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@netbuild/realtime-log';
import { type Fact, type LeaseData, subject } from '@netbuild/realtime-protocol';
import type { Publish } from '../ingest/publish.ts';
import { OWN_DOMAIN } from '../own-domain.ts';
import { dataOf } from '../rows.ts';

/** What a lease stands on. */
export interface LeaseTools {
  log: Pick<Log, 'rows' | 'head'>;
  publish: Publish;
  /** This node, in this run of it. */
  holder: string;
  /** Milliseconds between renewals. A lease that was not renewed for three times as long is free. Default 10,000. */
  every?: number;
  /** How far the work has come, which is kept in the lease's row for whoever has it next; none: as far as before. */
  reached?: () => number | undefined;
}

/** Work that one node does at a time: until its signal ends, from where the one before had come to. */
export type Work = (signal: AbortSignal, reached: number | undefined) => Promise<void>;

/** Does work on one node at a time. */
export interface Lease {
  /**
   * Waits until the lease is this node's, and does the work for as long as it is: the work's signal ends with the
   * lease, and then it waits again. Resolves when the signal ends, after the work has.
   */
  whileHeld(signal: AbortSignal, work: Work): Promise<void>;
}

/**
 * Makes a {@link Lease}. Its row in the log is all there is: renewing and taking are appends that compare it, so
 * two nodes that think it theirs for a moment (one that was frozen) are told apart by the first of them, and what
 * both of them have done was compared as well.
 */
export function createLease(name: string, tools: LeaseTools): Lease {
  const { log, publish, holder, every = 10_000, reached = () => undefined } = tools;
  const row = subject('lease', name);

  async function look(): Promise<{
    seq: number;
    life: string;
    isHeld: boolean;
    reached?: number | undefined;
  }> {
    const [found] = await log.rows(OWN_DOMAIN, [row]);
    const { epoch, lives } = await log.head(OWN_DOMAIN);
    if (!found) return { seq: 0, life: epoch, isHeld: false };
    const data = dataOf<LeaseData>(found);
    // Of a life that is over: with SQLite its holder is, too; with Redis it will find its lease taken.
    const isOfThisLife = found.seq >= lives.at(-1)!.from;
    const isHeld = data.holder !== undefined && isOfThisLife;
    return { seq: found.seq, life: epoch, isHeld, reached: data.reached };
  }

  /** Takes or renews it as of a position; answers the new one, or nothing where somebody else was faster. */
  async function take(asOf: number, to: string | null = holder): Promise<number | undefined> {
    const fact: Fact = {
      source: `lease/${holder}`,
      id: randomUUID(),
      type: 'lease:taken',
      time: new Date().toISOString(),
      data: { name, holder: to, reached: reached() },
      asOf,
    };
    const { results } = await publish(OWN_DOMAIN, [fact]);
    const [result] = results;
    if (result!.status === 'refused') throw result!.error;
    return result!.seqs[0];
  }

  async function acquire(signal: AbortSignal): Promise<{ seq: number; reached: number | undefined }> {
    let seen: { at: number; key: string } | undefined;
    for (;;) {
      // What the log can not answer now is asked again.
      const now = await look().catch(() => undefined);
      if (now) {
        const key = `${now.life}:${now.seq}`;
        // By this node's clock alone, and from when it looked: nobody has to know the time of another node.
        if (seen?.key !== key) seen = { at: performance.now(), key };
        if (!now.isHeld || performance.now() - seen.at > 3 * every) {
          const seq = await take(now.seq).catch(() => undefined);
          if (seq !== undefined) return { seq, reached: now.reached };
        }
      }
      await sleep(every / 2, undefined, { signal, ref: false });
    }
  }

  /** Renews until the signal ends; rejects when the lease is somebody else's, or may be. */
  async function renew(from: number, signal: AbortSignal): Promise<number> {
    let seq = from;
    let renewed = performance.now();
    while (!signal.aborted) {
      await sleep(every, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) break;
      const next = await take(seq).catch((error: unknown) => {
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
        const renewing = renew(taken.seq, own)
          .catch(() => undefined)
          .finally(end);
        try {
          if (!own.aborted) await work(own, taken.reached);
        } finally {
          end();
          const last = await renewing;
          // So that another node need not wait.
          if (last !== undefined) await take(last, null).catch(() => undefined);
        }
      }
    },
  };
}
