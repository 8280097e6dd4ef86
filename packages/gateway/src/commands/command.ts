import { createHash } from 'node:crypto';
import type { EngineClient } from '@netbuild/realtime-engine';
import type { Log } from '@netbuild/realtime-log';
import type { CommandName, CommandPayload, CommandResults, Fact } from '@netbuild/realtime-protocol';
import type { Actor } from '../auth/actor.ts';
import type { Policy } from '../auth/policy.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { Publish } from '../ingest/publish.ts';
import { opaqueId } from '../opaque-id.ts';
import type { FormTools } from './form.ts';
import type { CommandLimits } from './limits.ts';

/** What commands are made of. */
export interface CommandTools {
  log: Log;
  publish: Publish;
  policy: Policy;
  delivery: Delivery;
  /** The engine of this name, or the one that is asked where none is named. None: commands to it answer `no_engine`. */
  engineOf: (name?: string) => EngineClient | undefined;
  forms: FormTools;
  /** Not for operators; tests are quicker than users. Default {@link COMMAND_LIMITS}. */
  limits?: Partial<CommandLimits> | undefined;
}

/** One command on its way. */
export interface Call<N extends CommandName> {
  actor: Actor;
  commandId: string;
  payload: CommandPayload<N>;
}

/** What a command came to: its result, and the position from which on its effect can be read. */
export interface Done<N extends CommandName> {
  epoch: string;
  seq: number;
  result: CommandResults[N];
}

/** Carries out one command. */
export type Handler<N extends CommandName> = (call: Call<N>) => Promise<Done<N>>;

/**
 * The fact of a command: its id is the user's own, and the same id with another payload is a mistake. Events bear it
 * for good, so nobody's name is in it.
 */
export function commandFact(
  name: CommandName,
  call: Call<CommandName>,
  step: string,
  type: string,
  data: object,
): Fact {
  return {
    source: 'user',
    id: `${name}/${opaqueId(call.actor.userId, call.commandId)}${step}`,
    type,
    time: new Date().toISOString(),
    data,
    digest: digestOf(call),
  };
}

/**
 * Carries out a command that is one fact: takes it in, so that its event names the command.
 *
 * @throws why it can not enter
 */
export async function enterFact<N extends CommandName>(
  publish: Publish,
  name: N,
  call: Call<N>,
  { type, data }: { type: string; data: object },
  result: CommandResults[N],
): Promise<Done<N>> {
  const fact = { ...commandFact(name, call, '', type, data), commandId: call.commandId };
  const { epoch, seq, results } = await publish(call.actor.domainId, [fact]);
  const published = results[0]!;
  if (published.status === 'refused') throw published.error;
  return { epoch, seq: published.seqs.at(-1) ?? seq, result };
}

/** Tells payloads apart. */
export function digestOf(call: Call<CommandName>): string {
  return createHash('sha256').update(JSON.stringify(call.payload)).digest('base64url');
}

/** How the engine knows a command: what it has brought about carries this name. */
export function markOf({ actor, commandId }: Call<CommandName>): string {
  return `${actor.domainId}/${actor.userId}/${commandId}`;
}
