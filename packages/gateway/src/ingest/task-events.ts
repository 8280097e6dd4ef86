import {
  type ExternalTask,
  type ExternalTasks,
  Hopeless,
  startWorker,
  TASK_EVENT,
  TASK_EVENT_VARIABLES,
  taskEventFact,
  type Worker,
  type WorkerOptions,
} from '@netbuild/realtime-engine';
import type { Logger } from 'pino';
import { errorOf } from '../error.ts';
import type { Publish } from './publish.ts';

/** What the task events of an engine need. */
export interface TaskEventsTools {
  /** The engine's name. */
  engine: string;
  tasks: ExternalTasks;
  publish: Publish;
  /** The domain of what has no tenant. */
  domain: string;
  logger: Logger;
  /** Tests are quicker than engines. */
  worker?: Pick<WorkerOptions, 'atOnce' | 'lockDuration' | 'wait' | 'pause'>;
}

/**
 * Takes into the log what modellers announce from their diagrams: external tasks of the topic `__task-event__`. Each is
 * completed after the append. Of several gateways the engine gives each task to one.
 */
export function startTaskEvents(tools: TaskEventsTools): Worker {
  const { engine, tasks, publish, domain, logger } = tools;

  async function handle(task: ExternalTask): Promise<undefined> {
    const fact = taskEventFact(engine, task, new Date().toISOString());
    const { results } = await publish(task.tenantId ?? domain, [fact]).catch((thrown: unknown) => {
      const error = errorOf(thrown);
      // A bug of ours is told as any other failure, or it would be tried for ever.
      throw error.code === 'internal' ? thrown : error;
    });
    const [published] = results;
    if (published?.status !== 'refused') return;
    // What may work later is tried again; the rest is the modeller's to mend.
    throw published.error.toWire().retryable ? published.error : new Hopeless(published.error.message);
  }

  return startWorker({
    ...tools.worker,
    tasks,
    topics: { [TASK_EVENT]: { variables: TASK_EVENT_VARIABLES, handle } },
    onTrouble: (err, task) =>
      logger.warn(
        { err, engine, ...(task && { externalTask: task.id, processInstanceId: task.processInstanceId }) },
        'trouble with a task event',
      ),
  });
}
