import { randomUUID } from 'node:crypto';
import type { Load } from '@netbuild/realtime-engine';
import type { Log } from '@netbuild/realtime-log';
import type { SubjectKind } from '@netbuild/realtime-protocol';
import type { Logger } from 'pino';
import type { EngineSettings } from '../config/engines.ts';
import type { Publish } from '../ingest/publish.ts';
import { wholeFact } from '../whole.ts';
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
  engines: EngineSettings[];
  log: Log;
  publish: Publish;
  logger: Logger;
  /** The domain in which sources say that all of theirs is there. */
  home: string;
  /** What this node is called. */
  instance: string;
  timing: CaptureTiming;
  load: Load;
  onCorrected: (kind: SubjectKind) => void;
}

/** Makes the captures of one node; of several, one looks after an engine at a time. */
export function createCaptures({ engines: all, instance, ...tools }: CapturesTools): Captures {
  const engines = all.filter(({ capture }) => capture !== 'plugin');
  // A node that was started again under its name is not the one that had the lease.
  const holder = `${instance}/${randomUUID().slice(0, 8)}`;
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  return {
    relays: createRelays(tools, new Set(engines.map(({ name }) => name))),
    start() {
      const work = engines.map((engine) =>
        captureEngine({ ...tools, engine, holder }, stopping.signal).catch((err: unknown) =>
          tools.logger.error({ err, engine: engine.name }, 'capturing has ended'),
        ),
      );
      // What an engine's REST was waited for is the relay's to say now.
      const left = all
        .filter(({ capture }) => capture === 'plugin')
        .map(({ name }) =>
          tools.publish(tools.home, [wholeFact(`rest/${name}`, null)]).catch((err: unknown) => {
            tools.logger.warn({ err, engine: name }, 'the log could not be told that reconcile is off');
          }),
        );
      running = Promise.all([...work, ...left]);
    },
    async close() {
      stopping.abort();
      await running;
    },
  };
}
