import { z } from 'zod';
import { RealtimeError } from '../error.ts';
import type { Change, Fact, Rows } from '../fact.ts';
import { subject } from '../subject.ts';
import type { AgentData } from './agent.ts';
import { defined } from './change.ts';
import { id } from './fields.ts';
import { MAX_MESSAGE_BYTES, type MessageData, messageContent } from './message.ts';

/** What an agent says, as one step of its message. */
export const speech = z.object({
  messageId: id,
  /** The length of what it has said before in this message, in UTF-16 units. */
  offset: z.int().min(0).max(MAX_MESSAGE_BYTES),
  text: z.string().min(1).max(MAX_MESSAGE_BYTES),
});

/** What an agent says, as one step of its message. */
export type Speech = z.infer<typeof speech>;

/**
 * The message of a run with one step more. A step that is told twice is no news; what would leave a hole, or say
 * otherwise what stands there, is refused.
 */
export function foldSpeech(
  { messageId, offset, text }: Speech,
  run: Pick<AgentData, 'agentId' | 'agent' | 'executionId'>,
  fact: Pick<Fact, 'time'>,
  rows: Rows,
): Change[] {
  const name = subject('message', messageId);
  const before = rows<MessageData>(name);
  if (!before && run.executionId === undefined) throw new RealtimeError('no_chat', { field: 'agentId' });
  if (before && before.agentId !== run.agentId)
    throw new RealtimeError('duplicate_id', {
      field: 'messageId',
      message: 'There is such a message already.',
    });
  if (before?.deleted !== undefined) throw new RealtimeError('message_closed', { field: 'messageId' });
  const said = before?.content ?? '';
  if (offset > said.length)
    throw new RealtimeError('invalid', {
      field: 'offset',
      message: `offset: the message has ${said.length} characters so far.`,
    });
  const known = said.slice(offset, offset + text.length);
  if (!text.startsWith(known))
    throw new RealtimeError('duplicate_id', {
      field: 'offset',
      message: 'offset: the message says something else there.',
    });
  if (known.length === text.length) return [];
  const content = said.slice(0, offset) + text;
  const checked = messageContent.safeParse(content);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const isTooLong = content.length > MAX_MESSAGE_BYTES || content.trim().length > 0;
    throw new RealtimeError(isTooLong ? 'too_large' : 'invalid', { field: 'text', message: issue!.message });
  }
  if (before)
    return [{ type: 'message:appended', subject: name, data: { ...before, content }, passing: true }];
  const data = defined({
    messageId,
    executionId: run.executionId!,
    userId: authorOf(run),
    agent: run.agent,
    agentId: run.agentId,
    content,
    timestamp: fact.time,
  });
  return [{ type: 'message:new', subject: name, data }];
}

/** Who an agent's messages are by. No person: whoever has the same name can do nothing to them. */
function authorOf({ agent }: Pick<AgentData, 'agent'>): string {
  return `agent:${agent}`.slice(0, 255);
}
