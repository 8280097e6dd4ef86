import type { Log } from '@netbuild/realtime-log';
import {
  type CommandName,
  type CommandPayload,
  type IncidentData,
  type Room,
  room,
  type Subject,
  subject,
  type TaskData,
} from '@netbuild/realtime-protocol';
import { dataOf } from '../rows.ts';
import type { Actor } from './actor.ts';

/** What a rule may ask. */
interface Asking {
  actor: Actor;
  /** Whether this person takes part in what a room is of: whether they may act in it, not only see it. */
  isIn(name: Room): Promise<boolean>;
  data<T>(name: Subject): Promise<T | undefined>;
}

type Rules = {
  [N in CommandName]: (payload: CommandPayload<N>, asking: Asking) => boolean | Promise<boolean>;
};

const ofTask = async ({ taskId }: { taskId: string }, { actor, data }: Asking): Promise<boolean> => {
  const task = await data<TaskData>(subject('task', taskId));
  return task !== undefined && isConcerned(actor, task);
};

/** Who may send which command; a table, as in the docs. */
const RULES: Rules = {
  'task:claim': ofTask,
  'task:unclaim': ofTask,
  'task:assign': ofTask,
  'task:complete': ofTask,
  // The instance is linked to the execution of this id, where there is one, and comes into its room.
  'process:start': async ({ commandId, businessKey = commandId! }, { isIn, data }) =>
    !(await data(subject('execution', businessKey))) || isIn(room('execution', businessKey)),
  // Whoever names both must be at home in both.
  'message:correlate': async ({ processInstanceId, businessKey }, { isIn }) =>
    (processInstanceId === undefined || (await isIn(room('process', processInstanceId)))) &&
    (businessKey === undefined || (await isIn(room('execution', businessKey)))),
  'process:emit': ({ processInstanceId }, { isIn }) => isIn(room('process', processInstanceId)),
  'incident:retry': async ({ incidentId }, { isIn, data }) => {
    const incident = await data<IncidentData>(subject('incident', incidentId));
    const { processInstanceId } = incident ?? {};
    return processInstanceId !== undefined && isIn(room('process', processInstanceId));
  },
  'execution:create': () => true,
  'execution:invite': participates,
  // Who is not in it has nothing to leave, and hears the same of one that is not there.
  'execution:leave': () => true,
  'message:send': ({ executionId }, { isIn }) => isIn(room('execution', executionId)),
};

async function participates(
  { executionId }: { executionId: string },
  { actor, data }: Asking,
): Promise<boolean> {
  const execution = await data<{ participants: string[] }>(subject('execution', executionId));
  return execution?.participants.includes(actor.userId) ?? false;
}

/** Whether a task is somebody's, or may be. */
function isConcerned(actor: Pick<Actor, 'userId' | 'groups'>, task: TaskData): boolean {
  return (
    task.assignee === actor.userId ||
    task.candidateUsers.includes(actor.userId) ||
    task.candidateGroups.some((group) => actor.groups.includes(group))
  );
}

/** Decides commands by {@link RULES}. */
export function createCommandRights(
  log: Pick<Log, 'rows'>,
  mayAct: (actor: Actor, name: Room, command: CommandName) => Promise<boolean>,
) {
  return async <N extends CommandName>(
    actor: Actor,
    name: N,
    payload: CommandPayload<N>,
  ): Promise<boolean> => {
    const data = async <T>(of: Subject): Promise<T | undefined> => {
      const [row] = await log.rows(actor.domainId, [of]);
      return row && dataOf<T>(row);
    };
    return RULES[name](payload, { actor, data, isIn: (of) => mayAct(actor, of, name) });
  };
}
