import { setTimeout as sleep } from 'node:timers/promises';
import { PRICE } from './cashier.mjs';
import { createWork } from './executions.mjs';

/** The name of the agent in the chat. */
const AGENT = 'delivery-agent';

/** Long enough to be seen at it, in milliseconds. */
const THOUGHT = 400;

/** A question to the agent, `@agent how far is it?` */
const ASKED = /^@agent\b/i;

const words = new Intl.NumberFormat('en', { style: 'currency', currency: PRICE.currency });

/**
 * The part of the agent that answers in the chat what it is asked there. It is a plain program: what it says it reads
 * from the rows, by words in the question.
 *
 * @param {{ publisher: object }} tools
 * @returns {(execution: import('./executions.mjs').Execution) => void}
 */
export function createAnswers({ publisher }) {
  const work = createWork('answers');
  return (execution) => {
    const { executionId, events } = execution;
    const messages = events.filter(({ type }) => type === 'message:new').map(({ data }) => data);
    const answered = new Set(messages.map(({ replyTo }) => replyTo));
    for (const { messageId, content } of messages) {
      if (!ASKED.test(content ?? '') || answered.has(messageId)) continue;
      const answer = answerTo(content, execution);
      void work(`answer ${messageId}`, async () => {
        const run = { agentId: `answer-${messageId}`, agent: AGENT };
        await publisher.send('agent:thinking', { ...run, executionId }, { id: `${run.agentId}/thinking` });
        await sleep(THOUGHT);
        await publisher.send(
          'message:new',
          { messageId: run.agentId, executionId, userId: AGENT, content: answer, replyTo: messageId },
          { id: run.agentId },
        );
        await publisher.send('agent:completed', run, { id: `${run.agentId}/completed` });
      });
    }
  };
}

function answerTo(question, { processes, activities }) {
  if (/cost|price|pay/i.test(question))
    return `A delivery costs ${words.format(PRICE.amount / 100)}. It is asked for when the release is approved.`;
  const state = processes.at(-1)?.data.state ?? 'not there';
  const at = activities
    .filter(({ data }) => /Task$/.test(data.activityType ?? ''))
    .map(({ data }) => data.activityName ?? data.activityId);
  return at.length > 0 ? `The delivery is at: ${at.join(', ')}.` : `The delivery is ${state}.`;
}
