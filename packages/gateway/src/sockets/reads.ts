import type { Log } from '@netbuild/realtime-log';
import {
  type ExecutionData,
  type RealtimeEvent,
  type Room,
  type Subject,
  subject,
} from '@netbuild/realtime-protocol';
import { eventOf } from '../delivery/outgoing.ts';
import { readIdOf } from '../opaque-id.ts';
import { dataOf } from '../rows.ts';

/** Places of readers that come with one snapshot; of those beyond, their next step is heard of. */
const MOST = 1000;

/**
 * How far the participants of executions have read: rows that no snapshot finds by itself, since they are not open.
 *
 * @param upTo the position of the snapshot; what was read later comes after it
 */
export async function readsOf(
  log: Pick<Log, 'rows'>,
  domain: string,
  executions: Room[],
  upTo: number,
): Promise<RealtimeEvent[]> {
  if (executions.length === 0) return [];
  const names = executions.map((room) => subject('execution', room.slice(room.indexOf(':') + 1)));
  const reads: Subject[] = [];
  for (const row of await log.rows(domain, names)) {
    const { executionId, participants } = dataOf<ExecutionData>(row);
    for (const user of participants.slice(0, MOST - reads.length))
      reads.push(subject('read', readIdOf(executionId, user)));
  }
  const rows = reads.length === 0 ? [] : await log.rows(domain, reads);
  return rows.filter(({ seq }) => seq <= upTo).map(eventOf);
}
