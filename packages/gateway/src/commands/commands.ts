import { randomUUID } from 'node:crypto';
import {
  COMMANDS,
  type CommandAck,
  type CommandName,
  check,
  RealtimeError,
} from '@netbuild/realtime-protocol';
import type { Logger } from 'pino';
import type { Actor } from '../auth/actor.ts';
import { errorOf } from '../error.ts';
import type { Audit } from '../ops/audit.ts';
import { createAgentCommands } from './agent.ts';
import { createApprovals } from './approval.ts';
import { createChatCommands } from './chat.ts';
import type { Call, CommandTools, Handler } from './command.ts';
import { createEngineCommands, type EngineCall } from './engine.ts';
import { createFormCommands } from './form.ts';
import { createIncidentCommands } from './incident.ts';
import { COMMAND_LIMITS } from './limits.ts';
import { createProcessCommands } from './process.ts';
import { createSweep } from './sweep.ts';
import { createTaskCommands } from './task.ts';

/** Carries out a command by its name; never rejects. */
export type Execute = (actor: Actor, name: string, input: unknown) => Promise<CommandAck>;

/** The commands of one node. */
export interface Commands {
  execute: Execute;
  /** Takes up nothing more of what was left behind; resolves when the last of it is done. */
  close(): Promise<void>;
}

/** Makes the commands of one node. */
export function createCommands(
  tools: CommandTools,
  logger: Logger,
  audit?: Pick<Audit, 'commanded'>,
): Commands {
  const inEngine = createEngineCommands(tools);
  const chat = createChatCommands(tools);
  /** Those whose effect is in an engine: also a command that was left behind is known by its name alone. */
  const calls = {
    ...createTaskCommands(tools),
    ...createProcessCommands(tools),
    ...createIncidentCommands(tools),
    ...createAgentCommands(tools),
    ...createFormCommands(tools),
  };
  const approvals = createApprovals(tools, (call) => inEngine.run(calls['approval:decide'](call)));
  const sweep = createSweep({
    log: tools.log,
    resume: (name, call) => {
      const made = Object.hasOwn(calls, name) ? calls[name as keyof typeof calls] : undefined;
      return made ? inEngine.resume(made(call as never) as EngineCall<CommandName>) : Promise.resolve();
    },
    every: tools.limits?.sweepEvery ?? COMMAND_LIMITS.sweepEvery,
    logger,
  });

  function handlerOf(name: CommandName): Handler<CommandName> {
    if (Object.hasOwn(chat, name)) return chat[name as keyof typeof chat] as unknown as Handler<CommandName>;
    if (name === 'approval:decide') return approvals as unknown as Handler<CommandName>;
    const made = calls[name as keyof typeof calls];
    return (call) => inEngine.run(made(call as never) as EngineCall<CommandName>);
  }

  const execute: Execute = async (actor, name, input) => {
    let commandId: string | undefined;
    try {
      if (!isCommand(name))
        throw new RealtimeError('unknown_command', { message: `There is no command ${name.slice(0, 100)}.` });
      const payload = check<{ commandId?: string | undefined }>(COMMANDS[name], input ?? {});
      commandId = payload.commandId ?? randomUUID();
      const done = await handlerOf(name)({
        actor,
        commandId,
        payload: { ...payload, commandId } as Call<CommandName>['payload'],
      });
      audit?.commanded(actor, name, input, 'done', commandId);
      return { success: true, commandId, ...done } as CommandAck;
    } catch (thrown) {
      const error = errorOf(thrown);
      audit?.commanded(actor, name, input, error.code, commandId);
      if (error.code === 'internal') logger.error({ err: thrown, command: name }, 'command failed');
      return { success: false, ...(commandId === undefined ? {} : { commandId }), error: error.toWire() };
    }
  };
  return { execute, close: () => sweep.close() };
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}
