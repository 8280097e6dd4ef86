import { RealtimeError } from '@netbuild/realtime-protocol';
import type { ExternalTask, ExternalTasks } from './external-tasks.ts';

/** The lock on a task, held until it is let go. */
export interface Lock {
  /** Aborts when the lock is lost: another worker may have the task now. */
  signal: AbortSignal;
  letGo(): void;
}

/** So many extensions fit into the time of a lock; two may fail before it is lost. */
const EXTENSIONS = 3;

/** Holds the lock on a task while it is worked on. */
export function holdLock(
  tasks: Pick<ExternalTasks, 'extendLock'>,
  task: ExternalTask,
  workerId: string,
  duration: number,
): Lock {
  const lost = new AbortController();
  let heldUntil = performance.now() + duration;
  let isHeld = true;
  let timer = setTimeout(extend, duration / EXTENSIONS);

  function extend(): void {
    const until = performance.now() + duration;
    tasks
      .extendLock(task.id, workerId, duration)
      .then(() => {
        heldUntil = until;
      })
      .catch((error: unknown) => {
        // The engine has said no; or it has said nothing for so long that it no longer matters.
        const isOver = error instanceof RealtimeError && !error.toWire().retryable;
        if (isOver || performance.now() > heldUntil) lost.abort();
      })
      .finally(() => {
        if (isHeld && !lost.signal.aborted) timer = setTimeout(extend, duration / EXTENSIONS);
      });
  }

  return {
    signal: lost.signal,
    letGo() {
      isHeld = false;
      clearTimeout(timer);
    },
  };
}
