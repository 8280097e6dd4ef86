import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@netbuild/realtime-log';

/** What rounds are made of. */
export interface RoundTools {
  log: Pick<Log, 'domains'>;
  /** Milliseconds from the end of one round to the next. */
  every: number;
  /** Looks after one domain; it may stop early once the signal has ended. */
  look(domain: string, signal: AbortSignal): Promise<void>;
  /** Hears of a round that could not be ended. The next one begins anew. */
  onTrouble(error: unknown): void;
}

/** Rounds that go on. */
export interface Rounds {
  /** Begins with no other domain; resolves when the look that is under way is done. */
  close(): Promise<void>;
}

/** Looks after all domains, one after the other, again and again. */
export function startRounds({ log, every, look, onTrouble }: RoundTools): Rounds {
  const stopping = new AbortController();
  const { signal } = stopping;
  const rest = (ms: number) => sleep(ms, undefined, { ref: false, signal });

  async function run(): Promise<void> {
    for (;;) {
      await rest(every);
      try {
        for (const domain of await log.domains()) {
          if (signal.aborted) return;
          const began = performance.now();
          await look(domain, signal);
          // However many there are, the storage has at least half of its time for others.
          await rest(performance.now() - began);
        }
      } catch (error) {
        if (!signal.aborted) onTrouble(error);
      }
    }
  }

  const running = run().catch(() => undefined);
  return {
    async close() {
      stopping.abort();
      await running;
    },
  };
}
