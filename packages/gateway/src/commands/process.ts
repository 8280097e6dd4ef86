import { room, subject } from '@netbuild/realtime-protocol';
import type { CommandTools, Handler } from './command.ts';
import type { createEngineCommands } from './engine.ts';

/** The commands of process instances. */
export function createProcessCommands(
  { log, policy }: Pick<CommandTools, 'log' | 'policy'>,
  inEngine: ReturnType<typeof createEngineCommands>,
): { 'process:start': Handler<'process:start'> } {
  return {
    'process:start'(call) {
      const { processDefinitionKey, businessKey, title, variables = {} } = call.payload;
      const executionId = businessKey ?? call.commandId;
      const target = subject('execution', executionId);
      return inEngine({
        name: 'process:start',
        call,
        target,
        title,
        examine: async () => {
          const [execution] = await log.rows(call.actor.domainId, [target]);
          if (execution) await policy.assertMayEnter(call.actor, room('execution', executionId));
          return undefined;
        },
        ask: async (engine) => {
          const { processInstanceId } = await engine.start({
            processDefinitionKey,
            businessKey: executionId,
            variables,
          });
          return { processInstanceId, executionId };
        },
      });
    },
  };
}
