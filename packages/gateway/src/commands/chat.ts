import type { CHAT_COMMANDS } from '@netbuild/realtime-protocol';
import { type Call, type CommandTools, commandFact, type Done, type Handler } from './command.ts';

type ChatCommand = (typeof CHAT_COMMANDS)[number];

/** Makes the commands of {@link CHAT_COMMANDS}. */
export function createChatCommands({ publish, policy }: Pick<CommandTools, 'publish' | 'policy'>): {
  [N in ChatCommand]: Handler<N>;
} {
  async function say<N extends ChatCommand>(
    name: N,
    call: Call<N>,
    type: string,
    data: object,
    result: Done<N>['result'],
  ): Promise<Done<N>> {
    await policy.assertMay(call.actor, name, call.payload);
    const fact = { ...commandFact(name, call, '', type, data), commandId: call.commandId };
    const { epoch, seq, results } = await publish(call.actor.domainId, [fact]);
    const published = results[0]!;
    if (published.status === 'refused') throw published.error;
    return { epoch, seq: published.seqs.at(-1) ?? seq, result };
  }

  return {
    async 'message:send'(call) {
      const { executionId, content } = call.payload;
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
    async 'execution:invite'(call) {
      const { executionId, users } = call.payload;
      const data = { executionId, participants: { add: users } };
      return say('execution:invite', call, 'execution:updated', data, { executionId });
    },
    async 'execution:leave'(call) {
      const { executionId } = call.payload;
      const data = { executionId, participants: { remove: [call.actor.userId] } };
      return say('execution:leave', call, 'execution:updated', data, { executionId });
    },
  };
}
