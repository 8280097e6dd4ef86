/** What is said in the chat: by alice and bob, and the two answers of the agent. */
const MESSAGES = 9;

/**
 * What the story tells beside the engine, on every screen, in the order of their first. `agent:thinking` is told again
 * as often as the agent does something else.
 */
export const STORY = [
  { type: 'execution:created', times: 1 },
  { type: 'message:new', times: MESSAGES },
  { type: 'agent:thinking' },
  { type: 'agent:completed', times: 2 },
  { type: 'microservice:generating', times: 5 },
  { type: 'optimization:suggested', times: 1 },
  { type: 'approval:requested', times: 1 },
  { type: 'optimization:accepted', times: 1 },
  { type: 'approval:completed', times: 1 },
  { type: 'payment:initiated', times: 1 },
  { type: 'payment:status', times: 2 },
  { type: 'payment:confirmed', times: 1 },
  { type: 'microservice:deployed', times: 1 },
  { type: 'pattern:learned', times: 1 },
];

/** Told beside it, when the gateway comes to it: the engine may have gone on by then. */
export const BESIDE = [{ type: 'form:submitted', times: 1 }];
