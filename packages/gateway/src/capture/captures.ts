import { randomUUID } from 'node:crypto';
import type { Load } from '@netbuild/realtime-engine';
import type { Log } from '@netbuild/realtime-log';
import type { SubjectKind } from '@netbuild/realtime-protocol';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { enginesOf } from '../config/engines.ts';
import type { Publish } from '../ingest/publish.ts';
import { instanceOf } from '../instance.ts';
import { type CaptureTiming, captureEngine } from './capture.ts';
import { createRelays, type Relays } from './relays.ts';

/** All engines of a gateway, as far as reconcile looks after them. */
export interface Captures {
  relays: Relays;
  /** Begins to capture. */
  start(): void;
  /** Ends what is under way, and gives the leases back. */
  close(): Promise<void>;
}

/** What capturing stands on. */
export interface CapturesTools {
  config: Config;
  log: Log;
  publish: Publish;
  logger: Logger;
  onCorrected: (kind: SubjectKind) => void;
  /** What is not for operators; tests are quicker than engines. */
  timing?: Partial<CaptureTiming> | undefined;
}

/** Makes the captures of one node; of several, one looks after an engine at a time. */
export function createCaptures({ config, timing, ...tools }: CapturesTools): Captures {
  const engines = enginesOf(config).filter(({ capture }) => capture !== 'plugin');
  const holder = `${instanceOf(config)}/${randomUUID().slice(0, 8)}`;
  const load: Load = {
    concurrent: config.ENGINE_CONCURRENCY,
    perSecond: config.ENGINE_REQUESTS_PER_SECOND,
  };
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  return {
    relays: createRelays(tools, new Set(engines.map(({ name }) => name))),
    start() {
      const work = engines.map((engine) =>
        captureEngine(
          {
            ...tools,
            engine,
            holder,
            load,
            home: config.DEFAULT_DOMAIN,
            timing: {
              lookEvery: config.POLL_INTERVAL_MS,
              sweepEvery: config.SWEEP_INTERVAL_MS,
              overlap: config.OVERLAP_MS,
              silence: config.RELAY_SILENCE_MS,
              ...timing,
            },
          },
          stopping.signal,
        ).catch((err: unknown) => tools.logger.error({ err, engine: engine.name }, 'capturing has ended')),
      );
      running = Promise.all(work);
    },
    async close() {
      stopping.abort();
      await running;
    },
  };
}
