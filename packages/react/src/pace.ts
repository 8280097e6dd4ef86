import type { Readable } from '@netbuild/realtime-client';

/** Milliseconds that a page may at most wait for what is new. */
const LONGEST = 250;

/** Who is to be told of something new, when the page has rested. */
const waiting = new Set<() => void>();
/** Whether they will be. */
let isComing = false;
/** Whether they are told just now: who comes in the same breath is told with them. */
let isOpen = false;
let restUntil = 0;

/**
 * The same, but told of changes no faster than the page can show them: after each time it rests as long as showing took.
 * What comes into the quiet is told at once. A burst is shown in steps, and whoever types meanwhile is answered between
 * them.
 */
export function paced<T>({ subscribe, getSnapshot }: Readable<T>): Readable<T> {
  return {
    getSnapshot,
    subscribe(listener) {
      const own = () => listener();
      const stop = subscribe(() => tell(own));
      return () => {
        stop();
        waiting.delete(own);
      };
    },
  };
}

function tell(listener: () => void): void {
  if (isOpen) {
    listener();
    return;
  }
  waiting.add(listener);
  if (isComing) return;
  isComing = true;
  const rest = restUntil - performance.now();
  if (rest > 0) setTimeout(flush, rest);
  else flush();
}

function flush(): void {
  const from = performance.now();
  isOpen = true;
  queueMicrotask(() => {
    isOpen = false;
  });
  // Behind what React does about it. Until then nothing more is told.
  setTimeout(() => {
    const now = performance.now();
    restUntil = now + Math.min(LONGEST, now - from);
    isComing = false;
    const more = waiting.values().next().value;
    if (more) tell(more);
  });
  tellAll();
}

/**
 * Has what somebody does themselves shown at once, and what has come so far with it: else an answer would stand beside
 * what it has taken back.
 */
export function atOnce<T>(act: () => T): T {
  const before = isOpen;
  isOpen = true;
  try {
    tellAll();
    return act();
  } finally {
    isOpen = before;
  }
}

function tellAll(): void {
  const all = [...waiting];
  waiting.clear();
  for (const listener of all) listener();
}
