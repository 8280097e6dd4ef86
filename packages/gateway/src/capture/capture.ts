import { setTimeout as sleep } from 'node:timers/promises';
import { createReconcile, createRest, type Load, type Progress, polite } from '@netbuild/realtime-engine';
import type { Log } from '@netbuild/realtime-log';
import type { SubjectKind } from '@netbuild/realtime-protocol';
import type { Logger } from 'pino';
import type { EngineSettings } from '../config/engines.ts';
import type { Publish } from '../ingest/publish.ts';
import { createLease } from '../lease.ts';
import { wholeFact } from '../whole.ts';
import { createLedger } from './ledger.ts';
import { createWord } from './word.ts';

/** An engine that is captured. */
export type EngineCapture = Pick<EngineSettings, 'name' | 'url' | 'user' | 'password' | 'domain' | 'capture'>;

/** How often, and how much. */
export interface CaptureTiming {
  /** Milliseconds between looks at what has happened lately; behind a relay it is ten times as long. */
  lookEvery: number;
  /** Milliseconds between sweeps of all that is open. */
  sweepEvery: number;
  /** Milliseconds of the engine's past that looks read again, for transactions that commit late. */
  overlap: number;
  /** Milliseconds without a sign of a known relay after which corrections no longer wait for it. */
  silence: number;
  /** Milliseconds that a relay has to show itself before an engine of `auto` is taken for one without. */
  introduction?: number;
  /** Milliseconds between renewals of the lease. */
  leaseEvery?: number;
  /** Milliseconds until what has failed is tried again; twice as long each time, up to a minute. */
  retryAfter?: number;
}

/** What capturing an engine needs. */
export interface CaptureTools {
  engine: EngineCapture;
  log: Log;
  publish: Publish;
  logger: Logger;
  /** The domain in which sources say that all of theirs is there. */
  home: string;
  /** This node, in this run of it. */
  holder: string;
  timing: CaptureTiming;
  load: Load;
  onCorrected: (kind: SubjectKind) => void;
}

/** Milliseconds for an answer: a page of a long list takes a busy engine a while. */
const PATIENCE = 60_000;

/** Two intervals of a relay, with some room. */
const INTRODUCTION = 12_000;

/** Between looks of the whole overlap, those in between go back so far; it is read again and again. */
const SHORT_OVERLAP = 3000;
const LONG_EVERY = 10;

/** Behind a relay there is nothing to find but what it has lost. */
const BEHIND = 10;

/** Milliseconds between lines that say how far a sweep is. */
const SAY_EVERY = 5000;

/** Milliseconds until what has failed is tried again, and at most. */
const RETRY_AFTER = 1000;
const LONGEST_RETRY = 60_000;

/** Milliseconds until a doubtful sweep is repeated. */
const ASK_AGAIN = 30_000;

/** Captures an engine over REST, or looks behind its relay, until the signal ends. */
export async function captureEngine(tools: CaptureTools, signal: AbortSignal): Promise<void> {
  const { engine, log, publish, home, holder, timing } = tools;
  const logger = tools.logger.child({ engine: engine.name });
  const rounds = createRounds(logger, timing.retryAfter);
  const word = createWord({ log, publish }, engine.name, timing.silence);
  /** Until it is known whether there is one, corrections wait: what is late is better than twice. */
  let isRelayed = engine.capture !== 'rest';
  let isSilent = false;
  let isDoubtful = false;
  /** Whether this engine may be waited for after a failover; a run before has perhaps said so. */
  let isAwaited = true;
  let held = signal;

  const ledger = createLedger({
    log,
    publish,
    engine,
    logger,
    waits: () => isRelayed,
    async word() {
      const answer = await word.given(held);
      if (isSilent !== (answer === 'silent')) {
        isSilent = answer === 'silent';
        if (isSilent)
          logger.warn(
            'the relay is silent: what the engine shows is taken without its word, and may come again',
          );
        else logger.info('the relay is heard of again');
      }
    },
    onCorrected: tools.onCorrected,
  });
  const rest = polite(createRest({ ...engine, timeout: PATIENCE, signal }), tools.load, signal);
  const progress = createProgress(logger);
  const reconcile = createReconcile({
    engine: engine.name,
    domain: engine.domain,
    rest,
    ledger,
    onProgress: progress,
    onDoubt(doubt) {
      isDoubtful = true;
      logger.warn(
        doubt,
        'the engine knows nothing of most that is open here: it is asked again before all that ends',
      );
    },
  });

  /** A relay is known from its first word on, in the log: for every node, and after a restart. */
  async function lookForRelay(): Promise<void> {
    if (engine.capture === 'auto') isRelayed = await word.isKnown();
  }

  /** Of an engine without a relay, reconcile says that all of it is there; with one, it keeps quiet. */
  async function tellWhole(epoch: string | null): Promise<void> {
    await publish(home, [wholeFact(`rest/${engine.name}`, epoch)], epoch ?? undefined);
  }

  async function look(round: number): Promise<void> {
    await lookForRelay();
    const isLong = isRelayed || round % LONG_EVERY === 0;
    await reconcile.look(isLong ? timing.overlap : Math.min(SHORT_OVERLAP, timing.overlap));
  }

  async function sweep(): Promise<void> {
    const { epoch } = await log.head(home);
    isDoubtful = false;
    const began = performance.now();
    await reconcile.sweep(held);
    logger.debug({ seconds: (performance.now() - began) / 1000 }, 'all that is open was compared');
    sweptIn = epoch;
    if (!isRelayed || isAwaited) await tellWhole(isRelayed ? null : epoch);
    isAwaited = !isRelayed;
  }

  let sweptIn: string | undefined;

  async function sweeps(own: AbortSignal): Promise<void> {
    let due = 0;
    await rounds(own, 'sweeping', async () => {
      const { epoch } = await log.head(home);
      // Another life may lack what the one before had.
      if (performance.now() < due && epoch === sweptIn) return Math.min(1000, timing.sweepEvery);
      await sweep();
      due = performance.now() + (isDoubtful ? Math.min(ASK_AGAIN, timing.sweepEvery) : timing.sweepEvery);
      return 0;
    });
  }

  async function looks(own: AbortSignal): Promise<void> {
    let round = 0;
    await rounds(own, 'looking', async () => {
      await look(round);
      round++;
      return isRelayed ? BEHIND * timing.lookEvery : timing.lookEvery;
    });
  }

  const lease = createLease(`reconcile/${engine.name}`, {
    log,
    publish,
    holder,
    reached: reconcile.reached,
    ...(timing.leaseEvery === undefined ? {} : { every: timing.leaseEvery }),
  });
  await lease.whileHeld(signal, async (own, reached) => {
    held = own;
    // What has begun and ended since the node before had looked is in no sweep.
    if (reached !== undefined) reconcile.beginAt(reached);
    logger.info({ capture: engine.capture }, 'this node reconciles the engine');
    if (engine.capture === 'auto' && !(await word.isKnown()))
      await pause(timing.introduction ?? INTRODUCTION, own);
    await lookForRelay();
    await Promise.all([looks(own), sweeps(own)]);
  });
}

/**
 * Does something again and again until the signal ends. What fails is tried again, and said once, and once more when
 * it is over.
 */
function createRounds(logger: Logger, retryAfter = RETRY_AFTER) {
  /** @param work answers in how many milliseconds it is due again */
  return async (signal: AbortSignal, what: string, work: () => Promise<number>): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) {
      let rest: number;
      try {
        rest = await work();
        if (failures > 0) logger.info({ what }, 'the engine is reconciled again');
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (failures++ === 0) logger.warn({ what, err: error }, 'the engine can not be reconciled now');
        rest = Math.min(retryAfter * 2 ** (failures - 1), LONGEST_RETRY);
      }
      await pause(rest, signal);
    }
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}

/** Says how far a sweep is, every few seconds: only long ones say anything. */
function createProgress(logger: Logger): (progress: Progress) => void {
  let said = performance.now();
  let last: Progress | undefined;
  return (progress) => {
    if (last?.kind !== progress.kind || last.done > progress.done) said = performance.now();
    last = progress;
    if (performance.now() - said < SAY_EVERY) return;
    said = performance.now();
    logger.info(progress, 'comparing all that is open');
  };
}
