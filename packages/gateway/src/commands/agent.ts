import { type AgentData, RealtimeError, subject } from '@netbuild/realtime-protocol';
import { dataOf } from '../rows.ts';
import { type Call, type CommandTools, enterFact } from './command.ts';
import type { EngineCall } from './engine.ts';

/** The command of agents that asks an engine, where what has failed is an external task. */
export function createAgentCommands({ log, publish }: Pick<CommandTools, 'log' | 'publish'>): {
  'agent:retry': (call: Call<'agent:retry'>) => EngineCall<'agent:retry'>;
} {
  async function rowOf(domainId: string, agentId: string) {
    const [row] = await log.rows(domainId, [subject('agent', agentId)]);
    return row && dataOf<AgentData>(row);
  }

  return {
    'agent:retry': (call) => {
      const { agentId } = call.payload;
      const { domainId, userId } = call.actor;
      const result = { agentId };
      const failed = async () => {
        const run = await rowOf(domainId, agentId);
        if (run?.state !== 'failed' || run.followedBy !== undefined)
          throw new RealtimeError('agent_not_failed', { field: 'agentId' });
        return run;
      };
      /** Says that it was asked for: agents that no engine gives their work to listen for that. */
      const tell = () => {
        const said = { type: 'agent:retrying', data: { agentId, by: userId } };
        return enterFact(publish, 'agent:retry', call, said, result);
      };
      return {
        name: 'agent:retry',
        call,
        target: subject('agent', agentId),
        // What has got its try already just gets it.
        isRepeatable: true,
        examine: async () => {
          const { engine, externalTaskId } = await failed();
          return externalTaskId === undefined ? { done: await tell() } : { engine };
        },
        ask: async (engine) => {
          const { externalTaskId } = await failed();
          await engine.retryExternalTask(externalTaskId!);
          await tell();
          return result;
        },
        look: async () =>
          (await rowOf(domainId, agentId))?.retryBy === undefined ? { is: 'undone' } : { is: 'done', result },
        effectIn: () => subject('agent', agentId),
      };
    },
  };
}
