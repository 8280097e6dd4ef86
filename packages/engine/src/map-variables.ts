import type { EngineCommand, HistoryEvent } from '@netbuild/realtime-protocol';
import { type Of, processOf, type Report } from './report.ts';

type VariableEvent = Of<'variable'>;

/** What a fact says of variables. */
export interface VariablesReport {
  set: Record<string, string | number | boolean | null>;
  remove: string[];
  omit: string[];
}

/**
 * The variables of process instances: one report an instance, in the place of its first.
 *
 * Those of other scopes (a subprocess, an element's input) come to nothing: no row is theirs.
 */
export function mapVariables(events: HistoryEvent[], command: EngineCommand): Map<HistoryEvent, Report[]> {
  const ending = new Set(
    events.flatMap((event) => (event.kind === 'process' && event.event === 'end' ? [event.id] : [])),
  );
  const instances = new Map<string, VariableEvent[]>();
  for (const event of events) {
    if (event.kind !== 'variable' || event.taskId || !event.processInstanceId) continue;
    if (event.activityInstanceId && event.activityInstanceId !== event.processInstanceId) continue;
    // An instance takes its variables along; its row keeps what they were.
    if (event.event === 'delete' && ending.has(event.processInstanceId)) continue;
    const own = instances.get(event.processInstanceId);
    if (own) own.push(event);
    else instances.set(event.processInstanceId, [event]);
  }
  return new Map(
    [...instances].map(([id, own]) => {
      const data = { ...processOf(own[0]!), by: command.userId, variables: variablesOf(own) };
      const report = {
        id: `process/${id}/variables/${command.id}`,
        type: 'process:updated',
        data,
        from: own,
      };
      return [own[0]!, [report]];
    }),
  );
}

/** What a command has done to the variables of one scope. Of one that was changed more than once, the last word counts. */
export function variablesOf(events: VariableEvent[]): VariablesReport {
  const last = [...new Map(events.map((event) => [event.name, event])).values()];
  const isRemoved = ({ event }: VariableEvent) => event === 'delete';
  const isOmitted = ({ omitted, value }: VariableEvent) => omitted === true || value === undefined;
  const kept = last.filter((event) => !isRemoved(event));
  return {
    set: Object.fromEntries(
      kept.filter((event) => !isOmitted(event)).map(({ name, value }) => [name, value!]),
    ),
    remove: last.filter(isRemoved).map(({ name }) => name),
    omit: kept.filter(isOmitted).map(({ name }) => name),
  };
}
