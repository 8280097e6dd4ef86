import { randomOf } from '../../scripts/lib/random.mjs';

/** The tenant that everything happens in. */
export const DOMAIN = 'chaos';

export const USERS = Array.from({ length: 8 }, (_, i) => `user-${i}`);
export const GROUPS = Array.from({ length: 6 }, (_, i) => `group-${i}`);
export const EXECUTIONS = Array.from({ length: 4 }, (_, i) => `execution-${i}`);

/** Two instances of each execution. */
export const PROCESSES = Array.from({ length: 8 }, (_, i) => ({
  id: `process-${i}`,
  execution: EXECUTIONS[i >> 1],
  definition: `definition-${i % 3}`,
}));

/** The group that everybody is in: the last event goes to it, so each client can tell that it has all. */
export const EVERYBODY = 'everybody';

/** More than one page of a snapshot. */
const STANDING_TASKS = 600;

/** What the world looks like before the first client comes: executions, their instances, and a heap of open tasks. */
export function openingFacts() {
  const source = 'chaos/opening';
  const executions = EXECUTIONS.map((executionId) => ({
    source,
    id: executionId,
    type: 'execution:created',
    data: { executionId, title: executionId, participants: USERS },
  }));
  const processes = PROCESSES.map(({ id, execution, definition }) => ({
    source,
    id,
    type: 'process:started',
    data: { processInstanceId: id, processDefinitionKey: definition, businessKey: execution },
  }));
  const random = randomOf('standing');
  const tasks = Array.from({ length: STANDING_TASKS }, (_, i) => ({
    source,
    id: `standing-${i}`,
    type: 'task:created',
    data: {
      taskId: `standing-${i}`,
      processInstanceId: PROCESSES.at(-1).id,
      candidates: { addGroups: [random.pick(GROUPS)] },
    },
  }));
  return [executions, processes, tasks];
}
