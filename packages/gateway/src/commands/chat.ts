import { room } from '@netbuild/realtime-protocol';
import { type Call, type CommandTools, commandFact, type Done, type Handler } from './command.ts';

/** The commands whose whole effect is in the log. */
export function createChatCommands({ publish, policy }: Pick<CommandTools, 'publish' | 'policy'>): {
  'message:send': Handler<'message:send'>;
  'execution:create': Handler<'execution:create'>;
} {
  async function say<N extends 'message:send' | 'execution:create'>(
    name: N,
    call: Call<N>,
    type: string,
    data: object,
    result: Done<N>['result'],
  ): Promise<Done<N>> {
    const fact = { ...commandFact(name, call, '', type, data), commandId: call.commandId };
    const { epoch, seq, results } = await publish(call.actor.domainId, [fact]);
    const published = results[0]!;
    if (published.status === 'refused') throw published.error;
    return { epoch, seq: published.seqs.at(-1) ?? seq, result };
  }

  return {
    async 'message:send'(call) {
      const { executionId, content } = call.payload;
      await policy.assertMayEnter(call.actor, room('execution', executionId));
      const messageId = `${call.actor.userId}/${call.commandId}`;
      const data = { messageId, executionId, content, userId: call.actor.userId };
      return say('message:send', call, 'message:new', data, { messageId });
    },
    async 'execution:create'(call) {
      const { title, participants } = call.payload;
      const { userId } = call.actor;
      const executionId = call.payload.executionId ?? call.commandId;
      const data = {
        executionId,
        title,
        participants: [...new Set([userId, ...participants])],
        createdBy: userId,
      };
      return say('execution:create', call, 'execution:created', data, { executionId });
    },
  };
}
