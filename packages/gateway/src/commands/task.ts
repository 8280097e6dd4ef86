import type { EngineClient, SeenTask } from '@netbuild/realtime-engine';
import { type CommandName, RealtimeError, subject, type TaskData } from '@netbuild/realtime-protocol';
import { dataOf } from '../rows.ts';
import type { Call, CommandTools, Done } from './command.ts';
import type { Sight } from './deciding.ts';
import type { EngineCall } from './engine.ts';

type TaskCommand = Extract<CommandName, `task:${string}`>;

/** What one command of tasks does. */
interface Deed<N extends TaskCommand> {
  /** Whether the task is as the command wants it already; throws where it must not be done. */
  examine(task: TaskData, call: Call<N>): boolean;
  ask(engine: EngineClient, call: Call<N>): Promise<void>;
  /** Whether the engine has done it, by what it has of the task. */
  isDone(task: SeenTask, call: Call<N>): boolean;
}

/** The commands of user tasks. What the row forbids is refused here; the engine itself would allow some of it. */
export function createTaskCommands({ log }: Pick<CommandTools, 'log'>): {
  [N in TaskCommand]: (call: Call<N>) => EngineCall<N>;
} {
  async function rowOf(domainId: string, taskId: string) {
    const [row] = await log.rows(domainId, [subject('task', taskId)]);
    return row && { seq: row.seq, task: dataOf<TaskData>(row) };
  }

  function command<N extends TaskCommand>(name: N, deed: Deed<N>): (call: Call<N>) => EngineCall<N> {
    return (call) => {
      const { domainId } = call.actor;
      const { taskId } = call.payload as { taskId: string };
      const result = { taskId } as Done<N>['result'];
      return {
        name,
        call,
        target: subject('task', taskId),
        // A second claim by the same person is none, and a task that is completed is not there to be completed again.
        isRepeatable: true,
        examine: async () => {
          const found = await rowOf(domainId, taskId);
          if (found?.task.state !== 'open') throw new RealtimeError('task_closed');
          const { engine } = found.task;
          if (!deed.examine(found.task, call)) return { engine };
          const { epoch } = await log.head(domainId);
          return { engine, done: { epoch, seq: found.seq, result } };
        },
        ask: async (engine) => {
          await deed.ask(engine, call);
          return result;
        },
        look: async (engine): Promise<Sight<Done<N>['result']>> => {
          const seen = await engine.look.task(taskId);
          if (deed.isDone(seen, call)) return { is: 'done', result };
          if (seen.state === 'open') return { is: 'undone' };
          if (seen.state !== 'gone') return { is: 'impossible', code: 'task_closed' };
          // The engine has forgotten it; the log may know how it ended.
          const found = await rowOf(domainId, taskId);
          if (!found || found.task.state === 'open') return { is: 'unknown' };
          const { state, assignee } = found.task;
          const isDone = deed.isDone({ state, assignee }, call);
          return isDone ? { is: 'done', result } : { is: 'impossible', code: 'task_closed' };
        },
        effectIn: () => subject('task', taskId),
      };
    };
  }

  return {
    'task:claim': command('task:claim', {
      examine: (task, { actor }) => {
        if (task.assignee !== undefined && task.assignee !== actor.userId)
          throw new RealtimeError('task_taken');
        return task.assignee === actor.userId;
      },
      ask: (engine, { actor, payload }) => engine.claim(payload.taskId, actor.userId),
      isDone: (task, { actor }) => isOf(task, actor.userId),
    }),
    'task:unclaim': command('task:unclaim', {
      examine: (task, { actor }) => {
        if (!mayMove(task, actor)) throw new RealtimeError('not_assignee');
        return task.assignee === undefined;
      },
      ask: (engine, { payload }) => engine.unclaim(payload.taskId),
      isDone: (task) => isOf(task, undefined),
    }),
    'task:assign': command('task:assign', {
      examine: (task, { actor, payload }) => {
        if (!mayMove(task, actor)) throw new RealtimeError('task_taken');
        return task.assignee === payload.assignee;
      },
      ask: (engine, { payload }) => engine.assign(payload.taskId, payload.assignee),
      isDone: (task, { payload }) => isOf(task, payload.assignee),
    }),
    'task:complete': command('task:complete', {
      examine: (task, { actor }) => {
        if (task.assignee !== actor.userId) throw new RealtimeError('not_assignee');
        return false;
      },
      ask: (engine, { payload }) => engine.complete(payload.taskId, payload.variables ?? {}),
      isDone: (task, { actor }) => task.state === 'completed' && isOf(task, actor.userId),
    }),
  };
}

/**
 * Who has it; and of its candidates the one who gave it to somebody who has done nothing since: a slip of the pen
 * must not lose a task.
 */
function mayMove(task: TaskData, actor: { userId: string }): boolean {
  return task.assignee === undefined || task.assignee === actor.userId || task.by === actor.userId;
}

/** Whether a person has, or had to the end, a task; `undefined`: nobody. */
function isOf(task: SeenTask, userId: string | undefined): boolean {
  return task.state !== 'gone' && task.assignee === userId;
}
