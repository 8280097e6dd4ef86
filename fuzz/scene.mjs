/**
 * Something of each kind that belongs to who attacks: an execution, and in it what commands are about. They all have
 * one name, so that what is sent by chance is often about something that is there.
 *
 * @returns {Promise<string[]>} names that stand for something
 */
export async function prepare({ url, publishKey }, forms) {
  const executionId = 'x1';
  const events = [
    ['execution:created', { executionId, title: 'Of attackers', createdBy: 'eve', participants: ['eve'] }],
    ['agent:thinking', { agentId: 'x1', agent: 'x1', executionId, ttl: 300_000 }],
    ['message:new', { messageId: 'x1', executionId, userId: 'eve', content: 'x' }],
    ['optimization:suggested', { optimizationId: 'x1', title: 'x', executionId }],
    ['approval:requested', { approvalId: 'x1', title: 'x', assignee: 'eve', executionId }],
    ['task:created', { taskId: 'x1', taskName: 'x', assignee: 'eve', executionId }],
    ...Array.from({ length: forms }, (_, i) => [
      'task:created',
      { taskId: `form-${i}`, taskName: 'x', assignee: 'eve' },
    ]),
  ];
  const answer = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${publishKey}`,
      'content-type': 'application/cloudevents-batch+json',
    },
    body: JSON.stringify(
      events.map(([type, data], i) => ({
        specversion: '1.0',
        id: `scene-${i}`,
        source: 'scene',
        type,
        data,
      })),
    ),
  });
  const { results } = await answer.json();
  const refused = results?.find(({ status }) => status !== 'new');
  if (!results || refused)
    throw new Error(`The scene was refused: ${JSON.stringify(refused ?? answer.status)}`);
  return ['x1', 'execution:x1'];
}
