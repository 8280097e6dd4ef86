import type { HistoryEvent } from '@netbuild/realtime-protocol';

/** What a mapper says of events; the rest of the fact is the same for all of a command. */
export interface Report {
  /** Entity and transition; the occurrence too, for transitions that repeat. */
  id: string;
  type: string;
  data: object;
  /** What it was made of. */
  from: HistoryEvent[];
}

/** Of one kind. */
export type Of<K extends HistoryEvent['kind']> = Extract<HistoryEvent, { kind: K }>;

/** Where an event belongs. */
export function processOf(event: HistoryEvent) {
  return {
    processInstanceId: event.processInstanceId,
    rootProcessInstanceId: event.rootProcessInstanceId,
    processDefinitionId: event.processDefinitionId,
    processDefinitionKey: event.processDefinitionKey,
    processDefinitionName: event.processDefinitionName,
  };
}
