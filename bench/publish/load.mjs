/** Events of a batch. */
export const BATCH = 100;

/** The execution that they are said in is there first; whoever is in it is not connected. */
const EXECUTION = 'execution-of-the-measurement';

const TEXT = 'Looked at the papers again: what was handed in is what was agreed, so it can go on.';

const enveloped = (id, type, data) => ({ specversion: '1.0', source: 'bench', id, type, data });

/** What comes before all of them. */
export const opening = enveloped('opening', 'execution:created', {
  executionId: EXECUTION,
  title: 'Measurement',
  participants: ['alice', 'bob'],
});

/** Messages in batches, whose ids begin with that. */
export function batchesOf(name, events) {
  return Array.from({ length: events / BATCH }, (_, batch) =>
    Array.from({ length: BATCH }, (_, n) => {
      const messageId = `${name}-${batch}-${n}`;
      const userId = n % 2 ? 'alice' : 'bob';
      return enveloped(messageId, 'message:new', {
        messageId,
        executionId: EXECUTION,
        content: TEXT,
        userId,
      });
    }),
  );
}
