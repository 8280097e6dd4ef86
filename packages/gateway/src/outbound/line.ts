import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry, EntryPage, Head, Log } from '@netbuild/realtime-log';
import { forkAfter, isPositionGood } from '@netbuild/realtime-protocol';
import type { Logger } from 'pino';
import { FIRST_SLICE, sliceOf } from '../delivery/slice.ts';
import { messageOf } from './message.ts';
import { Overtaken, type Progress, type Reached } from './progress.ts';
import type { Answer, Receiver } from './receiver.ts';
import type { Selection } from './selection.ts';
import { createWake } from './wake.ts';

/** How often, and how long. */
export interface LineTiming {
  /** Milliseconds until what has failed is tried again; twice as long each time. */
  retryAfter: number;
  /** The longest of these. */
  longestRetry: number;
  /** Milliseconds after which one event that could not be delivered is given up. */
  patience: number;
  /** Milliseconds between two looks at the log where nothing has woken it. */
  lookEvery: number;
  /** Milliseconds after a delivery by which it has to be noted; without one, ten times as many. */
  noteEvery: number;
  /** Milliseconds that a request under way has when the line ends. */
  grace: number;
}

/** An event that has not arrived for so long that it is given up. */
export interface Undelivered {
  entry: Entry;
  epoch: string;
  attempts: number;
  why: string;
}

/** What the line of a subscription needs. */
export interface LineTools {
  name: string;
  domain: string;
  log: Pick<Log, 'head' | 'read' | 'watch' | 'keepFor'>;
  selection: Selection;
  receive: Receiver;
  progress: Progress;
  /** Keeps aside what is given up; once it resolves that is durable, and the same again is nothing new. */
  giveUp(undelivered: Undelivered): Promise<void>;
  /** Hears what became of each attempt. */
  onAttempt(outcome: 'delivered' | 'failed'): void;
  logger: Logger;
  timing: LineTiming;
}

/** How the line of a subscription stands. */
export interface LineStanding {
  /** Events of the log that it has not looked at yet. */
  behind: number;
  /** Since when the next one could not be delivered, or is not wanted, in epoch milliseconds. */
  failingSince?: number;
}

/** The line of a subscription: it hands on what the log says, one after the other. */
export interface Line {
  /** Sees to it that a new one hears what comes from now on, whoever delivers it. */
  begin(): Promise<void>;
  /** Until the signal ends, or another node has taken over. */
  run(signal: AbortSignal): Promise<void>;
  readonly standing: LineStanding | undefined;
}

/** Entries that are read at once: what waits behind one that fails is read again, so few. */
const PAGE = 50;

/** Characters of their bodies, roughly: many subscriptions may catch up at the same time. */
const PAGE_CHARACTERS = 1024 * 1024;

/** Milliseconds for which a page is as good as the log: what was erased since must not go out. */
const FRESH = 1000;

/** Milliseconds between two words to the log on what it has to keep; it forgets every ten minutes. */
const KEEP_EVERY = 10_000;

/** Milliseconds until a log that did not answer is asked again. */
const ASK_AGAIN = 1000;

/** Makes the {@link Line} of a subscription on this node. */
export function createLine(tools: LineTools): Line {
  const { name, domain, log, selection, receive, progress, giveUp, onAttempt, logger, timing } = tools;
  const reader = `subscription/${name}`;
  let standing: (() => LineStanding) | undefined;

  /** Where to begin: where the node before had come to, as far as the log still is what it was. */
  function beginning(before: Reached | undefined, head: Head): Reached {
    const { epoch, seq } = head;
    if (!before || before.domain !== domain) {
      logger.info({ epoch, seq }, 'a new subscription: it hears what comes from now on');
      return { domain, epoch, seq };
    }
    if (isPositionGood(head.lives, before.epoch, before.seq)) return { ...before, epoch };
    const fork = forkAfter(head.lives, before.epoch)!;
    const from = Math.max(fork - 1, 0);
    logger.warn(
      { epoch, had: before.seq, from },
      'the log has lost what was told last: what stands in its place is told',
    );
    const { failing: _, ...rest } = before;
    return { ...rest, epoch, seq: from };
  }

  async function begin(): Promise<void> {
    const row = await progress.read();
    if (row?.domain === domain) return;
    try {
      await progress.note(beginning(row, await log.head(domain)));
      if (row) await log.keepFor(row.domain, reader, undefined);
    } catch (error) {
      // Another node has begun it.
      if (!(error instanceof Overtaken)) throw error;
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    try {
      await walk(beginning(await progress.read(), await log.head(domain)), signal);
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
    } finally {
      standing = undefined;
    }
  }

  async function walk(first: Reached, signal: AbortSignal): Promise<void> {
    const hard = outlasting(signal, timing.grace);
    let at = first;
    let noted: Reached | undefined;
    let notedAt = 0;
    let keptAt = Number.NEGATIVE_INFINITY;
    let isDelivered = false;
    /** Whether it was said that the receiver can not be reached. */
    let isSaid = first.failing !== undefined;
    let known = first.seq;
    let limit = FIRST_SLICE;
    const wake = createWake(log, domain, (seq) => {
      known = Math.max(known, seq);
    });
    standing = () => {
      const since = at.gone ?? at.failing?.since;
      const behind = Math.max(0, known - at.seq);
      return since === undefined ? { behind } : { behind, failingSince: Date.parse(since) };
    };

    async function note(): Promise<void> {
      await progress.note(at);
      noted = at;
      notedAt = performance.now();
      isDelivered = false;
      if (at.gone === undefined && notedAt - keptAt < KEEP_EVERY) return;
      keptAt = notedAt;
      await log.keepFor(domain, reader, at.gone === undefined ? at.seq : undefined);
    }

    /** Has come so far; what could not be delivered before is no longer in the way. */
    function move(seq: number): void {
      const { failing, ...rest } = at;
      at = { ...rest, seq, ...(failing && failing.seq > seq && { failing }) };
    }

    const isDue = (): boolean =>
      at !== noted && performance.now() - notedAt >= (isDelivered ? 1 : 10) * timing.noteEvery;

    /** What an answer comes to: whether the line may go on with the next, and after what pause. */
    async function settle(entry: Entry, answer: Answer): Promise<{ pause?: number }> {
      if (answer.is === 'taken') {
        onAttempt('delivered');
        isDelivered = true;
        const { failing } = at;
        move(entry.seq);
        if (isSaid)
          logger.info({ seq: entry.seq, attempts: failing?.attempts }, 'the receiver is there again');
        isSaid = false;
        if (failing) await note();
        return {};
      }
      onAttempt('failed');
      if (answer.is === 'gone') {
        at = { ...at, gone: new Date().toISOString() };
        await note();
        logger.error(
          { seq: entry.seq },
          'the receiver wants no more (410): nothing is sent until it is resumed',
        );
        return { pause: 0 };
      }
      const { why, retryAfter = 0 } = answer;
      const before = at.failing?.seq === entry.seq ? at.failing : undefined;
      const since = before?.since ?? new Date().toISOString();
      const attempts = (before?.attempts ?? 0) + 1;
      if (!isSaid)
        logger.warn({ seq: entry.seq, why }, 'an event can not be delivered: the line waits for it');
      isSaid = true;
      if (Date.now() - Date.parse(since) >= timing.patience) {
        await giveUp({ entry, epoch: at.epoch, attempts, why });
        move(entry.seq);
        await note();
        return { pause: 0 };
      }
      at = { ...at, failing: { seq: entry.seq, since, attempts, why } };
      await note();
      const backoff = Math.min(timing.retryAfter * 2 ** Math.min(attempts - 1, 30), timing.longestRetry);
      // Between half of it and all: those that failed at once do not come back at once.
      return { pause: Math.max(retryAfter, backoff * (0.5 + Math.random() / 2)) };
    }

    /** Hands on a page; answers how long to pause where it came to no end. */
    async function handOn(page: EntryPage): Promise<{ pause?: number }> {
      const readAt = performance.now();
      for (const entry of page.entries) {
        if (signal.aborted || performance.now() - readAt > FRESH) return { pause: 0 };
        const selected = selection.take(entry);
        if (selected) {
          const message = messageOf(selected, { domain, epoch: page.epoch, seq: entry.seq });
          const answer = await receive(message, hard);
          // One that was given up says nothing of the receiver.
          if (hard.aborted && answer.is === 'failed') return { pause: 0 };
          const settled = await settle(entry, answer);
          if (settled.pause !== undefined) return settled;
        } else move(entry.seq);
        if (isDue()) await note();
      }
      if (!page.more && page.seq > at.seq) move(page.seq);
      return page.more ? { pause: 0 } : {};
    }

    async function step(): Promise<void> {
      if (at.gone !== undefined) {
        await pause(timing.lookEvery, signal);
        const row = await progress.read();
        if (row && row.gone === undefined) {
          logger.info({ seq: at.seq }, 'resumed');
          const { gone: _gone, failing: _failing, ...rest } = at;
          at = beginning(rest, await log.head(domain));
          isSaid = false;
          keptAt = Number.NEGATIVE_INFINITY;
        }
        return;
      }
      if (isDue()) await note();
      const { rooms } = selection;
      const page = await log.read(domain, { after: at.seq, limit, ...(rooms && { rooms }) });
      if (page.entries.length > 0) limit = Math.min(PAGE, sliceOf(page.entries, PAGE_CHARACTERS));
      if (page.epoch !== at.epoch) {
        known = page.seq;
        at = beginning(at, await log.head(domain));
        return;
      }
      known = Math.max(known, page.seq);
      if (page.floor > at.seq) {
        logger.error(
          { from: at.seq, to: page.floor },
          'events are forgotten that were still to be delivered',
        );
        move(page.floor);
      }
      const handed = await handOn(page);
      if (handed.pause === undefined) await wake.wait(timing.lookEvery, signal);
      else await pause(handed.pause, signal);
    }

    let isTroubled = false;
    try {
      await note();
      while (!signal.aborted) {
        try {
          await step();
          isTroubled = false;
        } catch (err) {
          if (err instanceof Overtaken) throw err;
          if (!isTroubled) logger.warn({ err }, 'the log does not answer a subscription');
          isTroubled = true;
          await pause(ASK_AGAIN, signal);
        }
      }
    } finally {
      wake.stop();
      if (noted && at !== noted && at.gone === undefined) await note().catch(() => undefined);
    }
  }

  return {
    begin,
    run,
    get standing() {
      return standing?.();
    },
  };
}

/** A signal that ends so many milliseconds after another one. */
function outlasting(signal: AbortSignal, milliseconds: number): AbortSignal {
  const later = new AbortController();
  signal.addEventListener('abort', () => setTimeout(() => later.abort(), milliseconds).unref(), {
    once: true,
  });
  return later.signal;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}
