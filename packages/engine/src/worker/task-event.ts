import { CATALOGUE, type Fact, isCustomType, room } from '@netbuild/realtime-protocol';
import type { ExternalTask } from './external-tasks.ts';
import { Hopeless } from './failure.ts';

/** The topic by which a modeller announces an event from a diagram. */
export const TASK_EVENT = '__task-event__';

/** The variables that it takes. */
export const TASK_EVENT_VARIABLES = ['event', 'taskData'];

/** What a task's event says of the task, as the screens read it. */
interface Announced {
  taskId: string;
  taskName?: string;
  assignee: string | null;
  created?: string;
  processInstanceId: string;
}

/**
 * From an external task of the topic `__task-event__` to the fact that it announces. Pure.
 *
 * Its id is the external task's, so that one that comes twice is known. An event that tasks do not have in the
 * catalogue becomes a custom one, which plain clients hear under the same name.
 *
 * @param engine the engine's name
 * @throws {@link Hopeless} where the variables are no event, with a sentence for the modeller
 */
export function taskEventFact(engine: string, task: ExternalTask, now: string): Fact {
  const { event, taskData } = task.variables;
  const name = event?.value;
  if (typeof name !== 'string' || name === '')
    throw bad('event', 'the name of the event as a text, such as "created"', event?.value);
  const { processInstanceId } = task;
  if (!processInstanceId) throw new Hopeless('A task event needs a process instance.');
  const data = announced(taskData?.value, processInstanceId);
  const common = { source: `engine/${engine}`, id: `task-event/${task.id}`, time: now };
  const type = `task:${name}`;
  if (CATALOGUE.get(type)?.publishable) {
    const { processDefinitionId, processDefinitionKey } = task;
    const where = {
      ...(engine !== 'default' && { engine }),
      ...(processDefinitionId && { processDefinitionId }),
      ...(processDefinitionKey && { processDefinitionKey }),
    };
    return { ...common, type, data: { ...data, ...where, origin: 'task-event' } };
  }
  if (!isCustomType(`x:${type}`))
    throw bad('event', 'a name of at most 95 letters, digits and any of . _ : -', name);
  return { ...common, type: `x:${type}`, data, rooms: [room('process', processInstanceId)] };
}

function announced(given: unknown, processInstanceId: string): Announced {
  const data = objectIn(given);
  if (!data)
    throw bad(
      'taskData',
      'JSON such as {"id": "4711", "name": "Review", "assignee": "alice", "created": "2026-01-01T12:00:00Z"}',
      given,
    );
  const { id, name, assignee, created } = data;
  if (typeof id !== 'string' || id === '' || id.length > 255)
    throw bad('taskData.id', 'a text of 1 to 255 characters', id);
  if (!isText(name, Number.POSITIVE_INFINITY)) throw bad('taskData.name', 'a text, or be left out', name);
  if (!isText(assignee, 255)) throw bad('taskData.assignee', 'a text, or be left out', assignee);
  return {
    taskId: id,
    ...(name && { taskName: name.slice(0, 4000) }),
    assignee: assignee || null,
    ...(created == null ? {} : { created: timeOf(created) }),
    processInstanceId,
  };
}

/** A variable of type Json, Object or String comes as its text. */
function objectIn(value: unknown): Record<string, unknown> | undefined {
  let data = value;
  try {
    if (typeof value === 'string') data = JSON.parse(value);
  } catch {
    return undefined; // The sentence about it shows what it was.
  }
  return typeof data === 'object' && data !== null && !Array.isArray(data)
    ? (data as Record<string, unknown>)
    : undefined;
}

function isText(value: unknown, longest: number): value is string | null | undefined {
  return value == null || (typeof value === 'string' && value.length <= longest);
}

/** Any spelling of a time that is one alone: ISO 8601, the engine's own, or epoch milliseconds. */
function timeOf(given: unknown): string {
  const isTime = typeof given === 'number' || (typeof given === 'string' && /^\d{4}-\d\d-\d\dT/.test(given));
  const time = isTime ? new Date(given as string | number) : undefined;
  if (!time || Number.isNaN(time.getTime()))
    throw bad('taskData.created', 'a time such as "2026-01-01T12:00:00Z"', given);
  return time.toISOString();
}

/** What a modeller reads in Cockpit. */
function bad(field: string, wanted: string, got: unknown): Hopeless {
  const shown = got === undefined ? 'it is not there' : `it is ${JSON.stringify(got).slice(0, 200)}`;
  return new Hopeless(`A task event needs ${field}: ${wanted}; ${shown}.`);
}
