import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop is: what everybody who is connected waits beside all else. */
export interface LoopDelay {
  /** Seconds, by quantile, since this was last asked. */
  take(): [quantile: string, seconds: number][];
  close(): void;
}

/** Milliseconds between two looks; what comes and goes in between is not seen. */
const RESOLUTION = 20;

/** Begins to look. */
export function watchLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  histogram.enable();
  // The time between two looks is part of what is measured.
  const seconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - RESOLUTION / 1000);
  return {
    take() {
      const taken: [string, number][] = [
        ['0.5', seconds(histogram.percentile(50))],
        ['0.99', seconds(histogram.percentile(99))],
        ['1', seconds(histogram.max)],
      ];
      histogram.reset();
      return taken;
    },
    close: () => void histogram.disable(),
  };
}
