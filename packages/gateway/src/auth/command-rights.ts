import type { Log } from '@netbuild/realtime-log';
import {
  type AgentData,
  type ApprovalData,
  type CommandName,
  type CommandPayload,
  type IncidentData,
  type MessageData,
  type OptimizationData,
  RealtimeError,
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
  /** Whether a role of theirs lets them do this to what is others' there. */
  isModerator(name: Room): boolean;
  /** Milliseconds for which one may edit what one has said. */
  editFor: number;
  data<T>(name: Subject): Promise<T | undefined>;
}

/** An error refuses, too: what who has a right is told of why it does not hold. */
type Verdict = boolean | RealtimeError;

type Rules = {
  [N in CommandName]: (payload: CommandPayload<N>, asking: Asking) => Verdict | Promise<Verdict>;
};

const ofTask = async ({ taskId }: { taskId: string }, { actor, data }: Asking): Promise<boolean> => {
  const task = await data<TaskData>(subject('task', taskId));
  return task !== undefined && isConcerned(actor, task);
};

const ofExecution = async (executionId: string, { isIn, data }: Asking): Promise<boolean> =>
  !(await data(subject('execution', executionId))) || isIn(room('execution', executionId));

/** Who may send which command; a table, as in the docs. */
const RULES: Rules = {
  'task:claim': ofTask,
  'task:unclaim': ofTask,
  'task:assign': ofTask,
  'task:complete': ofTask,
  'approval:decide': async ({ approvalId }, { actor, data }) => {
    const approval = await data<ApprovalData>(subject('approval', approvalId));
    return approval !== undefined && isConcerned(actor, approval);
  },
  // The instance is linked to the execution of this id, where there is one, and comes into its room.
  'process:start': ({ commandId, businessKey = commandId! }, asking) => ofExecution(businessKey, asking),
  // Of a task as its completion, and of a start as that.
  'form:submit': ({ taskId, commandId, businessKey = commandId! }, asking) =>
    taskId === undefined ? ofExecution(businessKey, asking) : ofTask({ taskId }, asking),
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
  'agent:stop': ofAgent,
  'agent:retry': ofAgent,
  'execution:create': () => true,
  'execution:invite': participates,
  // Who is not in it has nothing to leave, and hears the same of one that is not there.
  'execution:leave': () => true,
  'message:send': ({ executionId }, { isIn }) => isIn(room('execution', executionId)),
  'message:edit': async ({ messageId, content }, asking) => {
    const message = await messageOf(messageId, asking);
    if (!message || !isBy(asking.actor, message)) return false;
    const isInTime = Date.now() - Date.parse(message.timestamp) < asking.editFor;
    // Who was not answered in time sends again what is done.
    const isDone = message.content === content;
    return isInTime || isDone || new RealtimeError('message_closed', { field: 'messageId' });
  },
  'message:delete': async ({ messageId }, asking) => {
    const message = await messageOf(messageId, asking);
    if (!message) return false;
    return isBy(asking.actor, message) || asking.isModerator(room('execution', message.executionId));
  },
  'message:read': ({ executionId }, { isIn }) => isIn(room('execution', executionId)),
  'optimization:accept': ofOptimization,
  'optimization:dismiss': ofOptimization,
};

/** A message of an execution that the person takes part in; one of another is as good as none. */
async function messageOf(messageId: string, { isIn, data }: Asking): Promise<MessageData | undefined> {
  const message = await data<MessageData>(subject('message', messageId));
  return message && (await isIn(room('execution', message.executionId))) ? message : undefined;
}

/** What an agent has said is no person's, whatever they are called. */
function isBy({ userId }: Pick<Actor, 'userId'>, message: MessageData): boolean {
  return message.userId === userId && message.agentId === undefined;
}

/** Whoever takes part in what an agent works for. */
async function ofAgent({ agentId }: { agentId: string }, { isIn, data }: Asking): Promise<boolean> {
  const { executionId, processInstanceId } =
    (await data<AgentData>(subject('agent', agentId))) ?? ({} as Partial<AgentData>);
  return (
    (executionId !== undefined && (await isIn(room('execution', executionId)))) ||
    (processInstanceId !== undefined && (await isIn(room('process', processInstanceId))))
  );
}

async function participates(
  { executionId }: { executionId: string },
  { actor, data }: Asking,
): Promise<boolean> {
  const execution = await data<{ participants: string[] }>(subject('execution', executionId));
  return execution?.participants.includes(actor.userId) ?? false;
}

/** Who takes part in what a suggestion is about; what names nothing is for everybody in the domain. */
async function ofOptimization(
  { optimizationId }: { optimizationId: string },
  { actor, isIn, data }: Asking,
): Promise<boolean> {
  const row = await data<OptimizationData>(subject('optimization', optimizationId));
  if (!row) return false;
  const { executionId, processInstanceId } = row;
  if (executionId === undefined && processInstanceId === undefined)
    return isIn(room('domain', actor.domainId));
  return (
    (executionId !== undefined && (await isIn(room('execution', executionId)))) ||
    (processInstanceId !== undefined && (await isIn(room('process', processInstanceId))))
  );
}

/** Whether a task, or an approval, is somebody's, or may be. */
function isConcerned(
  actor: Pick<Actor, 'userId' | 'groups'>,
  task: Pick<TaskData, 'assignee' | 'candidateUsers' | 'candidateGroups'>,
): boolean {
  return (
    task.assignee === actor.userId ||
    task.candidateUsers.includes(actor.userId) ||
    task.candidateGroups.some((group) => actor.groups.includes(group))
  );
}

/** What the decisions stand on beside the rows. */
interface CommandRightsTools extends Pick<Asking, 'editFor'> {
  mayAct(actor: Actor, name: Room, command: CommandName): Promise<boolean>;
  isModerator(actor: Actor, name: Room, command: CommandName): boolean;
}

/** Decides commands by {@link RULES}. */
export function createCommandRights(log: Pick<Log, 'rows'>, tools: CommandRightsTools) {
  const { mayAct, isModerator, editFor } = tools;
  return async <N extends CommandName>(
    actor: Actor,
    name: N,
    payload: CommandPayload<N>,
  ): Promise<Verdict> => {
    const data = async <T>(of: Subject): Promise<T | undefined> => {
      const [row] = await log.rows(actor.domainId, [of]);
      return row && dataOf<T>(row);
    };
    return RULES[name](payload, {
      actor,
      data,
      editFor,
      isIn: (of) => mayAct(actor, of, name),
      isModerator: (of) => isModerator(actor, of, name),
    });
  };
}
