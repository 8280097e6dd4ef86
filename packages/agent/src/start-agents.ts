import {
  BpmnError,
  createEngineRest,
  createExternalTasks,
  type ExternalTask,
  Hopeless,
  startWorker,
  type Variables,
} from '@netbuild/realtime-engine';
import { DEFAULT_AGENT_TTL, RealtimeError } from '@netbuild/realtime-protocol';
import { createPublisher, type Publisher } from '@netbuild/realtime-publisher';
import type { Agent, Result, Say } from './agent.ts';
import { type Caster, createCaster } from './caster.ts';
import { type Run, type RunTiming, startRun } from './run.ts';
import { agentTask, toldOf, variablesOf } from './task.ts';

/** How to start agents. */
export interface AgentsOptions {
  gateway: {
    /** `https://realtime.example.com`. */
    url: string;
    /** A publisher's key, or a token with the role `publish`. */
    key: string | (() => string);
    /** The `source` of what they say. Default: `agents`. */
    source?: string | undefined;
    /** The tenant of tasks that have none in the engine. Default: the key's, or the gateway's default one. */
    domain?: string | undefined;
  };
  engine: {
    /** `http://localhost:8080/engine-rest`. */
    url: string;
    user?: string | undefined;
    password?: string | undefined;
    /** Its name at the gateway. Default: `default`. */
    name?: string | undefined;
  };
  agents: readonly Agent[];
  /** Hears of what did not work out; another try follows by itself. Default: a warning of the process. */
  onTrouble?: ((error: unknown, taskId?: string) => void) | undefined;
  /** Tasks that are worked on at once. Default 10. */
  atOnce?: number | undefined;
  timing?: Partial<AgentsTiming> | undefined;
}

/** Times of agents, in milliseconds; tests are quicker than models. */
export interface AgentsTiming extends RunTiming {
  /** A task is locked for so long, and held while it is worked on; a third of it may pass until one that is gone is noticed. */
  lockDuration: number;
  /** The engine keeps a question for tasks open so long. */
  wait: number;
  /** Between two requests that say text on the screens. */
  castEvery: number;
  /** An agent that says nothing asks so often whether somebody has stopped it. */
  askEvery: number;
}

/** The times, where nothing else is said. */
const TIMING: AgentsTiming = {
  ttl: DEFAULT_AGENT_TTL,
  stepEvery: 2000,
  stepSize: 2048,
  endWithin: 5000,
  lockDuration: 15_000,
  wait: 20_000,
  castEvery: 50,
  askEvery: 1000,
};

/** The longest that a timer of Node can be: what is told is told again until it is answered. */
const FOREVER = 2 ** 31 - 1;

/** Milliseconds that the engine has to hear how runs have ended that were ended. */
const LAST_WORDS = 5000;

/** Agents that are at work. */
export interface Agents {
  /**
   * Takes on nothing more; resolves when what is under way is done. After `grace` milliseconds (default 5,000) it is
   * ended, and its tasks go back to the engine without the loss of a try.
   */
  close(grace?: number): Promise<void>;
}

/**
 * Starts agents: each external task of their topics is a run that people see, in the rooms of its process and its
 * execution: that it thinks, what it says while it says it, and how it has ended.
 *
 * @example
 * const agents = startAgents({
 *   gateway: { url: 'https://realtime.example.com', key },
 *   engine: { url: 'http://localhost:8080/engine-rest', user: 'agents', password },
 *   agents: [agent('summarise', async (task, say) => ({ summary: await summarise(task.variables.text, say) }))],
 * });
 * process.once('SIGTERM', () => agents.close().finally(() => process.exit()));
 */
export function startAgents(options: AgentsOptions): Agents {
  const { gateway, engine, agents, atOnce } = options;
  const { source = 'agents' } = gateway;
  const timing = { ...TIMING, ...options.timing };
  const onTrouble =
    options.onTrouble ??
    ((error: unknown) =>
      process.emitWarning(`Trouble with an agent: ${error instanceof Error ? error.message : error}`));
  const tasks = createExternalTasks(createEngineRest(engine));
  const publishers = new Map<string | undefined, Publisher>();
  const caster = createCaster({
    url: gateway.url,
    key: gateway.key,
    source,
    every: timing.castEvery,
    askEvery: timing.askEvery,
  });
  const closing = new AbortController();

  function publisherOf(domain: string | undefined): Publisher {
    let publisher = publishers.get(domain);
    if (!publisher) {
      publisher = createPublisher({
        url: gateway.url,
        key: gateway.key,
        source,
        domain,
        sendTimeout: FOREVER,
      });
      publishers.set(domain, publisher);
    }
    return publisher;
  }

  const handling =
    (agent: Agent) =>
    async (task: ExternalTask, lost: AbortSignal): Promise<Variables> => {
      const domain = task.tenantId ?? gateway.domain;
      const run = startRun(
        {
          agent: agent.name,
          taskId: task.id,
          where: {
            externalTaskId: task.id,
            ...(task.processInstanceId && { processInstanceId: task.processInstanceId }),
            ...(task.activityId && { activityId: task.activityId }),
            ...(engine.name !== undefined && engine.name !== 'default' && { engine: engine.name }),
          },
        },
        publisherOf(domain),
        timing,
        (error) => onTrouble(error, task.id),
      );
      return work(agent, task, run, { lost, closing: closing.signal }, caster, domain);
    };

  const worker = startWorker({
    tasks,
    topics: Object.fromEntries(
      agents.map((agent) => [agent.name, { variables: agent.variables, handle: handling(agent) }]),
    ),
    onTrouble: (error, task) => onTrouble(error, task?.id),
    lockDuration: timing.lockDuration,
    wait: timing.wait,
    ...(atOnce !== undefined && { atOnce }),
  });

  return {
    async close(grace = 5000) {
      const late = setTimeout(() => closing.abort(), grace);
      await worker.close(grace + LAST_WORDS);
      clearTimeout(late);
      caster.close();
      await Promise.all([...publishers.values()].map((publisher) => publisher.close()));
    },
  };
}

/** Does one task, and says how it has ended: to the gateway, and then, by what this comes to, to the engine. */
async function work(
  { handle, tell, stopped }: Agent,
  task: ExternalTask,
  run: Run,
  ends: { lost: AbortSignal; closing: AbortSignal },
  caster: Caster,
  domain: string | undefined,
): Promise<Variables> {
  const signal = AbortSignal.any([ends.lost, ends.closing, run.signal]);
  const say: Say = Object.assign((part: string) => run.say(part), { status: run.status, usage: run.usage });
  const forget = caster.add(run, domain);
  try {
    // Whoever does not listen to the signal is not waited for, and not heard any more.
    const result: Result =
      (await Promise.race([handle(agentTask(task), say, signal), rejected(signal)])) ?? {};
    forget();
    await run.complete(toldOf(result, tell));
    return variablesOf(result);
  } catch (error) {
    forget();
    if (ends.lost.aborted) {
      await run.fail({ reason: 'cancelled', failure: 'Its task is gone, or another has it.' });
      throw error;
    }
    if (run.signal.reason === 'stopped') {
      await run.fail({ reason: 'stopped', ...(stopped !== undefined && { code: stopped }) });
      throw stopped === undefined
        ? new Hopeless('A person has stopped the agent.')
        : new BpmnError(stopped, 'A person has stopped the agent.');
    }
    // Its lease was over while the gateway could not be reached, or another run has the task.
    if (run.signal.aborted) throw new Error('The run was over before the agent was.', { cause: error });
    if (ends.closing.aborted) {
      await run.fail({ reason: 'cancelled', failure: 'The agent was shut down.' });
      throw new RealtimeError('stopping');
    }
    await run.fail({
      reason: 'failed',
      failure: error instanceof Error ? error.message : String(error),
      ...(error instanceof BpmnError && { code: error.code }),
    });
    throw error;
  }
}

function rejected(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
