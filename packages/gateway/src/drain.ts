import { setTimeout as sleep } from 'node:timers/promises';

/** Ends one connection once what is under way on it is done; tells it to come back after so many milliseconds. */
export type Leave = (retryAfter: number) => Promise<void>;

/** Sends everybody away at a set pace, so that those who take them in are not overrun. */
export interface Drain {
  /** Whether it has begun: nobody new is let in. */
  readonly isOn: boolean;
  /** Adds a connection; returns the way to say that it has ended by itself. */
  add(leave: Leave): () => void;
  /** Resolves once everybody has left. */
  run(): Promise<void>;
}

/** Milliseconds from one wave to the next. */
const WAVE = 100;

/** @param perSecond connections that are ended in a second */
export function createDrain(perSecond: number): Drain {
  const present = new Set<Leave>();
  const leaving: Promise<void>[] = [];
  let isOn = false;
  let isOver = false;

  function send(leave: Leave): void {
    present.delete(leave);
    leaving.push(leave(comeBackAfter()).catch(() => undefined));
  }

  return {
    get isOn() {
      return isOn;
    },
    add(leave) {
      present.add(leave);
      // One that was being let in while the last ones left.
      if (isOver) send(leave);
      return () => present.delete(leave);
    },
    async run() {
      isOn = true;
      // A pace below one a wave makes longer waves.
      const size = Math.max(1, Math.round((perSecond * WAVE) / 1000));
      const pause = (size * 1000) / perSecond;
      while (present.size > 0) {
        for (const leave of [...present].slice(0, size)) send(leave);
        if (present.size > 0) await sleep(pause);
      }
      isOver = true;
      await Promise.all(leaving);
    },
  };
}

/** Milliseconds after which to come back: soon, but not all of a wave at the same moment. */
export function comeBackAfter(): number {
  return 250 + Math.round(Math.random() * 1000);
}
