export * from './engine-client.ts';
export { ANSWER_WITHIN } from './engine-rest.ts';
export type { Looking, SeenIncident, SeenInstance, SeenTask } from './looking.ts';
export * from './mapping.ts';
export { type TaskEventData, taskEventMessage } from './task-event-message.ts';
export type { Variables } from './variables.ts';
