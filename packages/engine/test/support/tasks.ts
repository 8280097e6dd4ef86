import type { IncomingMessage, ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import {
  createEngineRest,
  createExternalTasks,
  startWorker,
  type TaskHandler,
  type Worker,
  type WorkerOptions,
} from '../../src/index.ts';
import { reply, startRest } from './rest.ts';

/** What was reported of a task, `id verb`, with what was said. */
interface Reported {
  id: string;
  verb: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape.
  body: any;
}

/** The external tasks of an engine, as its REST API gives them out. */
export interface Topic {
  url: string;
  /** Puts a task where the next question finds it. */
  add(id: string, more?: object): void;
  reported: Reported[];
  of(verb: string): Reported[];
  /** What was asked of each question. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape.
  fetches: any[];
  /** Questions that are open now. */
  open(): number;
  /** Answers the next report of this verb by itself; `undefined`: breaks the connection. */
  next(verb: string, answer: ((response: ServerResponse) => void) | undefined): void;
  /** Answers every question with this status. */
  isDown: number | undefined;
}

/** Starts one; it ends with the test. */
export async function startTopic(): Promise<Topic> {
  const tasks: object[] = [];
  const waiting = new Map<ServerResponse, number>();
  const fates: [string, ((response: ServerResponse) => void) | undefined][] = [];
  const topic: Omit<Topic, 'url'> = {
    reported: [],
    fetches: [],
    isDown: undefined,
    add(id, more = {}) {
      tasks.push({ id, topicName: 'work', retries: null, variables: {}, processInstanceId: 'p1', ...more });
      handOut();
    },
    of: (verb) => topic.reported.filter((one) => one.verb === verb),
    open: () => waiting.size,
    next: (verb, answer) => void fates.push([verb, answer]),
  };
  function handOut(): void {
    for (const [response, most] of waiting) {
      if (tasks.length === 0) return;
      waiting.delete(response);
      reply(200, JSON.stringify(tasks.splice(0, most)))(response);
    }
  }
  const rest = await startRest((response: ServerResponse, request: IncomingMessage) => {
    // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape.
    const body = rest.asked.at(-1)!.body as any;
    if (request.url!.endsWith('/fetchAndLock')) {
      topic.fetches.push(body);
      if (topic.isDown !== undefined) return reply(topic.isDown, 'down', 'text/plain')(response);
      waiting.set(response, body.maxTasks);
      response.on('close', () => waiting.delete(response));
      setTimeout(() => waiting.delete(response) && reply(200, '[]')(response), body.asyncResponseTimeout);
      return handOut();
    }
    const [id = '', verb = ''] = request.url!.split('/').slice(-2);
    topic.reported.push({ id, verb, body });
    const index = fates.findIndex(([name]) => name === verb);
    const fate = fates.splice(index, index < 0 ? 0 : 1)[0];
    if (!fate) return reply(204)(response);
    if (fate[1]) fate[1](response);
    else response.destroy();
  });
  return Object.assign(topic, { url: rest.url });
}

/** Starts a worker of the topic `work`; it ends with the test. */
export function startWork(
  topic: Topic,
  handle: TaskHandler,
  options: Partial<WorkerOptions> = {},
): Worker & { troubles: unknown[] } {
  const troubles: unknown[] = [];
  const worker = startWorker({
    tasks: createExternalTasks(createEngineRest({ url: topic.url })),
    topics: { work: { variables: ['a'], handle } },
    onTrouble: (error) => troubles.push(error),
    wait: 10_000,
    pause: { first: 10, longest: 50 },
    ...options,
  });
  onTestFinished(() => worker.close(0));
  return { ...worker, troubles };
}
