import { type EngineCommand, type Fact, type HistoryEvent, historyEvent } from '@netbuild/realtime-protocol';
import { mapTasks } from './map-task.ts';
import { processOf, type Report } from './report.ts';

/** What one command of the engine comes to. */
export interface Mapped {
  /** In the order in which the engine did it, each with the tenant that it belongs to. */
  facts: { tenantId: string | undefined; fact: Fact }[];
  /** Events that no mapping knows, as they came: of a newer engine, or broken. */
  unknown: unknown[];
}

type Kind = HistoryEvent['kind'];
type Of<K extends Kind> = Extract<HistoryEvent, { kind: K }>;

/**
 * From what the plugin copied of one engine command to facts. Pure.
 *
 * @param engine the engine's name; with the fact's own id it makes the idempotency key, so a command that is
 *   delivered twice comes to the same facts
 */
export function mapCommand(engine: string, command: EngineCommand): Mapped {
  const unknown: unknown[] = [];
  const events: HistoryEvent[] = [];
  for (const raw of command.events) {
    const parsed = historyEvent.safeParse(raw);
    if (parsed.success) events.push(parsed.data);
    else unknown.push(raw);
  }
  const tasks = mapTasks(events, command);
  const updates = updatesOf(events);
  const facts = events.flatMap((event) => {
    const reports =
      event.kind === 'task' || event.kind === 'identityLink'
        ? (tasks.get(event) ?? [])
        : mapOther(event, command, updates);
    return reports.map((report) => ({
      tenantId: event.tenantId ?? undefined,
      fact: {
        source: `engine/${engine}`,
        time: new Date(command.committedAt).toISOString(),
        committedAt: command.committedAt,
        ...report,
        data: present(report.data),
      },
    }));
  });
  return { facts, unknown };
}

/**
 * The last update of each activity and each process instance in a command. Only an update tells which task or
 * instance an activity has made, and of several of an instance the last one says it all.
 */
function updatesOf(events: HistoryEvent[]): Map<string, HistoryEvent> {
  const updates = new Map<string, HistoryEvent>();
  for (const event of events) {
    if ((event.kind === 'activity' || event.kind === 'process') && event.event === 'update')
      updates.set(`${event.kind}/${event.id}`, event);
  }
  return updates;
}

function mapOther(
  event: Of<'process' | 'activity' | 'incident'>,
  command: EngineCommand,
  updates: Map<string, HistoryEvent>,
): Report[] {
  if (event.kind === 'incident') return mapIncident(event);
  const update = updates.get(`${event.kind}/${event.id}`);
  if (event.kind === 'activity') return mapActivity(event, update as Of<'activity'> | undefined);
  return event.event === 'update' && event !== update ? [] : mapProcess(event, command);
}

function mapProcess(event: Of<'process'>, command: EngineCommand): Report[] {
  const data = {
    processInstanceId: event.id,
    rootProcessInstanceId: event.rootProcessInstanceId,
    superProcessInstanceId: event.superProcessInstanceId,
    processDefinitionId: event.processDefinitionId,
    processDefinitionKey: event.processDefinitionKey,
    processDefinitionName: event.processDefinitionName,
    processDefinitionVersion: event.processDefinitionVersion,
    businessKey: event.businessKey,
    startedBy: event.startUserId,
    started: event.startTime,
    ended: event.endTime,
    deleteReason: event.deleteReason,
  };
  const id = `process/${event.id}`;
  switch (event.event) {
    case 'start':
      return [{ id: `${id}/started`, type: 'process:started', data }];
    case 'end':
      return [
        {
          id: `${id}/ended`,
          type: event.state === 'COMPLETED' ? 'process:completed' : 'process:cancelled',
          data,
        },
      ];
    case 'update':
      // It does not say what has changed; the row tells, and what it has already is no news.
      return [
        event.state === 'SUSPENDED'
          ? { id: `${id}/suspended/${command.id}`, type: 'process:suspended', data }
          : { id: `${id}/resumed/${command.id}`, type: 'process:resumed', data },
        ...(event.businessKey ? [{ id: `${id}/linked/${command.id}`, type: 'process:linked', data }] : []),
      ];
    default:
      return [];
  }
}

function mapActivity(event: Of<'activity'>, update: Of<'activity'> | undefined): Report[] {
  const data = {
    activityInstanceId: event.id,
    activityId: event.activityId,
    activityName: event.activityName,
    activityType: event.activityType,
    taskId: event.taskId ?? update?.taskId,
    calledProcessInstanceId: event.calledProcessInstanceId ?? update?.calledProcessInstanceId,
    started: event.startTime,
    ended: event.endTime,
    canceled: event.canceled,
    ...processOf(event),
  };
  if (event.event === 'start')
    return [{ id: `activity/${event.id}/started`, type: 'activity:started', data }];
  if (event.event === 'end') return [{ id: `activity/${event.id}/ended`, type: 'activity:completed', data }];
  return [];
}

function mapIncident(event: Of<'incident'>): Report[] {
  const data = {
    incidentId: event.id,
    incidentType: event.incidentType,
    message: event.message?.slice(0, 4000),
    activityId: event.failedActivityId ?? event.activityId,
    created: event.createTime,
    ended: event.endTime,
    ...processOf(event),
  };
  if (event.event === 'create') return [{ id: `incident/${event.id}/created`, type: 'process:error', data }];
  // Its instance may also be migrated; the incident goes on.
  if (event.event !== 'resolve' && event.event !== 'delete') return [];
  return [{ id: `incident/${event.id}/ended`, type: 'process:error-resolved', data }];
}

/** What a task may lose again. */
const CLEARABLE = new Set(['assignee', 'description', 'owner', 'dueDate', 'followUpDate']);

/**
 * Drops what the engine left empty; only of what a task may lose, `null` says something.
 * An empty text is none: the engine stores `""` where a form or a REST call gave it as a business key or an owner.
 */
function present(data: object): object {
  return Object.fromEntries(
    Object.entries(data)
      .map(([key, value]): [string, unknown] => [key, value === '' ? null : value])
      .filter(([key, value]) => value !== undefined && (value !== null || CLEARABLE.has(key))),
  );
}
