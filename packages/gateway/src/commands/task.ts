import type { EngineClient } from '@netbuild/realtime-engine';
import { type CommandName, RealtimeError, subject, type TaskData } from '@netbuild/realtime-protocol';
import type { Actor } from '../auth/actor.ts';
import type { Call, CommandTools, Done, Handler } from './command.ts';
import type { createEngineCommands } from './engine.ts';

type TaskCommand = Extract<CommandName, `task:${string}`>;

/** The commands of user tasks. What the row forbids is refused here; the engine itself would allow some of it. */
export function createTaskCommands(
  { log }: Pick<CommandTools, 'log'>,
  inEngine: ReturnType<typeof createEngineCommands>,
): { [N in TaskCommand]: Handler<N> } {
  async function openTask(actor: Actor, taskId: string) {
    const [row] = await log.rows(actor.domainId, [subject('task', taskId)]);
    const task = row && (JSON.parse(row.body) as { data: TaskData }).data;
    // Who has nothing to do with a task learns nothing of it, not even that it exists.
    if (!row || !task || !isConcerned(actor, task)) throw new RealtimeError('forbidden');
    if (task.state !== 'open') throw new RealtimeError('task_closed');
    return { task, seq: row.seq };
  }

  /**
   * @param examine whether the task is as the command wants it already; throws where it must not be done
   * @param ask what to ask of the engine
   */
  function command<N extends TaskCommand>(
    name: N,
    examine: (task: TaskData, call: Call<N>) => boolean,
    ask: (engine: EngineClient, call: Call<N>) => Promise<void>,
  ): Handler<N> {
    return (call) => {
      const { taskId } = call.payload as { taskId: string };
      return inEngine<N>({
        name,
        call,
        target: subject('task', taskId),
        examine: async () => {
          const { task, seq } = await openTask(call.actor, taskId);
          if (!examine(task, call)) return undefined;
          const { epoch } = await log.head(call.actor.domainId);
          return { epoch, seq, result: { taskId } } as Done<N>;
        },
        ask: (engine) => ask(engine, call).then(() => ({ taskId }) as Done<N>['result']),
      });
    };
  }

  return {
    'task:claim': command(
      'task:claim',
      (task, { actor }) => {
        if (task.assignee !== undefined && task.assignee !== actor.userId)
          throw new RealtimeError('task_taken');
        return task.assignee === actor.userId;
      },
      (engine, { actor, payload }) => engine.claim(payload.taskId, actor.userId),
    ),
    'task:unclaim': command(
      'task:unclaim',
      (task, { actor }) => {
        if (!mayMove(task, actor)) throw new RealtimeError('not_assignee');
        return task.assignee === undefined;
      },
      (engine, { payload }) => engine.unclaim(payload.taskId),
    ),
    'task:assign': command(
      'task:assign',
      (task, { actor, payload }) => {
        if (!mayMove(task, actor)) throw new RealtimeError('task_taken');
        return task.assignee === payload.assignee;
      },
      (engine, { payload }) => engine.assign(payload.taskId, payload.assignee),
    ),
    'task:complete': command(
      'task:complete',
      (task, { actor }) => {
        if (task.assignee !== actor.userId) throw new RealtimeError('not_assignee');
        return false;
      },
      (engine, { payload }) => engine.complete(payload.taskId, payload.variables ?? {}),
    ),
  };
}

/**
 * Who has it; and of its candidates the one who gave it to somebody who has done nothing since: a slip of the pen
 * must not lose a task.
 */
function mayMove(task: TaskData, actor: Actor): boolean {
  return task.assignee === undefined || task.assignee === actor.userId || task.by === actor.userId;
}

function isConcerned(actor: Actor, task: TaskData): boolean {
  return (
    task.assignee === actor.userId ||
    task.candidateUsers.includes(actor.userId) ||
    task.candidateGroups.some((group) => actor.groups.includes(group))
  );
}
