import type { RealtimeEvent } from '@netbuild/realtime-protocol';
import type { HistoryEvent } from './row.ts';

/**
 * Puts an event in its place in a bounded list: by `seq`, each once, the newest `limit` of them. What only passes
 * stands there as long as nothing newer of its subject does.
 *
 * @returns a new list, or the same one where nothing changes.
 */
export function insert(
  held: readonly RealtimeEvent[],
  event: RealtimeEvent,
  limit: number,
): readonly RealtimeEvent[] {
  const isAgain = (a: RealtimeEvent, b: RealtimeEvent) =>
    a.passing && a.subject === b.subject && a.seq < b.seq;
  if (held.some((other) => isAgain(event, other))) return held;
  const list = held.some((other) => isAgain(other, event))
    ? held.filter((other) => !isAgain(other, event))
    : held;
  let at = list.length;
  while (at > 0 && list[at - 1]!.seq > event.seq) at--;
  if (list[at - 1]?.seq === event.seq || (at === 0 && list.length >= limit)) return list;
  const longer = [...list.slice(0, at), event, ...list.slice(at)];
  return longer.length > limit ? longer.slice(-limit) : longer;
}

/**
 * Several histories as one: by `seq`, each event once.
 *
 * @example
 * const told = client.history(`execution:${executionId}`);
 * const done = client.history(`process:${processInstanceId}`);
 * const story = merge(told.getSnapshot(), done.getSnapshot());
 */
export function merge(...lists: (readonly HistoryEvent[])[]): readonly HistoryEvent[] {
  const filled = lists.filter((list) => list.length > 0);
  if (filled.length < 2) return filled[0] ?? [];
  const bySeq = new Map(filled.flat().map((event) => [event.seq, event]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}
