import { type CHAT_COMMANDS, type MessageData, RealtimeError, subject } from '@netbuild/realtime-protocol';
import { opaqueId, readIdOf } from '../opaque-id.ts';
import { dataOf } from '../rows.ts';
import { type Call, type CommandTools, type Done, enterFact, type Handler } from './command.ts';

type ChatCommand = (typeof CHAT_COMMANDS)[number];

/** Makes the commands of {@link CHAT_COMMANDS}. */
export function createChatCommands({
  log,
  publish,
  policy,
}: Pick<CommandTools, 'log' | 'publish' | 'policy'>): {
  [N in ChatCommand]: Handler<N>;
} {
  /** @param data of the fact; what it has to be looked up for is nobody's before they may send the command */
  async function say<N extends ChatCommand>(
    name: N,
    call: Call<N>,
    type: string,
    data: object | (() => Promise<object>),
    result: Done<N>['result'],
  ): Promise<Done<N>> {
    await policy.assertMay(call.actor, name, call.payload);
    const said = typeof data === 'function' ? await data() : data;
    return enterFact(publish, name, call, { type, data: said }, result);
  }

  /** The position that somebody has read up to; where it is no position, or no message, of theirs, the field is named. */
  async function placeRead({ actor, payload }: Call<'message:read'>): Promise<number> {
    const { executionId, messageId, seq = 0 } = payload;
    if (messageId === undefined) {
      // What has yet to be said is not read.
      if (seq <= (await log.head(actor.domainId)).seq) return seq;
      throw new RealtimeError('invalid', { field: 'seq', message: 'seq: the log has not come so far.' });
    }
    const [row] = await log.rows(actor.domainId, [subject('message', messageId)]);
    // Where it was said: an edit comes later, and what lies between need not be read.
    if (row && dataOf<MessageData>(row).executionId === executionId) return row.first;
    throw new RealtimeError('invalid', {
      field: 'messageId',
      message: 'messageId: there is no such message in this execution.',
    });
  }

  return {
    async 'message:send'(call) {
      const { executionId, content, replyTo, mentions } = call.payload;
      const { userId } = call.actor;
      const messageId = opaqueId(userId, call.commandId);
      const data = { messageId, executionId, content, userId, replyTo, mentions };
      return say('message:send', call, 'message:new', data, { messageId });
    },
    async 'message:edit'(call) {
      const { messageId, content } = call.payload;
      const data = { messageId, content, by: call.actor.userId };
      return say('message:edit', call, 'message:edited', data, { messageId });
    },
    async 'message:delete'(call) {
      const { messageId } = call.payload;
      const data = { messageId, by: call.actor.userId };
      return say('message:delete', call, 'message:deleted', data, { messageId });
    },
    async 'message:read'(call) {
      const { executionId } = call.payload;
      const { userId } = call.actor;
      const readId = readIdOf(executionId, userId);
      const data = async () => ({ readId, executionId, userId, seq: await placeRead(call) });
      return say('message:read', call, 'message:read', data, { executionId });
    },
    async 'agent:stop'(call) {
      const { agentId } = call.payload;
      const data = { agentId, by: call.actor.userId };
      return say('agent:stop', call, 'agent:stopping', data, { agentId });
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
    async 'optimization:accept'(call) {
      const { optimizationId, reason } = call.payload;
      const data = { optimizationId, reason, by: call.actor.userId };
      return say('optimization:accept', call, 'optimization:accepted', data, { optimizationId });
    },
    async 'optimization:dismiss'(call) {
      const { optimizationId, reason } = call.payload;
      const data = { optimizationId, reason, by: call.actor.userId };
      return say('optimization:dismiss', call, 'optimization:dismissed', data, { optimizationId });
    },
  };
}
