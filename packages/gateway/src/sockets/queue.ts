/** Does one thing after the other, in the order in which they were asked for. */
export interface Queue {
  /** @returns whether it was taken on */
  add(job: () => Promise<void>): boolean;
  /** Takes on no more; resolves once all that was taken on is done. */
  finish(): Promise<void>;
}

/** A queue of at most `most` jobs that wait. Jobs handle their own errors. */
export function createQueue(most: number): Queue {
  const waiting: (() => Promise<void>)[] = [];
  let working: Promise<void> | undefined;
  let isOpen = true;

  async function work(): Promise<void> {
    for (let job = waiting.shift(); job; job = waiting.shift()) await job();
    working = undefined;
  }

  return {
    add(job) {
      if (!isOpen || waiting.length >= most) return false;
      waiting.push(job);
      working ??= work();
      return true;
    },
    async finish() {
      isOpen = false;
      await working;
    },
  };
}
