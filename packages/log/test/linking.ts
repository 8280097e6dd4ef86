import type { Group, NewEvent } from '../src/index.ts';

/** Open tasks of the process instance that is linked. */
export const LINKED = 10_000;

/** The n-th task as it was, before anything linked it. */
export function taskOf(n: number): NewEvent {
  return {
    subject: `task/${n}`,
    rooms: ['process:p'],
    left: [],
    open: true,
    body: JSON.stringify({ n, linked: false }),
  };
}

/** What linking it publishes: the same key, whoever does it and however often. */
export function linkOf(n: number): Group {
  return {
    key: `link-1/task/${n}`,
    reads: [{ subject: `task/${n}`, seq: n }],
    events: [
      { ...taskOf(n), rooms: ['process:p', 'execution:e'], body: JSON.stringify({ n, linked: true }) },
    ],
  };
}
