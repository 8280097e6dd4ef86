import { DOMAIN } from '../../load/cast.mjs';
import { chainOf } from './chain.mjs';

/** What of a task is compared: the row's name of it, and the names that the engine has for it. */
const TASK_FIELDS = {
  assignee: { in: 'assignee' },
  owner: { in: 'owner' },
  priority: { in: 'priority', as: Number },
  dueDate: { in: 'due', as: millisOf },
  followUpDate: { in: 'followUp', as: millisOf },
  taskName: { in: 'name', operation: 'name' },
  description: { in: 'description' },
};

/** How an instance's state is called in the log. */
const INSTANCE_STATES = {
  ACTIVE: 'active',
  SUSPENDED: 'suspended',
  COMPLETED: 'completed',
  EXTERNALLY_TERMINATED: 'cancelled',
  INTERNALLY_TERMINATED: 'cancelled',
};

/**
 * The engine's tables as the oracle wants them: of each subject its domain, its state, and what has happened to it, in
 * order. Nothing of the log has a part in it.
 */
export function ledgerOf(tables) {
  const links = Map.groupBy(tables.links, ({ taskId }) => taskId);
  const operations = Map.groupBy(tables.operations, ({ taskId }) => taskId);
  const standstills = Map.groupBy(
    tables.operations.filter(({ entityType }) => entityType === 'ProcessInstance'),
    ({ processInstanceId }) => processInstanceId,
  );
  const open = new Map(tables.openInstances.map((instance) => [instance.id, instance]));
  const openTasks = new Map(tables.openTasks.map((task) => [task.id, task]));
  const openIncidents = new Map(tables.openIncidents.map((incident) => [incident.id, incident]));
  const instances = tables.instances.map((instance) => ({
    id: instance.id,
    domain: domainOf(instance),
    state: stateOf(instance, open.get(instance.id)),
    isOpen: open.has(instance.id),
    root: instance.rootProcessInstanceId ?? instance.id,
    businessKey: (open.get(instance.id) ?? instance).businessKey ?? undefined,
    standstills: standstillsOf(standstills.get(instance.id) ?? [], instance.endTime),
  }));
  return {
    instances,
    tasks: tables.tasks.map((task) =>
      taskOf(task, openTasks.get(task.id), {
        links: links.get(task.id) ?? [],
        operations: operations.get(task.id) ?? [],
        candidates: tables.candidates.get(task.id) ?? [],
      }),
    ),
    activities: tables.activities.map(({ id, processInstanceId, endTime, canceled, ...activity }) => ({
      id,
      domain: domainOf(activity),
      instance: processInstanceId,
      isOpen: !endTime,
      canceled: Boolean(canceled),
      activityId: activity.activityId,
      calledProcessInstanceId: activity.calledProcessInstanceId ?? undefined,
    })),
    incidents: tables.incidents.map((incident) => ({
      id: incident.id,
      domain: domainOf(incident),
      instance: incident.processInstanceId ?? undefined,
      isOpen: openIncidents.has(incident.id),
      message: incident.incidentMessage ?? undefined,
    })),
  };
}

function taskOf(task, open, { links, operations, candidates }) {
  const state = !task.endTime ? 'open' : task.deleteReason === 'completed' ? 'completed' : 'cancelled';
  const shown = open ?? task;
  const fields = Object.fromEntries(
    Object.entries(TASK_FIELDS).map(([name, { in: field, as }]) => [name, plain(shown[field], as)]),
  );
  const chains = Object.fromEntries(
    Object.entries(TASK_FIELDS).map(([name, { as, operation = name }]) => [
      name,
      chainOf(
        operations
          .filter(
            ({ entityType, operationType, property }) =>
              // What a task was created with is where its values begin.
              entityType === 'Task' && operationType !== 'Create' && property === operation,
          )
          .map(({ orgValue, newValue, timestamp }) => ({
            from: plain(orgValue, as),
            to: plain(newValue, as),
            at: Date.parse(timestamp),
          })),
        fields[name],
      ),
    ]),
  );
  return {
    id: task.id,
    domain: domainOf(task),
    state,
    isOpen: open !== undefined,
    instance: task.processInstanceId ?? undefined,
    fields,
    chains,
    assignees: links.filter(({ type }) => type === 'assignee').map(linkOf),
    candidates: {
      users: candidates.flatMap(({ userId }) => userId ?? []),
      groups: candidates.flatMap(({ groupId }) => groupId ?? []),
    },
    candidacies: candidaciesOf(links.filter(({ type }) => type === 'candidate').map(linkOf)),
  };
}

const linkOf = ({ operationType, userId, groupId, time }) => ({
  isAdded: operationType === 'add',
  who: userId ? `user:${userId}` : `group:${groupId}`,
  at: Date.parse(time),
});

/** How often each was made a candidate, and how often it ended; being one twice is being one. */
function candidaciesOf(links) {
  const known = new Map();
  for (const { isAdded, who } of links.toSorted((a, b) => a.at - b.at)) {
    const one = known.get(who) ?? { isOne: false, added: 0, removed: 0 };
    known.set(who, one);
    if (one.isOne === isAdded) continue;
    one.isOne = isAdded;
    if (isAdded) one.added++;
    else one.removed++;
  }
  return known;
}

/** A suspension that came too late leaves its word in the history of an instance that had come to its end. */
function stateOf({ state, endTime }, open) {
  if (open) return open.suspended ? 'suspended' : 'active';
  return endTime && (state === 'SUSPENDED' || state === 'ACTIVE') ? 'completed' : INSTANCE_STATES[state];
}

/**
 * Suspended, resumed, suspended, …; a command that found it so already has changed nothing, nor has one that came
 * after the end: the engine writes both down.
 */
function standstillsOf(operations, endTime) {
  const end = endTime ? Date.parse(endTime) : Number.POSITIVE_INFINITY;
  const all = operations
    .filter(({ operationType }) => operationType === 'Suspend' || operationType === 'Activate')
    .map(({ operationType, timestamp }) => ({
      state: operationType === 'Suspend' ? 'suspended' : 'resumed',
      at: Date.parse(timestamp),
    }))
    .filter(({ at }) => at <= end)
    .toSorted((a, b) => a.at - b.at)
    .map(({ state }) => state);
  return all.filter((state, i) => state !== (all[i - 1] ?? 'resumed'));
}

const domainOf = ({ tenantId }) => tenantId ?? DOMAIN;

/** A value as it is compared: an empty text is none. */
function plain(value, as = String) {
  return value === null || value === undefined || value === '' ? undefined : as(value);
}

/** Epoch milliseconds: histories of operations have those, the rest has ISO times. */
function millisOf(value) {
  return /^\d+$/.test(value) ? Number(value) : Date.parse(value);
}
