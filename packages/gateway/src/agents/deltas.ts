import type { Log } from '@netbuild/realtime-log';
import {
  type AgentData,
  AT_WORK,
  assertAtWork,
  check,
  EPHEMERAL,
  RealtimeError,
  type Room,
  subject,
} from '@netbuild/realtime-protocol';
import type { Delivery } from '../delivery/delivery.ts';
import { dataOf } from '../rows.ts';

/**
 * Says on the screens what an agent is saying, before it is durable. Without a text it is a question whether the run
 * may go on, which costs no event.
 *
 * @throws {RealtimeError} `invalid`, `too_large`, `not_found`, `agent_ended`, `agent_stopped`
 */
export type SayDelta = (domain: string, data: unknown) => Promise<void>;

/** What deltas need. */
export interface DeltaTools {
  log: Pick<Log, 'rows'>;
  delivery: Pick<Delivery, 'channel'>;
}

/** A run as its row was a moment ago. */
interface Known {
  run: AgentData;
  rooms: Room[];
}

/** The most characters of one: fifty thousand bytes, however they are written. */
const MAX_DELTA = 8192;

/** Milliseconds for which a row is taken for what it was: so long it may take until a stop is heard of. */
const FRESH = 500;

/** Runs beyond which those are let go that have said nothing for a while. */
const MANY = 1000;

/** Makes the way of deltas. Where they go is said by the run's row, not by who says them. */
export function createDeltas({ log, delivery }: DeltaTools): SayDelta {
  const known = new Map<string, { at: number; reading: Promise<Known> }>();

  async function read(domain: string, agentId: string): Promise<Known> {
    const [row] = await log.rows(domain, [subject('agent', agentId)]);
    if (!row)
      throw new RealtimeError('not_found', { field: 'data.agentId', message: 'There is no such run.' });
    const rooms = row.rooms.filter((name) => name !== AT_WORK);
    return { run: dataOf<AgentData>(row), rooms };
  }

  /** Those that come at once ask the log together. */
  function lately(domain: string, agentId: string): Promise<Known> {
    const key = JSON.stringify([domain, agentId]);
    const now = performance.now();
    const found = known.get(key);
    if (found && now - found.at < FRESH) return found.reading;
    if (known.size > MANY) for (const [name, { at }] of known) if (now - at >= FRESH) known.delete(name);
    const reading = read(domain, agentId);
    known.set(key, { at: now, reading });
    reading.catch(() => known.delete(key));
    return reading;
  }

  return async (domain, data) => {
    const said = check(EPHEMERAL['agent:delta'].data, data, ['data']);
    if (said.text.length > MAX_DELTA)
      throw new RealtimeError('too_large', {
        field: 'data.text',
        message: `data.text: A delta has at most ${MAX_DELTA} characters.`,
      });
    const { run, rooms } = await lately(domain, said.agentId);
    assertAtWork(run);
    if (said.text === '' || rooms.length === 0) return;
    (await delivery.channel(domain)).whisper({ type: 'agent:delta', rooms, data: said });
  };
}
