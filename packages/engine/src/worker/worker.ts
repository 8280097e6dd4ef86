import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { RealtimeError } from '@netbuild/realtime-protocol';
import type { Variables } from '../variables.ts';
import { backoff } from './backoff.ts';
import type { ExternalTask, ExternalTasks } from './external-tasks.ts';
import { BpmnError, failureOf } from './failure.ts';
import { holdLock, type Lock } from './lock.ts';

/**
 * Does one task. It is completed, with the variables that this resolves to, once it has resolved. What it throws is
 * told to the engine: {@link BpmnError}, {@link Hopeless}, or anything else, which costs a try.
 *
 * @param signal aborts when the lock is lost: somebody else may be at it
 */
export type TaskHandler = (task: ExternalTask, signal: AbortSignal) => Promise<Variables | undefined>;

/** What a worker does, and how. */
export interface WorkerOptions {
  tasks: ExternalTasks;
  /** By the name of the topic; without `variables` a task comes with all that it can see. */
  topics: Record<string, { variables?: string[] | undefined; handle: TaskHandler }>;
  /** Hears of what did not work out. Another try follows by itself. */
  onTrouble: (error: unknown, task?: ExternalTask) => void;
  /** Tasks that are worked on at once; no more are fetched. Default 10. */
  atOnce?: number;
  /** Milliseconds that a task is locked for; it is extended while the handler runs. Default 30,000. */
  lockDuration?: number;
  /** Milliseconds for which the engine keeps the question for tasks open. Default 20,000. */
  wait?: number;
  /** Milliseconds after a failed question until the next: the first, and the longest. Default 250 and 10,000. */
  pause?: { first: number; longest: number };
}

/** A worker that is at work. */
export interface Worker {
  /** How it is called in the engine; no other has this name. */
  id: string;
  /**
   * Takes on nothing more, from this moment; resolves when what is under way is done and the engine knows, or after
   * so many milliseconds (default 5,000). What is not is another worker's once its lock is over.
   */
  close(grace?: number): Promise<void>;
}

/** Starts a worker of external tasks. It outlives restarts of the engine. */
export function startWorker(options: WorkerOptions): Worker {
  const { tasks, topics, onTrouble, atOnce = 10, lockDuration = 30_000, wait = 20_000 } = options;
  const { first, longest } = options.pause ?? { first: 250, longest: 10_000 };
  const id = `netbuild-realtime/${hostname()}/${process.pid}/${randomUUID()}`;
  const stopping = new AbortController();
  const { signal } = stopping;
  const underWay = new Set<Promise<void>>();
  const locks = new Set<Lock>();
  const wanted = Object.entries(topics).map(([topicName, { variables }]) => ({
    topicName,
    variables,
    lockDuration,
  }));

  async function run(): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      if (underWay.size >= atOnce) {
        await Promise.race([...underWay, aborted(signal)]);
        continue;
      }
      try {
        const maxTasks = atOnce - underWay.size;
        for (const task of await tasks.fetchAndLock({ workerId: id, maxTasks, topics: wanted, wait, signal }))
          take(task);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (failures === 0) onTrouble(error);
        await sleep(backoff(failures++, first, longest), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  function take(task: ExternalTask): void {
    const work = signal.aborted
      ? // It came with the last answer, and nobody begins with it any more.
        tasks.unlock(task.id).catch((error) => onTrouble(error, task))
      : carryOut(task);
    underWay.add(work);
    work.finally(() => underWay.delete(work));
  }

  async function carryOut(task: ExternalTask): Promise<void> {
    const lock = holdLock(tasks, task, id, lockDuration);
    locks.add(lock);
    try {
      await report(await outcome(task, lock), task, lock);
    } catch (error) {
      onTrouble(error, task);
    } finally {
      lock.letGo();
      locks.delete(lock);
    }
  }

  /** Does the task; the answer is what the engine has to be told. */
  async function outcome(task: ExternalTask, lock: Lock): Promise<() => Promise<void>> {
    try {
      const variables = await topics[task.topicName]!.handle(task, lock.signal);
      return () => tasks.complete(task.id, id, variables ?? {});
    } catch (thrown) {
      if (thrown instanceof BpmnError) return () => tasks.bpmnError(task.id, id, thrown);
      onTrouble(thrown, task);
      return () => tasks.fail(task.id, id, failureOf(thrown, task));
    }
  }

  /** Tells the engine, again and again while the lock is held: what was done must not be done by another, too. */
  async function report(tell: () => Promise<void>, task: ExternalTask, lock: Lock): Promise<void> {
    for (let failures = 0; ; failures++) {
      if (lock.signal.aborted) throw new RealtimeError('engine_refused', { message: 'The lock is lost.' });
      try {
        await tell();
        return;
      } catch (error) {
        if (!(error instanceof RealtimeError && error.toWire().retryable)) {
          // The answer to the try before was lost, and it has been told.
          if (failures > 0 && isGone(error)) return;
          throw error;
        }
        if (failures === 0) onTrouble(error, task);
        await sleep(backoff(failures, first, longest), undefined, { signal: lock.signal, ref: false }).catch(
          () => undefined,
        );
      }
    }
  }

  const running = run();
  return {
    id,
    async close(grace = 5000) {
      stopping.abort();
      await running;
      const late = sleep(grace, undefined, { ref: false });
      await Promise.race([Promise.all(underWay), late]);
      for (const lock of locks) lock.letGo();
    },
  };
}

function isGone(error: unknown): boolean {
  return error instanceof RealtimeError && error.code === 'not_found';
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
