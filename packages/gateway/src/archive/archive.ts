import { setTimeout as sleep } from 'node:timers/promises';
import type { LeavingLog, Log } from '@netbuild/realtime-log';
import type { Logger } from 'pino';
import type { Lease } from '../lease.ts';
import { OWN_DOMAIN } from '../own-domain.ts';
import { createProjection, type Projection } from './projection.ts';
import { type ArchiveStore, TurnOver } from './store.ts';
import { withArchive } from './with-archive.ts';

/** The name under which the log keeps what is not stored yet. */
const READER = 'archive';

/** Pages of one domain before the others have their turn. */
const PAGES_IN_A_ROW = 20;

/** What the store of messages is made of. */
export interface ArchiveTools {
  /** The log as it is. */
  log: LeavingLog;
  /** None: nothing is stored, and what was let go of before can not be had. */
  store: ArchiveStore | undefined;
  logger: Logger;
  /** Intervals; tests are quicker. Default {@link ARCHIVE_TIMING}. */
  timing?: Partial<ArchiveTiming>;
}

/** Milliseconds. */
export interface ArchiveTiming {
  /** From the end of one round to the next: what comes meanwhile is stored at once. */
  round: number;
  /** From one look at the names of all domains to the next, and after a failure. */
  look: number;
  /** From one walk through all that is stored to the next. */
  sweep: number;
  /** Between renewals of the lease: of several nodes one stores what is said. */
  lease: number;
}

const ARCHIVE_TIMING: ArchiveTiming = { round: 200, look: 10_000, sweep: 24 * 3_600_000, lease: 10_000 };

/** How far the store of messages is behind, on the node that looks after it. */
export interface ArchiveState {
  /** Events that were not looked at yet, in the domain with the most. */
  missing: number;
  /** When all that was known of was stored, by `performance.now()`. */
  wholeAt: number;
}

/** Where what is said is kept for good, beside a log whose memory is dear. */
export interface Archive {
  /** The log, whole: with what it has let go of. */
  log: Log;
  /** Messages in the store that have one of these texts in them, also where they have gone on since. */
  naming: ArchiveStore['naming'];
  /** On this node; none while another one looks after it. */
  readonly state: ArchiveState | undefined;
  /**
   * Stores what is said, while no other node does, until the signal ends.
   *
   * @param newLease makes the lease, by the milliseconds between its renewals
   */
  run(newLease: (every: number) => Lease<number>, signal: AbortSignal): Promise<void>;
}

/** Makes an {@link Archive}. */
export function createArchive({ log, store, logger, timing }: ArchiveTools): Archive {
  const { round, look, sweep, lease: every } = { ...ARCHIVE_TIMING, ...timing };
  let state: ArchiveState | undefined;

  async function work(to: ArchiveStore, signal: AbortSignal): Promise<void> {
    const all = new Map<string, Followed>();
    const due = new Set<string>();
    const stop = log.watch((domain) => {
      if (domain !== OWN_DOMAIN) due.add(domain);
    });
    let lookAt = 0;
    let isFailing = false;
    state = { missing: 0, wholeAt: performance.now() };

    /** The names of all domains: of those that nobody here has used no watcher hears. */
    async function lookAround(): Promise<void> {
      for (const domain of await log.domains()) if (domain !== OWN_DOMAIN) due.add(domain);
      lookAt = performance.now() + look;
    }

    async function follow(domain: string): Promise<void> {
      let one = all.get(domain);
      if (!one) {
        const projection = createProjection({ domain, log, store: to, turn: await to.take(domain) });
        // Whoever had the turn before may have been cut off anywhere.
        one = { projection, missing: 0, sweepAt: 0 };
        all.set(domain, one);
      }
      for (let pages = 0; pages < PAGES_IN_A_ROW && !signal.aborted; pages++) {
        const { reached, missing } = await one.projection.advance();
        await log.keepFor(domain, READER, reached);
        one.missing = missing;
        if (missing === 0) return;
      }
      due.add(domain);
    }

    /** A page of each domain whose turn it is. */
    async function sweepSome(one: Followed): Promise<void> {
      if (one.missing > 0 || performance.now() < one.sweepAt) return;
      if (!(await one.projection.sweep())) one.sweepAt = performance.now() + sweep;
    }

    async function attempt(domain: string, step: () => Promise<void>): Promise<boolean> {
      try {
        await step();
        return true;
      } catch (err) {
        if (err instanceof TurnOver) throw err;
        if (!isFailing && !signal.aborted) logger.error({ err, domain }, 'messages could not be stored');
        due.add(domain);
        // What was given up may be done yet, later than what comes after it.
        const one = all.get(domain);
        if (one) one.sweepAt = 0;
        return false;
      }
    }

    async function oneRound(): Promise<void> {
      const domains = [...due];
      due.clear();
      let isWell = true;
      for (const domain of domains) {
        if (signal.aborted) return;
        if (!(await attempt(domain, () => follow(domain)))) isWell = false;
      }
      for (const [domain, one] of all) {
        if (signal.aborted) return;
        if (!(await attempt(domain, () => sweepSome(one)))) isWell = false;
      }
      if (isWell && isFailing) logger.info('messages are stored again');
      isFailing = !isWell;
    }

    try {
      while (!signal.aborted) {
        if (performance.now() >= lookAt) await lookAround().catch(() => undefined);
        await oneRound();
        const missing = Math.max(0, ...[...all.values()].map((one) => one.missing));
        state = { missing, wholeAt: isFailing || missing > 0 ? state.wholeAt : performance.now() };
        await sleep(isFailing ? Math.max(round, look / 10) : round, undefined, { signal, ref: false });
      }
    } catch (err) {
      // Another node has it, and this one asks for the lease again.
      if (!signal.aborted && !(err instanceof TurnOver)) throw err;
    } finally {
      stop();
      state = undefined;
    }
  }

  return {
    log: withArchive(log, { store, logger }),
    async *naming(domain, texts) {
      if (store) yield* store.naming(domain, texts);
    },
    get state() {
      return state;
    },
    async run(newLease, signal) {
      if (!store) return;
      await newLease(every).whileHeld(signal, (held) => work(store, held));
    },
  };
}

/** One domain, as far as this node has come with it. */
interface Followed {
  projection: Projection;
  missing: number;
  /** When it is walked through again, by `performance.now()`. */
  sweepAt: number;
}
