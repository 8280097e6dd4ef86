import { setTimeout as sleep } from 'node:timers/promises';

/** How long a server may fail to start, since its storage may be away meanwhile; in milliseconds. */
const PATIENCE = 60_000;

/**
 * A server under test: it is killed and frozen here, one after the other.
 * That it ends by itself is remembered, and it is started again.
 *
 * @param {string} name
 * @param {() => Promise<{ exited: Promise<unknown>, kill: (signal: string) => void }>} start
 */
export function nodeOf(name, start) {
  /** What ended it where nobody had killed it. */
  const crashes = [];
  const starts = [];
  let running;
  let isExpected = false;
  let turn = Promise.resolve();

  /** As whatever keeps servers running does: one that can not start is tried again. */
  async function begin() {
    const begun = performance.now();
    running = await started(begun);
    starts.push(performance.now() - begun);
    isExpected = false;
    const mine = running;
    mine.exited.then(({ code, signal }) => {
      if (isExpected || running !== mine) return;
      crashes.push({ name, code, signal, said: mine.tail.text });
      next(begin);
    });
  }

  async function started(begun) {
    for (;;) {
      try {
        return await start();
      } catch (error) {
        if (performance.now() - begun > PATIENCE) throw error;
        await sleep(200);
      }
    }
  }

  /** Two faults of one node would undo each other: the second waits. */
  function next(work) {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  }

  return {
    crashes,
    starts,
    begin: () => next(begin),
    kill: (wait) =>
      next(async () => {
        isExpected = true;
        running.kill('SIGKILL');
        await running.exited;
        await wait();
        await begin();
      }),
    /** As a deployment does: asked to stop, it ends by itself, and the next one starts. */
    replace: () =>
      next(async () => {
        isExpected = true;
        await running.stop();
        await begin();
      }),
    freeze: (wait) =>
      next(async () => {
        running.kill('SIGSTOP');
        await wait();
        running.kill('SIGCONT');
      }),
    /** No fault of it is under way. */
    settled: () => turn,
    end: () =>
      next(async () => {
        isExpected = true;
        await running.stop();
      }),
  };
}
