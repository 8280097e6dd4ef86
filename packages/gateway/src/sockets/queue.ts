/** Does one thing after the other, in the order in which they were asked for. */
export interface Queue {
  /** @returns whether there was room for it */
  add(job: () => Promise<void>): boolean;
}

/** A queue of at most `most` jobs that wait. Jobs handle their own errors. */
export function createQueue(most: number): Queue {
  const waiting: (() => Promise<void>)[] = [];
  let isBusy = false;

  async function work(): Promise<void> {
    isBusy = true;
    for (let job = waiting.shift(); job; job = waiting.shift()) await job();
    isBusy = false;
  }

  return {
    add(job) {
      if (waiting.length >= most) return false;
      waiting.push(job);
      if (!isBusy) void work();
      return true;
    },
  };
}
