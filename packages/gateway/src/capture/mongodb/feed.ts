import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangeStream, ChangeStreamDocument, ResumeToken } from 'mongodb';

/** Changes in the order of the stream, and where it can be taken up again once they are dealt with. */
export interface Batch {
  changes: ChangeStreamDocument[];
  token: ResumeToken;
  /** Whether there was nothing more when it was asked for. */
  isLast: boolean;
}

/** A change; or that there was none up to a place. */
interface Item {
  change: ChangeStreamDocument | undefined;
  token: ResumeToken;
}

/** Milliseconds between questions to a server that does not wait for a change before it answers. */
const PACE = 25;

/**
 * Reads a change stream ahead of whoever deals with it, by one batch: what comes meanwhile is a batch, whatever it is,
 * and nobody waits for more. Throws what the stream throws; whoever has opened it closes it.
 *
 * @param first what was read of it already
 * @param most changes in a batch
 */
export async function* batchesOf(
  stream: ChangeStream,
  first: ChangeStreamDocument | null,
  most: number,
): AsyncGenerator<Batch> {
  const waiting: Item[] = first ? [{ change: first, token: first._id }] : [];
  const bell = createBell();
  let failure: { error: unknown } | undefined;
  let hasEnded = false;

  async function read(): Promise<void> {
    while (!hasEnded) {
      const begun = performance.now();
      const change = await stream.tryNext();
      if (hasEnded) return;
      if (stream.closed) throw new Error('the stream was closed');
      // Only now: while a change is on its way here the stream's own token is that of the change.
      if (!change && waiting.at(-1) && !waiting.at(-1)!.change) waiting.pop();
      waiting.push({ change: change ?? undefined, token: change ? change._id : stream.resumeToken });
      bell.ring();
      while (waiting.length >= most && !hasEnded) await bell.rung();
      if (!change) await sleep(Math.max(0, PACE - (performance.now() - begun)), undefined, { ref: false });
    }
  }

  read().catch((error: unknown) => {
    failure = { error };
    bell.ring();
  });
  try {
    for (;;) {
      while (waiting.length === 0 && !failure) await bell.rung();
      if (waiting.length === 0) throw failure!.error;
      const items = waiting.splice(0, most);
      bell.ring();
      const { change, token } = items.at(-1)!;
      yield { changes: items.flatMap((item) => item.change ?? []), token, isLast: change === undefined };
    }
  } finally {
    hasEnded = true;
    bell.ring();
  }
}

/** Wakes all who wait for it. */
function createBell() {
  let next = Promise.withResolvers<void>();
  return {
    rung: () => next.promise,
    ring() {
      next.resolve();
      next = Promise.withResolvers();
    },
  };
}
