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
  /** Begins to capture an engine, once, whatever it is asked later under that name. */
  add(engine: EngineSettings): void;
  /** Ends what is under way, and gives the leases back. */
  close(): Promise<void>;
}

/** What capturing stands on. */
export interface CapturesTools {
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
export function createCaptures({ instance, ...tools }: CapturesTools): Captures {
  // A node that was started again under its name is not the one that had the lease.
  const holder = `${instance}/${randomUUID().slice(0, 8)}`;
  const stopping = new AbortController();
  const running = new Map<string, Promise<void>>();
  /** Engines that reconcile looks after. */
  const captured = new Set<string>();

  async function begin(engine: EngineSettings): Promise<void> {
    const { name } = engine;
    try {
      if (captured.has(name)) await captureEngine({ ...tools, engine, holder }, stopping.signal);
      // What an engine's REST was waited for is the relay's to say now.
      else await tools.publish(tools.home, [wholeFact(`rest/${name}`, null)]);
    } catch (err) {
      tools.logger.error({ err, engine: name }, 'capturing has ended');
    }
  }

  return {
    relays: createRelays(tools, captured),
    add(engine) {
      if (running.has(engine.name) || stopping.signal.aborted) return;
      if (engine.capture !== 'plugin') captured.add(engine.name);
      running.set(engine.name, begin(engine));
    },
    async close() {
      stopping.abort();
      await Promise.all(running.values());
    },
  };
}
