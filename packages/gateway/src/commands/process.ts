import { type SeenInstance, taskEventMessage } from '@netbuild/realtime-engine';
import { type ProcessData, subject } from '@netbuild/realtime-protocol';
import { dataOf } from '../rows.ts';
import { type Call, type CommandTools, markOf } from './command.ts';
import type { Sight } from './deciding.ts';
import type { EngineCall } from './engine.ts';

type ProcessCommand = 'process:start' | 'message:correlate' | 'process:emit';

/** The commands of process instances: starts, and messages to those that wait. None can be asked twice without harm. */
export function createProcessCommands({ log }: Pick<CommandTools, 'log'>): {
  [N in ProcessCommand]: (call: Call<N>) => EngineCall<N>;
} {
  /** The engine that a process instance is in. */
  async function engineIn(domainId: string, processInstanceId: string): Promise<string | undefined> {
    const [row] = await log.rows(domainId, [subject('process', processInstanceId)]);
    return row && dataOf<ProcessData>(row).engine;
  }

  return {
    'process:start': (call) => {
      const { processDefinitionKey, businessKey, title, variables = {}, engine } = call.payload;
      const { domainId } = call.actor;
      const executionId = businessKey ?? call.commandId;
      const target = subject('execution', executionId);
      const command = markOf(call);
      return {
        name: 'process:start',
        call,
        target,
        title,
        isRepeatable: false,
        examine: async () => ({ engine }),
        ask: async (client) => {
          const start = {
            processDefinitionKey,
            businessKey: executionId,
            variables,
            domain: domainId,
            command,
          };
          return { ...(await client.start(start)), executionId };
        },
        look: async (client, since) => {
          const sought = { command, processDefinitionKey, businessKey: executionId, since };
          const seen = sightOf(await client.look.started(sought));
          return seen.is === 'done' ? { is: 'done', result: { ...seen.result, executionId } } : seen;
        },
        effectIn: ({ processInstanceId }) => subject('process', processInstanceId),
      };
    },
    'message:correlate': (call) => {
      const { messageName, processInstanceId, businessKey, correlationKeys, variables = {} } = call.payload;
      const { domainId } = call.actor;
      const command = markOf(call);
      return {
        name: 'message:correlate',
        call,
        isRepeatable: false,
        examine: async () => ({
          engine:
            processInstanceId === undefined
              ? call.payload.engine
              : await engineIn(domainId, processInstanceId),
        }),
        ask: (client) =>
          client.correlate({
            messageName,
            processInstanceId,
            businessKey,
            correlationKeys,
            variables,
            domain: domainId,
            command,
          }),
        look: async (client) => sightOf(await client.look.correlated({ command, processInstanceId })),
      };
    },
    'process:emit': (call) => {
      const { processInstanceId, event, taskData } = call.payload;
      const { domainId } = call.actor;
      const command = markOf(call);
      return {
        name: 'process:emit',
        call,
        isRepeatable: false,
        examine: async () => ({ engine: await engineIn(domainId, processInstanceId) }),
        ask: (client) =>
          client.correlate({ ...taskEventMessage(processInstanceId, event, taskData), command }),
        look: async (client) => sightOf(await client.look.correlated({ command, processInstanceId })),
      };
    },
  };
}

function sightOf(seen: SeenInstance): Sight<{ processInstanceId: string }> {
  if (seen === 'none') return { is: 'undone' };
  return seen === 'unknown' ? { is: 'unknown' } : { is: 'done', result: seen };
}
