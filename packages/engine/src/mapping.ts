import { type EngineCommand, type Fact, type HistoryEvent, historyEvent } from '@netbuild/realtime-protocol';
import { mapTasks } from './map-task.ts';
import { mapVariables } from './map-variables.ts';
import { type Of, processOf, type Report } from './report.ts';

/** What one command of the engine comes to. */
export interface Mapped {
  /** In the order in which the engine did it, each with the tenant that it belongs to. */
  facts: MappedFact[];
  /** Events that no mapping knows, as they came: of a newer engine, or broken. */
  unknown: unknown[];
}

/** One fact of the engine's. */
export interface MappedFact {
  tenantId: string | undefined;
  fact: Fact;
  /** The events that it was made of, as they came: a command of these alone comes to the same fact. */
  from: unknown[];
}

/** The engine that rows do not name. */
const DEFAULT_ENGINE = 'default';

/**
 * From what the plugin copied of one engine command to facts. Pure.
 *
 * @param engine the engine's name; with the fact's own id it makes the idempotency key, so a command that is
 *   delivered twice comes to the same facts
 */
export function mapCommand(engine: string, command: EngineCommand): Mapped {
  const unknown: unknown[] = [];
  const raw = new Map<HistoryEvent, unknown>();
  for (const event of command.events) {
    const parsed = historyEvent.safeParse(event);
    if (parsed.success) raw.set(parsed.data, event);
    else unknown.push(event);
  }
  const events = [...raw.keys()];
  const tasks = mapTasks(events, command);
  const variables = mapVariables(events, command);
  const last = lastOf(events);
  const reportsOf = (event: HistoryEvent): Report[] => {
    switch (event.kind) {
      case 'task':
      case 'identityLink':
        return tasks.get(event) ?? [];
      case 'variable':
        return tasks.get(event) ?? variables.get(event) ?? [];
      default:
        return mapOther(event, command, last);
    }
  };
  const named = engine === DEFAULT_ENGINE ? {} : { engine };
  const facts = events.flatMap((event) =>
    reportsOf(event).map(({ id, type, data, from }) => ({
      tenantId: event.tenantId || undefined,
      fact: {
        source: `engine/${engine}`,
        time: new Date(command.committedAt).toISOString(),
        committedAt: command.committedAt,
        id,
        type,
        data: { ...present(data), ...named },
      },
      from: from.map((one) => raw.get(one)),
    })),
  );
  return { facts, unknown };
}

type Kind = HistoryEvent['kind'];

/** The last of what can happen to something more than once in a command: it says it all. */
type Last = Map<string, HistoryEvent>;

const MANIFOLD = new Set(['update', 'migrate']);
const nameOf = (kind: Kind, event: string, id: string) => `${kind}/${event}/${id}`;

/**
 * The last update, and the last migration, of each process instance, activity and incident in a command. Only an
 * update tells which task or instance an activity has made.
 */
function lastOf(events: HistoryEvent[]): Last {
  const last: Last = new Map();
  for (const event of events) {
    if ('id' in event && MANIFOLD.has(event.event))
      last.set(nameOf(event.kind, event.event, event.id), event);
  }
  return last;
}

function mapOther(
  event: Of<'process' | 'activity' | 'incident'>,
  command: EngineCommand,
  last: Last,
): Report[] {
  const { kind, id } = event;
  if (MANIFOLD.has(event.event) && last.get(nameOf(kind, event.event, id)) !== event) return [];
  if (kind === 'incident') return mapIncident(event, command);
  if (kind === 'process') return mapProcess(event, command);
  return mapActivity(event, last.get(nameOf(kind, 'update', id)) as Of<'activity'> | undefined, command);
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
    by: command.userId,
  };
  const id = `process/${event.id}`;
  const from = [event];
  switch (event.event) {
    case 'start':
      return [{ id: `${id}/started`, type: 'process:started', data, from }];
    case 'end':
      return [
        {
          id: `${id}/ended`,
          type: event.state === 'COMPLETED' ? 'process:completed' : 'process:cancelled',
          data,
          from,
        },
      ];
    case 'update':
      // It does not say what has changed; the row tells, and what it has already is no news.
      return [
        event.state === 'SUSPENDED'
          ? { id: `${id}/suspended/${command.id}`, type: 'process:suspended', data, from }
          : { id: `${id}/resumed/${command.id}`, type: 'process:resumed', data, from },
        ...(event.businessKey
          ? [{ id: `${id}/linked/${command.id}`, type: 'process:linked', data, from }]
          : []),
      ];
    case 'migrate':
      return [{ id: `${id}/migrated/${command.id}`, type: 'process:updated', data, from }];
    default:
      return [];
  }
}

function mapActivity(
  event: Of<'activity'>,
  update: Of<'activity'> | undefined,
  command: EngineCommand,
): Report[] {
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
  const from = update && update !== event ? [event, update] : [event];
  if (event.event === 'start')
    return [{ id: `activity/${event.id}/started`, type: 'activity:started', data, from }];
  if (event.event === 'end')
    return [{ id: `activity/${event.id}/ended`, type: 'activity:completed', data, from }];
  if (event.event === 'migrate')
    return [{ id: `activity/${event.id}/migrated/${command.id}`, type: 'activity:updated', data, from }];
  return [];
}

/** What an incident's `configuration` is, by the incident's type. */
const CONFIGURATIONS: Record<string, string> = { failedJob: 'jobId', failedExternalTask: 'externalTaskId' };

function mapIncident(event: Of<'incident'>, command: EngineCommand): Report[] {
  const configuration = CONFIGURATIONS[event.incidentType ?? ''];
  const data = {
    incidentId: event.id,
    incidentType: event.incidentType,
    message: event.message?.slice(0, 4000),
    activityId: event.failedActivityId ?? event.activityId,
    ...(configuration ? { [configuration]: event.configuration } : {}),
    rootCauseIncidentId: event.rootCauseIncidentId === event.id ? undefined : event.rootCauseIncidentId,
    created: event.createTime,
    ended: event.endTime,
    by: command.userId,
    ...processOf(event),
  };
  const from = [event];
  if (event.event === 'create')
    return [{ id: `incident/${event.id}/created`, type: 'process:error', data, from }];
  // Its instance may be migrated; the incident goes on, perhaps at another element.
  if (event.event === 'migrate') {
    const id = `incident/${event.id}/migrated/${command.id}`;
    return [{ id, type: 'process:error-updated', data, from }];
  }
  if (event.event !== 'resolve' && event.event !== 'delete') return [];
  return [{ id: `incident/${event.id}/ended`, type: 'process:error-resolved', data, from }];
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
