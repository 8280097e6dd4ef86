import type { Variables } from '@netbuild/realtime-engine';
import type { AgentTask } from './task.ts';

/** What an agent does to be seen at work. */
export interface Say {
  /**
   * Says a part of its answer: on the screens at once, and durable with the next step.
   *
   * @returns resolves when there is room for more: at once, unless much waits for a gateway that does not answer
   */
  (part: string): Promise<void>;
  /** Says what it is doing, in a few words: `reading the invoice`. The last ones stand until the end. */
  status(words: string): void;
  /** Adds to what it has used, by name: `say.usage({ inputTokens: 812 })`. */
  usage(used: Record<string, number>): void;
}

/** A variable of the engine, or anything that there is JSON of. */
export type Result = Record<string, Variables[string] | object>;

/**
 * Does one task. What it resolves to are the variables that the task is completed with, and the result that is told.
 * What it throws is told to the engine: `BpmnError`, `Hopeless` (no more tries), or anything else, which costs a try.
 *
 * @param signal aborts when it has to stop: somebody has asked for it, the task is gone, or the process ends. What it
 *   comes to after that is not heard.
 */
export type AgentHandler = (
  task: AgentTask,
  say: Say,
  signal: AbortSignal,
  // biome-ignore lint/suspicious/noConfusingVoidType: who has no result to return returns nothing.
) => Promise<Result | void> | Result | void;

/** How an agent works. */
export interface AgentOptions {
  /** The variables that a task comes with. Default: all that it can see. */
  variables?: string[] | undefined;
  /** The variables of its result that are told to who sees the run. Default: all of them; `[]`: none. */
  tell?: string[] | undefined;
  /**
   * The code of the BPMN error that the model gets where a person has stopped it. Default: none; the task then has no
   * tries left, which is an incident, until somebody has it tried again.
   */
  stopped?: string | undefined;
}

/** An agent: what is done for a topic of external tasks. */
export interface Agent extends AgentOptions {
  /** The topic, and its name on the screens. */
  name: string;
  handle: AgentHandler;
}

/**
 * Makes an agent for the external tasks of a topic.
 *
 * @example
 * agent('summarise', async (task, say) => {
 *   for await (const part of model(task.variables.text)) await say(part);
 *   return { summarised: true };
 * });
 */
export function agent(name: string, handle: AgentHandler, options: AgentOptions = {}): Agent {
  return { name, handle, ...options };
}
