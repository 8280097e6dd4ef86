import type { EngineClient, SeenTask } from '@netbuild/realtime-engine';
import {
  type CommandName,
  RealtimeError,
  subject,
  type TaskData,
  variablesOfApproval,
} from '@netbuild/realtime-protocol';
import { dataOf } from '../rows.ts';
import type { Call, CommandTools, Done } from './command.ts';
import type { Sight } from './deciding.ts';
import type { EngineCall } from './engine.ts';

type TaskCommand = Extract<CommandName, `task:${string}`> | 'approval:decide';

/** What one command of tasks does. */
interface Deed<N extends TaskCommand> {
  /** Whether the task is as the command wants it already; throws where it must not be done. */
  examine(task: TaskData, call: Call<N>): boolean;
  /** @param task as it was when it was examined */
  ask(engine: EngineClient, call: Call<N>, task: TaskData): Promise<void>;
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

  /** @param field that names the task; an approval has its task's id */
  function command<N extends TaskCommand>(
    name: N,
    deed: Deed<N>,
    field: keyof Done<N>['result'] & string = 'taskId' as never,
  ): (call: Call<N>) => EngineCall<N> {
    return (call) => {
      const { domainId } = call.actor;
      const taskId = (call.payload as Record<string, unknown>)[field] as string;
      const result = { [field]: taskId } as unknown as Done<N>['result'];
      let examined: TaskData;
      return {
        name,
        call,
        target: subject('task', taskId),
        // A second claim by the same person is none, and a task that is completed is not there to be completed again.
        isRepeatable: true,
        examine: async () => {
          const found = await rowOf(domainId, taskId);
          if (found?.task.state !== 'open') throw new RealtimeError('task_closed');
          examined = found.task;
          const { engine } = examined;
          if (!deed.examine(found.task, call)) return { engine };
          const { epoch } = await log.head(domainId);
          return { engine, done: { epoch, seq: found.seq, result } };
        },
        ask: async (engine) => {
          await deed.ask(engine, call, examined);
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
    'approval:decide': command(
      'approval:decide',
      {
        examine: (task, { actor, payload }) => {
          if (task.assignee !== undefined && task.assignee !== actor.userId)
            throw new RealtimeError('task_taken');
          assertReason(payload, task.approval);
          return false;
        },
        ask: async (engine, { actor, payload }, { assignee, approval }) => {
          const { approvalId: taskId, decision, reason = null } = payload;
          // Of two the engine lets one have it; and its history knows who has decided.
          if (assignee === undefined) await engine.claim(taskId, actor.userId);
          const { variable, reasonVariable } = variablesOfApproval(approval);
          // That there is none is said too: one of an earlier round must not stand for this one.
          await engine.complete(taskId, { [variable]: decision === 'approved', [reasonVariable]: reason });
        },
        isDone: (task, { actor }) => task.state === 'completed' && isOf(task, actor.userId),
      },
      'approvalId',
    ),
  };
}

/** @throws {@link RealtimeError} `invalid` where somebody rejects without a word, and has to say why */
export function assertReason(
  { decision, reason }: Pick<Call<'approval:decide'>['payload'], 'decision' | 'reason'>,
  { reasonRequired }: { reasonRequired?: true | undefined } = {},
): void {
  if (decision === 'rejected' && reasonRequired && reason === undefined)
    throw new RealtimeError('invalid', {
      field: 'reason',
      message: 'reason: A rejection needs one here.',
    });
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
