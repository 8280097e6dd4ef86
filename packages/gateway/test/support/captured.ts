import type { Log } from '@netbuild/realtime-log';
import type { RealtimeEvent, Subject } from '@netbuild/realtime-protocol';
import type { GatewayParts } from '../../src/gateway.ts';
import { type Bench, startBench } from './gateway.ts';
import { linesOf } from './lines.ts';
import type { RestEngine } from './rest-engine.ts';

/** A gateway that captures an engine, and what it has logged from warnings on. */
export interface Captured {
  bench: Bench;
  lines: () => object[];
  /** The row of a subject, as the event that it is. */
  row(name: Subject, domain?: string): Promise<RealtimeEvent<string> | undefined>;
  /** The types of all events about a subject, in order. */
  types(name: Subject, domain?: string): Promise<string[]>;
}

/** Starts one that looks often and sweeps hardly ever, unless it is told otherwise. */
export async function startCaptured(
  engine: RestEngine,
  environment: Record<string, string> = {},
  parts: Partial<Pick<GatewayParts, 'log' | 'capture'>> = {},
): Promise<Captured> {
  const { logger, lines } = linesOf();
  const bench = await startBench(
    {
      CAMUNDA_URL: engine.url,
      CAMUNDA_CAPTURE: 'rest',
      POLL_INTERVAL_MS: '20',
      SWEEP_INTERVAL_MS: '3600000',
      ENGINE_REQUESTS_PER_SECOND: '100000',
      ...environment,
    },
    { logger, ...parts, capture: { retryAfter: 20, ...parts.capture } },
  );
  return {
    bench,
    lines,
    row: (name, domain = 'default') => rowIn(bench.log, domain, name),
    async types(name, domain = 'default') {
      const { entries } = await bench.log.read(domain, { after: 0, limit: 10_000 });
      return entries
        .filter(({ subject }) => subject === name)
        .map(({ body }) => (JSON.parse(body) as RealtimeEvent).type);
    },
  };
}

async function rowIn(log: Log, domain: string, name: Subject) {
  const [found] = await log.rows(domain, [name]);
  return found && { ...(JSON.parse(found.body) as RealtimeEvent<string>), seq: found.seq };
}
