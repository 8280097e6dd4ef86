/**
 * The server under test: it is killed and frozen here, one after the other.
 * That it ends by itself is remembered, and it is started again.
 *
 * @param {() => Promise<{ exited: Promise<unknown>, kill: (signal: string) => void }>} start
 */
export function nodeOf(start) {
  /** What ended it where nobody had killed it. */
  const crashes = [];
  const starts = [];
  let running;
  let isExpected = false;
  let turn = Promise.resolve();

  async function begin() {
    const begun = performance.now();
    const process = await start();
    starts.push(performance.now() - begun);
    running = process;
    isExpected = false;
    process.exited.then(({ code, signal }) => {
      if (isExpected || running !== process) return;
      crashes.push({ code, signal, said: process.tail.text });
      next(begin);
    });
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
