import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineClient } from '@netbuild/realtime-engine';
import {
  type CommandData,
  type CommandName,
  type CommandResults,
  ERRORS,
  type ErrorCode,
  RealtimeError,
  type Subject,
} from '@netbuild/realtime-protocol';
import { errorOf } from '../error.ts';
import { type Call, type CommandTools, type Done, digestOf } from './command.ts';
import { decide, isUntaken, type Sight } from './deciding.ts';
import { COMMAND_LIMITS } from './limits.ts';
import { createRecord, isUnderWay, type Lease, type Recorded } from './record.ts';

/** A command whose effect is in an engine. */
export interface EngineCall<N extends CommandName> {
  name: N;
  call: Call<N>;
  /** What it is about: no second command is under way there meanwhile, and the event of the effect names this one. */
  target?: Subject;
  /** Title of an execution that may be made. */
  title?: string | undefined;
  /** The engine can be asked twice, and does it once. */
  isRepeatable: boolean;
  /** What the rows say: which engine it is for, and whether it is so already. Rejects if it must not be. */
  examine(): Promise<{ engine?: string | undefined; done?: Done<N> | undefined }>;
  /** Asks the engine. */
  ask(engine: EngineClient): Promise<CommandResults[N]>;
  /** Looks whether the engine has done what it was asked since then. */
  look(engine: EngineClient, since: string): Promise<Sight<CommandResults[N]>>;
  /** The subject whose event names this command as its cause. */
  effectIn?(result: CommandResults[N]): Subject;
  /** What is told with its completion, beside the engine's own words. */
  told?(result: CommandResults[N]): { type: string; data: object };
}

/** Carries out commands in engines. */
export interface EngineCommands {
  /** Does what somebody has sent, for the first time or again. */
  run<N extends CommandName>(command: EngineCall<N>): Promise<Done<N>>;
  /** Brings to its end what was left behind, if that can be now; rejects if not. */
  resume<N extends CommandName>(command: EngineCall<N>): Promise<void>;
}

/** One attempt at a command. */
interface Attempt<N extends CommandName> {
  command: EngineCall<N>;
  row: CommandData;
  engine: EngineClient;
  /** It was left behind, and nobody waits for it. */
  isLeft?: boolean;
}

/**
 * Carries out commands in engines, each once.
 *
 * A command is in the log, and its node has a lease on it, before the engine hears of it. Its effect comes back as an
 * event, whose fold finds the open command and names it; only then the command is completed. So the position in an
 * acknowledgement has both. Whoever meets an open command (a retry, another node after this one was killed, this one
 * when the engine's answer was lost) looks at the engine, and does as {@link decide} says.
 */
export function createEngineCommands(tools: CommandTools): EngineCommands {
  const { log, delivery, engineOf, policy } = tools;
  const limits = { ...COMMAND_LIMITS, ...tools.limits };
  const record = createRecord(tools);
  /** Those that this node is working on: for a retry that comes before the end, and of what was left behind. */
  const running = new Map<string, Promise<Done<CommandName>>>();
  const resuming = new Map<string, Promise<unknown>>();

  async function carryOut<N extends CommandName>(command: EngineCall<N>): Promise<Done<N>> {
    const { call } = command;
    const before = await record.read(call, command.name);
    if (before && isUnderWay(before.data)) return settle(standing(command, before.data));
    const outcome = before && (await record.outcome(call, before));
    if (outcome && !(outcome instanceof RealtimeError)) return outcome;
    if (outcome && !mayTryAgain(outcome)) throw outcome;

    // Whom it is not for learns nothing of what it is about, not even that it is there.
    await policy.assertMay(call.actor, command.name, call.payload);
    const { engine: name, done } = await command.examine();
    if (done) return done;
    const engine = reachable(name);
    const row = {
      commandId: call.commandId,
      type: command.name,
      userId: call.actor.userId,
      attempt: (before?.data.attempt ?? 0) + 1,
      target: command.target,
      payload: call.payload,
      title: command.title,
      engine: name,
      digest: digestOf(call),
      ...leaseOf(command, 1),
    };
    const since = new Date().toISOString();
    const { isOwn, mayBeLost } = await record.accept(call, row);
    const attempt: Attempt<N> = { command, row: { ...row, status: 'taken', accepted: since }, engine };
    // Another node was faster by a moment.
    if (!isOwn) return settle(attempt);
    if (mayBeLost && !command.isRepeatable) {
      // Such a log may have lost that it was done already.
      const sight = await sightOf(attempt);
      if (sight.is === 'done') return finish(attempt, sight.result);
    }
    return ask(attempt);
  }

  /** Asks the engine within the lease, and brings the command to its end. */
  async function ask<N extends CommandName>(attempt: Attempt<N>): Promise<Done<N>> {
    const { command, row, engine } = attempt;
    const effect = await effectOf(attempt);
    try {
      let result: CommandResults[N];
      try {
        // A node that was held up must not ask when the next one may.
        if (Date.now() + limits.call > Date.parse(row.until!)) throw new RealtimeError('abandoned');
        result = await command.ask(engine);
      } catch (thrown) {
        const error = errorOf(thrown);
        return error.code === 'in_doubt' ? await settle(attempt) : await failWith(attempt, error);
      }
      await effect.within(limits.effect);
      // Should this fail, the command stays open, and the next who looks finds it done.
      return await record.complete(command.call, row, result, command.told?.(result));
    } finally {
      effect.stop();
    }
  }

  /** Looks until the command has come to its end, or whoever waits for it has waited long enough. */
  async function settle<N extends CommandName>(attempt: Attempt<N>): Promise<Done<N>> {
    const { command, isLeft = false } = attempt;
    const { call } = command;
    const end = performance.now() + (isLeft ? 0 : limits.patience);
    for (;;) {
      const current = await record.read(call, command.name);
      // The log has lost it.
      if (!current) throw new RealtimeError('in_doubt');
      if (!isUnderWay(current.data)) return outcomeOf(call, current);
      const now: Attempt<N> = { ...attempt, row: current.data };
      const sight = await sightOf(now);
      const next = decide(now.row, sight, { now: Date.now(), isStale: isLeft && isStale(now.row) });
      if (next.do === 'complete') return finish(now, next.result);
      if (next.do === 'fail') return failWith(now, new RealtimeError(next.code));
      if (next.do === 'ask') {
        const lease = leaseOf(command, (now.row.take ?? 0) + 1);
        if (await record.take(call, now.row, lease))
          return askAgain({ ...now, row: { ...now.row, ...lease } });
      }
      const left = end - performance.now();
      if (left <= 0) throw new RealtimeError('in_doubt', { retryAfter: limits.lookEvery });
      await sleep(Math.min(limits.lookEvery, left));
    }
  }

  /** Asks once more, if the rows still allow it. */
  async function askAgain<N extends CommandName>(attempt: Attempt<N>): Promise<Done<N>> {
    let done: Done<N> | undefined;
    try {
      ({ done } = await attempt.command.examine());
    } catch (thrown) {
      const error = errorOf(thrown);
      if (error.toWire().retryable) throw error;
      return failWith(attempt, error);
    }
    return done ? finish(attempt, done.result) : ask(attempt);
  }

  /** Completes what has been seen to be done, once its event names it, too. */
  async function finish<N extends CommandName>(attempt: Attempt<N>, result: CommandResults[N]) {
    const { command, row, isLeft } = attempt;
    const name = command.effectIn?.(result);
    if (name !== undefined && !isLeft) {
      const effect = await effectOf(attempt);
      const [there] = await log.rows(command.call.actor.domainId, [name]);
      const isThere = there && (JSON.parse(there.body) as { commandId?: string }).commandId === row.commandId;
      if (!isThere) await effect.within(limits.effect);
      effect.stop();
    }
    return record.complete(command.call, row, result, command.told?.(result));
  }

  async function failWith({ command, row }: Attempt<CommandName>, error: RealtimeError): Promise<never> {
    await record.fail(command.call, row, error.code, error.message);
    throw error;
  }

  async function outcomeOf<N extends CommandName>(call: Call<N>, over: Recorded): Promise<Done<N>> {
    const outcome = await record.outcome(call, over);
    if (outcome instanceof RealtimeError) throw outcome;
    return outcome;
  }

  async function sightOf<N extends CommandName>(attempt: Attempt<N>): Promise<Sight<CommandResults[N]>> {
    const { command, row, engine } = attempt;
    // Nobody has asked for it, so nothing can be seen.
    if (isUntaken(row)) return { is: 'undone' };
    return command.look(engine, row.accepted ?? row.until!).catch(() => ({ is: 'hidden' }) as const);
  }

  async function effectOf({ command, row }: Attempt<CommandName>) {
    const { userId, domainId } = command.call.actor;
    const channel = await delivery.channel(domainId);
    return command.target === undefined
      ? { within: async () => undefined, stop: () => undefined }
      : channel.effectOf({ userId, commandId: row.commandId, target: command.target });
  }

  function standing<N extends CommandName>(command: EngineCall<N>, row: CommandData): Attempt<N> {
    return { command, row, engine: reachable(row.engine) };
  }

  function reachable(name: string | undefined): EngineClient {
    const engine = engineOf(name);
    if (engine) return engine;
    throw new RealtimeError(
      'no_engine',
      name === undefined ? {} : { message: `There is no engine ${name}.` },
    );
  }

  function leaseOf({ isRepeatable }: { isRepeatable: boolean }, take: number): Lease {
    const lease = isRepeatable ? limits.lease : limits.leaseOnce;
    return { take, until: new Date(Date.now() + lease).toISOString() };
  }

  function isStale({ accepted, until }: CommandData): boolean {
    return Date.parse(accepted ?? until ?? '') < Date.now() - limits.stale;
  }

  return {
    async run<N extends CommandName>(command: EngineCall<N>) {
      const key = keyOf(command);
      // Who resumes has no patience; who sends has.
      await resuming.get(key)?.catch(() => undefined);
      const earlier = running.get(key);
      if (earlier) return earlier as Promise<Done<N>>;
      const started = carryOut(command).finally(() => running.delete(key));
      running.set(key, started as Promise<Done<CommandName>>);
      return started;
    },
    async resume<N extends CommandName>(command: EngineCall<N>) {
      const key = keyOf(command);
      if (running.has(key) || resuming.has(key)) return;
      const before = record.read(command.call, command.name);
      const resumed = before
        .then((found) => found && settle({ ...standing(command, found.data), isLeft: true }))
        .finally(() => resuming.delete(key));
      resuming.set(key, resumed);
      await resumed;
    },
  };
}

/** Only a failure that may pass leaves room for another attempt; what nobody could tell stays so. */
function mayTryAgain({ code }: { code: ErrorCode }): boolean {
  return ERRORS[code].retryable && code !== 'in_doubt';
}

/** Of two with the same id that ask for different things, one is a mistake, and has to hear of it. */
function keyOf({ name, call }: EngineCall<CommandName>): string {
  return JSON.stringify([call.actor.domainId, call.actor.userId, call.commandId, name, digestOf(call)]);
}
