import {
  decisionOfVariables,
  type EngineCommand,
  type HistoryEvent,
  type TaskData,
  variablesOfApproval,
} from '@netbuild/realtime-protocol';
import { variablesOf } from './map-variables.ts';
import { type Of, processOf, type Report } from './report.ts';

type TaskEvent = Of<'task'>;

/** A candidate who was added, or removed. */
type Link = Pick<Of<'identityLink'>, 'event' | 'userId' | 'groupId'>;

/** All that one engine command did to one task, up to its end. */
interface Change {
  /** The event whose place in the command the report takes: the creation, or else the task's first, or a link. */
  at: HistoryEvent;
  created: boolean;
  /** The task as the last event of the command shows it. */
  newest: TaskEvent | undefined;
  links: Link[];
  variables: Of<'variable'>[];
  from: HistoryEvent[];
}

/**
 * The engine tells a task's beginning in pieces (its candidates, the creation, a redundant update); one command
 * comes to one report a task, and one more for its end.
 *
 * @returns the reports by the event in whose place they stand
 */
export function mapTasks(events: HistoryEvent[], command: EngineCommand): Map<HistoryEvent, Report[]> {
  const changes = new Map<string, Change>();
  const reports = new Map<HistoryEvent, Report[]>();
  const ending = new Set(
    events.flatMap((event) => (event.kind === 'task' && isEnd(event) ? [event.id] : [])),
  );
  for (const event of events) {
    if (event.kind === 'task') {
      if (isEnd(event)) reports.set(event, [ended(event, events, command)]);
      else {
        const change = changeOf(changes, event.id, event);
        // The task's own event, since a link need not name the tenant.
        if (event.event === 'create' || !change.newest) change.at = event;
        if (event.event === 'create') {
          change.created = true;
          change.links.unshift(...candidatesOf(event));
        }
        change.newest = event;
      }
    } else if (event.kind === 'identityLink' && event.taskId && event.type === 'candidate') {
      changeOf(changes, event.taskId, event).links.push(event);
    } else if (event.kind === 'variable' && event.taskId) {
      // A task takes its variables along; its row keeps what they were.
      if (event.event === 'delete' && ending.has(event.taskId)) continue;
      changeOf(changes, event.taskId, event).variables.push(event);
    }
  }
  for (const [taskId, change] of changes) {
    reports.set(change.at, [...opened(taskId, change, command), ...(reports.get(change.at) ?? [])]);
  }
  return reports;
}

function isEnd({ event }: TaskEvent): boolean {
  return event === 'complete' || event === 'delete';
}

function changeOf(changes: Map<string, Change>, taskId: string, at: HistoryEvent): Change {
  let change = changes.get(taskId);
  if (!change) {
    change = { at, created: false, newest: undefined, links: [], variables: [], from: [] };
    changes.set(taskId, change);
  }
  change.from.push(at);
  return change;
}

/** Those that a creation names itself, where the engine's history level has no identity links. */
function candidatesOf({ candidateUsers, candidateGroups }: TaskEvent): Link[] {
  return [
    ...(candidateUsers ?? []).map((userId) => ({ event: 'add', userId })),
    ...(candidateGroups ?? []).map((groupId) => ({ event: 'add', groupId })),
  ];
}

function opened(taskId: string, change: Change, command: EngineCommand): Report[] {
  const { created, newest, links, variables, from } = change;
  const candidates = {
    addUsers: named(links, 'add', 'userId'),
    addGroups: named(links, 'add', 'groupId'),
    removeUsers: named(links, 'delete', 'userId'),
    removeGroups: named(links, 'delete', 'groupId'),
  };
  const data = {
    ...(newest ? taskOf(newest) : { taskId }),
    by: command.userId,
    ...(links.length > 0 ? { candidates } : {}),
    ...(variables.length > 0 ? { variables: variablesOf(variables) } : {}),
  };
  return [
    created
      ? { id: `task/${taskId}/created`, type: 'task:created', data, from }
      : { id: `task/${taskId}/updated/${command.id}`, type: 'task:updated', data, from },
  ];
}

function ended(event: TaskEvent, events: HistoryEvent[], command: EngineCommand): Report {
  // A cancelled task fires "complete" too; only the reason tells them apart.
  const isCompleted = event.event === 'complete' && event.deleteReason === 'completed';
  const said = isCompleted ? variablesWith(event, events) : [];
  const values = new Map(said.map(({ name, value }) => [name, value]));
  const data = {
    ...taskOf(event),
    ...decisionOfVariables(approvalOf(event), (name) => values.get(name)),
    by: command.userId,
    ended: event.endTime ?? undefined,
  };
  return {
    id: `task/${event.id}/ended`,
    type: isCompleted ? 'task:completed' : 'task:cancelled',
    data,
    from: [event, ...said],
  };
}

/** What was decided stands in the variables that an approval was completed with, as far as they are told. */
function variablesWith(task: TaskEvent, events: HistoryEvent[]): Of<'variable'>[] {
  const settings = approvalOf(task);
  if (!settings) return [];
  const { variable, reasonVariable } = variablesOfApproval(settings);
  return events.filter(
    (event): event is Of<'variable'> =>
      event.kind === 'variable' &&
      event.processInstanceId === task.processInstanceId &&
      event.event !== 'delete' &&
      [variable, reasonVariable].includes(event.name),
  );
}

/** What the model says of a task that it makes an approval of. */
function approvalOf(event: TaskEvent): TaskData['approval'] {
  if (event.approval !== true) return undefined;
  return {
    ...(event.approvalVariable ? { variable: event.approvalVariable } : {}),
    ...(event.approvalReasonVariable ? { reasonVariable: event.approvalReasonVariable } : {}),
    ...(event.approvalReasonRequired ? { reasonRequired: true as const } : {}),
    ...(event.approvalAmong ? { among: event.approvalAmong } : {}),
    ...(event.approvalOf ? { of: event.approvalOf } : {}),
  };
}

function taskOf(event: TaskEvent) {
  return {
    taskId: event.id,
    taskName: event.name,
    description: event.description ?? null,
    taskDefinitionKey: event.taskDefinitionKey,
    activityInstanceId: event.activityInstanceId,
    assignee: event.assignee ?? null,
    owner: event.owner ?? null,
    priority: event.priority,
    dueDate: event.dueDate ?? null,
    followUpDate: event.followUpDate ?? null,
    parentTaskId: event.parentTaskId,
    created: event.startTime,
    approval: approvalOf(event),
    ...processOf(event),
  };
}

/** Who was added, or removed; of who was both, the last word counts. */
function named(links: Link[], operation: 'add' | 'delete', field: 'userId' | 'groupId'): string[] {
  const last = new Map(links.flatMap((link) => (link[field] ? [[link[field], link.event]] : [])));
  return [...last].flatMap(([name, event]) => (event === operation ? [name] : []));
}
