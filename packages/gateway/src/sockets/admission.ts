/** Lets a few in at a time, in the order in which they came. */
export interface Admission {
  /** Runs a job as soon as there is a place. */
  run<T>(job: () => Promise<T>): Promise<T>;
}

/** @param places how many may be in at once */
export function createAdmission(places: number): Admission {
  let free = places;
  const waiting: (() => void)[] = [];

  return {
    async run(job) {
      if (free > 0) free--;
      // Whoever leaves hands its place on.
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await job();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free++;
      }
    },
  };
}
