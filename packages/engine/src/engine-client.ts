import { RealtimeError } from '@netbuild/realtime-protocol';

/** A variable of a process, as plain JSON knows it. */
export type Variables = Record<string, string | number | boolean | null>;

/**
 * What commands ask of a process engine. Each call resolves when the engine has committed.
 * Rejections are {@link RealtimeError}s: `engine_refused` (with the engine's words), `engine_unreachable`
 * (it was not asked; may be tried again) or `in_doubt` (perhaps it was, and there is no answer of its own).
 */
export interface EngineClient {
  claim(taskId: string, userId: string): Promise<void>;
  unclaim(taskId: string): Promise<void>;
  assign(taskId: string, userId: string): Promise<void>;
  complete(taskId: string, variables: Variables): Promise<void>;
  start(start: {
    processDefinitionKey: string;
    businessKey: string;
    variables: Variables;
  }): Promise<{ processInstanceId: string }>;
}

/** Where the engine's REST API is, and who asks. */
export interface EngineClientOptions {
  /** Such as `http://localhost:8080/engine-rest`. */
  url: string;
  user?: string | undefined;
  password?: string | undefined;
  /** Milliseconds until an answer counts as lost. Default 15,000. */
  timeout?: number;
}

/** Talks to an engine over its REST API (Camunda 7, Operaton and CIB seven have the same). */
export function createEngineClient(options: EngineClientOptions): EngineClient {
  const base = options.url.replace(/\/+$/, '');
  const authorization =
    options.user === undefined
      ? undefined
      : `Basic ${Buffer.from(`${options.user}:${options.password ?? ''}`).toString('base64')}`;

  async function post(path: string, body: object): Promise<unknown> {
    const { status, text } = await fetch(`${base}${path}`, {
      method: 'POST',
      // To follow one would ask something else with GET, and take its answer for the engine's.
      redirect: 'manual',
      headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(options.timeout ?? 15_000),
    })
      .then(async (response) => ({ status: response.status, text: await response.text() }))
      .catch((error: unknown) => {
        throw new RealtimeError(wasSent(error) ? 'in_doubt' : 'engine_unreachable', { cause: error });
      });
    if (status < 200 || status > 299) throw refusal(status, text);
    return text === '' ? undefined : parse(text);
  }

  const task = (taskId: string, verb: string, body: object) =>
    post(`/task/${encodeURIComponent(taskId)}/${verb}`, body).then(() => undefined);

  return {
    claim: (taskId, userId) => task(taskId, 'claim', { userId }),
    unclaim: (taskId) => task(taskId, 'unclaim', {}),
    assign: (taskId, userId) => task(taskId, 'assignee', { userId }),
    complete: (taskId, variables) => task(taskId, 'complete', { variables: typed(variables) }),
    start: async ({ processDefinitionKey, businessKey, variables }) => {
      const path = `/process-definition/key/${encodeURIComponent(processDefinitionKey)}/start`;
      const started = (await post(path, { businessKey, variables: typed(variables) })) as
        | { id?: unknown }
        | undefined;
      if (typeof started?.id !== 'string') throw new RealtimeError('in_doubt');
      return { processInstanceId: started.id };
    },
  };
}

function typed(variables: Variables): Record<string, { value: unknown }> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { value }]));
}

/** Failures before a request is on its way. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** An answer with success that is not the engine's (a page, half a text) proves nothing. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RealtimeError('in_doubt', { cause: error });
  }
}

function wasSent(error: unknown): boolean {
  const code =
    error instanceof Error && error.cause instanceof Error
      ? (error.cause as NodeJS.ErrnoException).code
      : undefined;
  return code === undefined || !UNSENT.has(code);
}

function refusal(status: number, text: string): RealtimeError {
  if (status === 503) return new RealtimeError('engine_unreachable');
  // A proxy's words: it may have passed the request on.
  if (status === 502 || status === 504) return new RealtimeError('in_doubt');
  let said: unknown;
  try {
    said = (JSON.parse(text) as { message?: unknown }).message;
  } catch {
    said = undefined; // A proxy's page, or nothing: the status has to do.
  }
  const message =
    typeof said === 'string' ? said.slice(0, 500) : `The process engine answered with status ${status}.`;
  return new RealtimeError('engine_refused', { message });
}
