import type { Log, StoredRow } from '@netbuild/realtime-log';
import {
  type AgentData,
  AT_WORK,
  DEFAULT_AGENT_TTL,
  type Fact,
  type Subject,
} from '@netbuild/realtime-protocol';
import type { Logger } from 'pino';
import type { Publish } from '../ingest/publish.ts';
import { type Rounds, startRounds } from '../rounds.ts';
import { dataOf, openRows } from '../rows.ts';

/** What looking for silence needs. */
export interface SilenceTools {
  log: Pick<Log, 'domains' | 'snapshot'>;
  publish: Publish;
  /** Milliseconds from the end of one round of looks to the next. Default 2,000. */
  every?: number | undefined;
  /** The clock that nobody sets, in milliseconds; tests have one that goes when it is told to. */
  clock?: (() => number) | undefined;
  logger: Logger;
}

/** A row as it was first seen. */
interface Seen {
  seq: number;
  /** By the clock. */
  at: number;
}

const PAGE = 500;

/**
 * Ends the runs of agents that give no sign of life. Nobody compares clocks: a row that this node has seen unchanged
 * for the time of its lease, less the two looks that may lie at its ends, is ended as of that position, so not if its
 * agent says something meanwhile, and once, whichever node is first. A node that has just begun has seen nothing yet,
 * so that nobody is taken for silent who had no gateway to talk to.
 */
export function watchSilence({
  log,
  publish,
  every = 2000,
  clock = () => performance.now(),
  logger,
}: SilenceTools): Rounds {
  const seen = new Map<string, Map<Subject, Seen>>();

  async function look(domain: string, signal: AbortSignal): Promise<void> {
    const before = seen.get(domain);
    const now = new Map<Subject, Seen>();
    for await (const page of openRows(log, domain, AT_WORK, PAGE)) {
      const silent: StoredRow[] = [];
      for (const row of page) {
        const known = before?.get(row.subject);
        const first = known?.seq === row.seq ? known : { seq: row.seq, at: clock() };
        now.set(row.subject, first);
        if (clock() - first.at >= patienceWith(dataOf<AgentData>(row))) silent.push(row);
      }
      if (signal.aborted) return;
      if (silent.length > 0) await publish(domain, silent.map(endOf));
    }
    if (now.size > 0) seen.set(domain, now);
    else seen.delete(domain);
  }

  function patienceWith({ ttl = DEFAULT_AGENT_TTL }: AgentData): number {
    return Math.max(ttl / 2, ttl - 2 * every);
  }

  return startRounds({
    log,
    every,
    look,
    onTrouble: (err) => logger.warn({ err }, 'agents that are silent could not be looked for'),
  });
}

function endOf({ subject, seq, ...row }: StoredRow): Fact {
  const { agentId, state } = dataOf<AgentData>(row);
  const why =
    state === 'stopping'
      ? { reason: 'stopped', failure: 'It was asked to stop, and has not answered.' }
      : { reason: 'silent', failure: 'It gave no sign of life any more.' };
  return {
    source: 'agents',
    id: `silent/${subject}/${seq}`,
    type: 'agent:failed',
    time: new Date().toISOString(),
    data: { agentId, ...why },
    asOf: seq,
  };
}
