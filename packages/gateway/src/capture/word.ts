import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { publishRelay, type RelayTools, readRelay } from './relays.ts';

/** Waits for what the relay of an engine has to say. */
export interface Word {
  /** Whether a relay of this engine was ever heard of. */
  isKnown(): Promise<boolean>;
  /**
   * Resolves when all is in the log that the engine had committed before this call: `seen`. Or when the relay has
   * not been heard of for long: `silent`; whatever it keeps may then come later.
   */
  given(signal: AbortSignal): Promise<'seen' | 'silent'>;
}

/** Milliseconds between looks for it. */
const LOOK_EVERY = 100;

/** Looks and sweeps ask side by side; no more than a few of their questions are ever open. */
const REMEMBERED = 100;

/**
 * Makes the {@link Word} of an engine's relay.
 *
 * @param silence milliseconds without a sign of it after which it counts as silent
 */
export function createWord(tools: RelayTools, engine: string, silence: number): Word {
  /** The last questions, in order. */
  const asked: string[] = [];
  let heard: string | undefined;
  /** Since when nothing new was heard, by this node's clock. */
  let since = performance.now();

  async function look() {
    const row = await readRelay(tools, engine);
    if (row?.heard !== heard) {
      heard = row?.heard;
      since = performance.now();
    }
    return row;
  }

  return {
    isKnown: async () => (await look())?.heard !== undefined,
    async given(signal) {
      const ask = randomUUID();
      asked.push(ask);
      if (asked.length > REMEMBERED) asked.shift();
      const begun = performance.now();
      await publishRelay(tools, engine, 'relay:asked', { ask });
      for (;;) {
        const row = await look();
        // A later question has taken the place of this one, and its answer covers this one, too.
        if (row?.seen !== undefined && asked.indexOf(row.seen) >= asked.indexOf(ask)) return 'seen';
        // A relay of an earlier version posts and never answers.
        const isMute = row?.seen === undefined && performance.now() - begun > silence;
        if (isMute || performance.now() - since > silence) return 'silent';
        await sleep(LOOK_EVERY, undefined, { signal, ref: false });
      }
    },
  };
}
