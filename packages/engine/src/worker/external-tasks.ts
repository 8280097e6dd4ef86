import { RealtimeError } from '@netbuild/realtime-protocol';
import type { EngineRest } from '../engine-rest.ts';
import { asText, isWithoutJson, typed, type Variables } from '../variables.ts';

/** An external task that this worker has locked. */
export interface ExternalTask {
  id: string;
  topicName: string;
  activityId?: string | null;
  processInstanceId?: string | null;
  processDefinitionId?: string | null;
  processDefinitionKey?: string | null;
  tenantId?: string | null;
  businessKey?: string | null;
  /** Tries that are left; `null` before the first failure. */
  retries?: number | null;
  /** The variables that the topic asks for; JSON and objects as their text. */
  variables: Record<string, { type?: string; value?: unknown }>;
}

/** What a worker asks for. */
export interface Fetch {
  workerId: string;
  /** At most so many. */
  maxTasks: number;
  topics: { topicName: string; lockDuration: number; variables?: string[] | undefined }[];
  /** Milliseconds for which the engine keeps the question open while it has none. */
  wait: number;
  signal: AbortSignal;
}

/** How a task has failed. */
export interface Failure {
  /** What a person reads in Cockpit. */
  message: string;
  details?: string | undefined;
  /** Tries that are left; 0: an incident. */
  retries: number;
  /** Milliseconds until the next one. */
  retryTimeout: number;
}

/** External tasks over an engine's REST API. Rejects as its client does. */
export interface ExternalTasks {
  fetchAndLock(fetch: Fetch): Promise<ExternalTask[]>;
  complete(id: string, workerId: string, variables?: Variables): Promise<void>;
  fail(id: string, workerId: string, failure: Failure): Promise<void>;
  /** Throws a BPMN error where the task stands. */
  bpmnError(id: string, workerId: string, error: { code: string; message: string }): Promise<void>;
  /** The lock is held for so many milliseconds from now on. */
  extendLock(id: string, workerId: string, duration: number): Promise<void>;
  /** Gives a task back that nobody has begun with. */
  unlock(id: string): Promise<void>;
}

/** Milliseconds that the engine may take for an answer beyond what it was told to wait. */
const BEYOND = 15_000;

/** Makes them. */
export function createExternalTasks(rest: EngineRest): ExternalTasks {
  const post = (id: string, verb: string, body: object): Promise<void> =>
    rest('POST', `/external-task/${encodeURIComponent(id)}/${verb}`, { body }).then(() => undefined);

  return {
    async fetchAndLock({ workerId, maxTasks, topics, wait, signal }) {
      const body = {
        workerId,
        maxTasks,
        asyncResponseTimeout: wait,
        topics: topics.map((topic) => ({ ...topic, deserializeValues: false })),
      };
      const fetched = await rest('POST', '/external-task/fetchAndLock', {
        body,
        signal,
        timeout: wait + BEYOND,
      });
      if (!Array.isArray(fetched)) throw new RealtimeError('in_doubt');
      return fetched as ExternalTask[];
    },
    complete: async (id, workerId, variables = {}) => {
      const wanted = typed(variables);
      try {
        await post(id, 'complete', { workerId, variables: wanted });
      } catch (error) {
        if (!(error instanceof RealtimeError && isWithoutJson(error.message))) throw error;
        await post(id, 'complete', { workerId, variables: asText(wanted) });
      }
    },
    fail: (id, workerId, { message, details, retries, retryTimeout }) =>
      post(id, 'failure', { workerId, errorMessage: message, errorDetails: details, retries, retryTimeout }),
    bpmnError: (id, workerId, { code, message }) =>
      post(id, 'bpmnError', { workerId, errorCode: code, errorMessage: message }),
    extendLock: (id, workerId, duration) => post(id, 'extendLock', { workerId, newDuration: duration }),
    unlock: (id) => post(id, 'unlock', {}),
  };
}
