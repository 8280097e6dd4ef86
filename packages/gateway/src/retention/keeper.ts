import { setTimeout as sleep } from 'node:timers/promises';
import type { Log, Retention } from '@netbuild/realtime-log';
import type { Logger } from 'pino';
import { OWN_DOMAIN } from '../own-domain.ts';

/** What a keeper needs. */
export interface KeeperTools {
  log: Log;
  retention: Retention;
  logger: Logger;
  /** Milliseconds from the end of one round to the next; the first comes after as long. */
  every?: number;
}

/** Sees to it that the logs of all domains keep no more than they should. */
export interface Keeper {
  /** Begins no other share; resolves when the one under way is done. */
  close(): Promise<void>;
}

/** Some rounds a day would do for what is kept by days; what was erased is gone from the disk after one. */
const EVERY = 10 * 60_000;

/** Events of the nodes' own domain that are kept: leases are renewed all the time, and only their rows are read again. */
const OWN_EVENTS = 1000;

/** Makes a keeper that goes through all domains in turn. Several nodes may do so: what one has trimmed, others find done. */
export function createKeeper({ log, retention, logger, every = EVERY }: KeeperTools): Keeper {
  const stopping = new AbortController();
  const { signal } = stopping;
  const rest = (ms: number) => sleep(ms, undefined, { ref: false, signal });

  /** A share at a time, and a rest as long as each took, so that appends have at least half of the storage. */
  async function trim(domain: string): Promise<void> {
    const keep = domain === OWN_DOMAIN ? { ...retention, events: { count: OWN_EVENTS } } : retention;
    for (let more = true; more && !signal.aborted; ) {
      const began = performance.now();
      const trimmed = await log.trim(domain, keep);
      ({ more } = trimmed);
      const { floor, behind } = trimmed;
      if (!more && behind.length > 0)
        logger.warn(
          { domain, floor, behind },
          'readers were left behind: what they still needed is forgotten',
        );
      if (more) await rest(performance.now() - began);
    }
  }

  /** The next round tries again; until then the log keeps more than it should. */
  function failed(err: unknown, domain?: string): void {
    if (!signal.aborted) logger.error({ err, domain }, 'the log could not be trimmed');
  }

  async function run(): Promise<void> {
    for (;;) {
      await rest(every);
      try {
        for (const domain of await log.domains()) {
          if (signal.aborted) return;
          // One that is damaged must not keep the others from being trimmed.
          await trim(domain).catch((err: unknown) => failed(err, domain));
        }
      } catch (err) {
        failed(err);
      }
    }
  }

  const running = run().catch(() => undefined);
  return {
    close() {
      stopping.abort();
      return running;
    },
  };
}
