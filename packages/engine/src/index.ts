export * from './engine-client.ts';
export { ANSWER_WITHIN, createEngineRest, type EngineRest, type EngineRestOptions } from './engine-rest.ts';
export type { Looking, SeenIncident, SeenInstance, SeenTask } from './looking.ts';
export * from './mapping.ts';
export { type TaskEventData, taskEventMessage } from './task-event-message.ts';
export type { Variables } from './variables.ts';
export * from './worker/index.ts';
