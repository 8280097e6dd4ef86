import { setTimeout as sleep } from 'node:timers/promises';
import type { Rest } from '../rest.ts';

/** How much of an engine reconcile may take. */
export interface Load {
  /** Questions at once. */
  concurrent: number;
  /** Questions in a second, over a few seconds. */
  perSecond: number;
}

/**
 * Reads as another does, but never more than so much of it: the engine's users come first.
 *
 * @param signal ends what is still waiting
 */
export function polite(
  { read }: Pick<Rest, 'read'>,
  { concurrent, perSecond }: Load,
  signal?: AbortSignal,
): Pick<Rest, 'read'> {
  let free = concurrent;
  const waiting: (() => void)[] = [];
  /** When the next question may be asked; what was not used of the last second may be made up for. */
  let next = 0;

  async function enter(): Promise<void> {
    if (free > 0) free--;
    else await new Promise<void>((turn) => waiting.push(turn));
    const now = performance.now();
    next = Math.max(next, now - 1000) + 1000 / perSecond;
    if (next > now && !signal?.aborted) await sleep(next - now);
  }

  function leave(): void {
    const turn = waiting.shift();
    if (turn) turn();
    else free++;
  }

  return {
    async read<T>(...question: Parameters<Rest['read']>): Promise<T> {
      await enter();
      try {
        signal?.throwIfAborted();
        return await read<T>(...question);
      } finally {
        leave();
      }
    },
  };
}
