import type { EngineClient } from '@netbuild/realtime-engine';
import {
  type CommandData,
  type CommandName,
  type CommandResults,
  commandSubject,
  RealtimeError,
  type Subject,
} from '@netbuild/realtime-protocol';
import { errorOf } from '../error.ts';
import { type Call, type CommandTools, commandFact, type Done, digestOf } from './command.ts';

/** Milliseconds for which a command holds its target, so that no second one is under way there. */
const LEASE = 20_000;

/** Milliseconds to wait for the engine's own report of the effect, so that the event can name its command. */
const EFFECT_WAIT = 3000;

/** A command whose effect is in the engine. */
export interface EngineCall<N extends CommandName> {
  name: N;
  call: Call<N>;
  target: Subject;
  /** Title of an execution that may be made. */
  title?: string | undefined;
  /** Whether the rows allow it; answers for what is so already, and rejects what must not be. */
  examine: () => Promise<Done<N> | undefined>;
  /** Asks the engine. */
  ask: (engine: EngineClient) => Promise<CommandResults[N]>;
}

/**
 * Carries out commands in the engine, each once.
 *
 * The command is in the log before the engine hears of it. Its effect comes back as an event, whose fold finds
 * the open command and names it; only then the command is completed. So a position in an acknowledgement has both.
 */
export function createEngineCommands({ log, publish, delivery, engine }: CommandTools) {
  /** Those that this node is working on, for a retry that comes before the end. */
  const underWay = new Map<string, Promise<Done<CommandName>>>();

  async function run<N extends CommandName>(command: EngineCall<N>): Promise<Done<N>> {
    if (!engine) throw new RealtimeError('no_engine');
    const { name, call, target, title } = command;
    const { userId, domainId } = call.actor;
    const earlier = await earlierAttempt(call);
    if (earlier.done) return earlier.done as Done<N>;
    const known = await command.examine();
    if (known) return known;
    const attempt = earlier.attempt + 1;
    const step = (name: string) => `/${attempt}/${name}`;
    const accepted = await one(
      domainId,
      commandFact(name, call, step('accepted'), 'command:accepted', {
        commandId: call.commandId,
        type: name,
        userId,
        attempt,
        target,
        payload: call.payload,
        title,
        digest: digestOf(call),
        until: new Date(Date.now() + LEASE).toISOString(),
      }),
    );
    // Another node was faster by a moment.
    if (accepted.status === 'known') throw new RealtimeError('busy');

    const channel = await delivery.channel(domainId);
    const effect = channel.effectOf({ userId, commandId: call.commandId });
    try {
      const result = await command.ask(engine);
      await effect.within(EFFECT_WAIT);
      const { epoch, seq } = await one(
        domainId,
        commandFact(name, call, step('completed'), 'command:completed', {
          commandId: call.commandId,
          userId,
          result,
        }),
      );
      return { epoch, seq, result };
    } catch (error) {
      const { code } = errorOf(error);
      await one(
        domainId,
        commandFact(name, call, step('failed'), 'command:failed', {
          commandId: call.commandId,
          userId,
          code,
        }),
      );
      throw error;
    } finally {
      effect.stop();
    }
  }

  /** Publishes one fact and insists on it. */
  async function one(domain: string, fact: Parameters<typeof publish>[1][number]) {
    const { epoch, seq, results } = await publish(domain, [fact]);
    const published = results[0]!;
    if (published.status === 'refused') throw published.error;
    return { status: published.status, epoch, seq: published.seqs.at(-1) ?? seq };
  }

  /** What the log knows of a command already. Only a failure that may pass leaves room for another attempt. */
  async function earlierAttempt(
    call: Call<CommandName>,
  ): Promise<{ attempt: number; done?: Done<CommandName> }> {
    const { userId, domainId } = call.actor;
    const [row] = await log.rows(domainId, [commandSubject({ userId, commandId: call.commandId })]);
    if (!row) return { attempt: 0 };
    const { data } = JSON.parse(row.body) as { data: CommandData };
    const { attempt, status, digest, result } = data;
    if (digest !== digestOf(call)) throw new RealtimeError('duplicate_id', { field: 'commandId' });
    if (status === 'accepted') throw new RealtimeError('in_doubt');
    if (status === 'failed') {
      const error = new RealtimeError(data.code as RealtimeError['code']);
      if (!error.toWire().retryable) throw error;
      return { attempt };
    }
    const { epoch } = await log.head(domainId);
    return {
      attempt,
      done: { epoch, seq: row.seq, result: result as unknown as CommandResults[CommandName] },
    };
  }

  return <N extends CommandName>(command: EngineCall<N>): Promise<Done<N>> => {
    const key = JSON.stringify([
      command.call.actor.domainId,
      command.call.actor.userId,
      command.call.commandId,
    ]);
    const running = underWay.get(key);
    if (running) return running as Promise<Done<N>>;
    const started = run(command).finally(() => underWay.delete(key));
    underWay.set(key, started as Promise<Done<CommandName>>);
    return started;
  };
}
