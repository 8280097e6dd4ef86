import type { EngineCommand, HistoryEvent } from '@netbuild/realtime-protocol';
import { processOf, type Report } from './report.ts';

type TaskEvent = Extract<HistoryEvent, { kind: 'task' }>;
type LinkEvent = Extract<HistoryEvent, { kind: 'identityLink' }>;

/** All that one engine command did to one task, up to its end. */
interface Change {
  /** The event whose place in the command the report takes: the creation, or else the task's first, or a link. */
  at: HistoryEvent;
  created: boolean;
  /** The task as the last event of the command shows it. */
  newest: TaskEvent | undefined;
  links: LinkEvent[];
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
  for (const event of events) {
    if (event.kind === 'task') {
      if (event.event === 'complete' || event.event === 'delete') reports.set(event, [ended(event, command)]);
      else {
        const change = changeOf(changes, event.id, event);
        // The task's own event, since a link need not name the tenant.
        if (event.event === 'create' || !change.newest) change.at = event;
        if (event.event === 'create') change.created = true;
        change.newest = event;
      }
    } else if (event.kind === 'identityLink' && event.taskId && event.type === 'candidate') {
      changeOf(changes, event.taskId, event).links.push(event);
    }
  }
  for (const [taskId, change] of changes) {
    reports.set(change.at, [...opened(taskId, change, command), ...(reports.get(change.at) ?? [])]);
  }
  return reports;
}

function changeOf(changes: Map<string, Change>, taskId: string, at: HistoryEvent): Change {
  let change = changes.get(taskId);
  if (!change) {
    change = { at, created: false, newest: undefined, links: [] };
    changes.set(taskId, change);
  }
  return change;
}

function opened(taskId: string, change: Change, command: EngineCommand): Report[] {
  const candidates = {
    addUsers: named(change.links, 'add', 'userId'),
    addGroups: named(change.links, 'add', 'groupId'),
    removeUsers: named(change.links, 'delete', 'userId'),
    removeGroups: named(change.links, 'delete', 'groupId'),
  };
  const data = {
    ...(change.newest ? taskOf(change.newest) : { taskId }),
    by: command.userId,
    ...(change.links.length > 0 ? { candidates } : {}),
  };
  return [
    change.created
      ? { id: `task/${taskId}/created`, type: 'task:created', data }
      : { id: `task/${taskId}/updated/${command.id}`, type: 'task:updated', data },
  ];
}

function ended(event: TaskEvent, command: EngineCommand): Report {
  // A cancelled task fires "complete" too; only the reason tells them apart.
  const isCompleted = event.event === 'complete' && event.deleteReason === 'completed';
  const data = { ...taskOf(event), by: command.userId, ended: event.endTime ?? undefined };
  return { id: `task/${event.id}/ended`, type: isCompleted ? 'task:completed' : 'task:cancelled', data };
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
    ...processOf(event),
  };
}

/** Who was added, or removed; of who was both, the last word counts. */
function named(links: LinkEvent[], operation: 'add' | 'delete', field: 'userId' | 'groupId'): string[] {
  const last = new Map(links.flatMap((link) => (link[field] ? [[link[field], link.event]] : [])));
  return [...last].flatMap(([name, event]) => (event === operation ? [name] : []));
}
