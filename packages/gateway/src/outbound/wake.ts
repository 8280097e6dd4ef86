import type { Log } from '@netbuild/realtime-log';

/** Wakes whoever waits for news of a domain's log. */
export interface Wake {
  /** Resolves when there is something that was not there at the last call; or after so many milliseconds, or with the signal. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  stop(): void;
}

/**
 * Makes a {@link Wake}. Wake-ups may be lost, so nobody waits for one alone.
 *
 * @param heard called with the last place in the log that was heard of
 */
export function createWake(log: Pick<Log, 'watch'>, domain: string, heard: (seq: number) => void): Wake {
  let isNews = false;
  let wake = (): void => undefined;
  const stop = log.watch((changed, entries) => {
    if (changed !== domain) return;
    heard(entries.at(-1)!.seq);
    isNews = true;
    wake();
  });
  return {
    async wait(milliseconds, signal) {
      if (!isNews && !signal.aborted)
        await new Promise<void>((resolve) => {
          const end = (): void => {
            clearTimeout(timer);
            signal.removeEventListener('abort', end);
            resolve();
          };
          const timer = setTimeout(end, milliseconds).unref();
          signal.addEventListener('abort', end);
          wake = end;
        });
      isNews = false;
    },
    stop,
  };
}
