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
import { createChatCommands } from './chat.ts';
import type { Call, CommandTools, Handler } from './command.ts';
import { createEngineCommands } from './engine.ts';
import { createProcessCommands } from './process.ts';
import { createTaskCommands } from './task.ts';

/** Carries out a command by its name; never rejects. */
export type Execute = (actor: Actor, name: string, input: unknown) => Promise<CommandAck>;

/** Makes the commands of one node. */
export function createCommands(tools: CommandTools, logger: Logger): Execute {
  const inEngine = createEngineCommands(tools);
  const handlers: { [N in CommandName]: Handler<N> } = {
    ...createChatCommands(tools),
    ...createTaskCommands(tools, inEngine),
    ...createProcessCommands(tools, inEngine),
  };

  return async (actor, name, input) => {
    let commandId: string | undefined;
    try {
      if (!isCommand(name))
        throw new RealtimeError('unknown_command', { message: `There is no command ${name.slice(0, 100)}.` });
      const payload = check<{ commandId?: string | undefined }>(COMMANDS[name], input ?? {});
      commandId = payload.commandId ?? randomUUID();
      const handler = handlers[name] as unknown as Handler<CommandName>;
      const done = await handler({
        actor,
        commandId,
        payload: { ...payload, commandId },
      } as Call<CommandName>);
      return { success: true, commandId, ...done } as CommandAck;
    } catch (thrown) {
      const error = errorOf(thrown);
      if (error.code === 'internal') logger.error({ err: thrown, command: name }, 'command failed');
      return { success: false, ...(commandId === undefined ? {} : { commandId }), error: error.toWire() };
    }
  };
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}
