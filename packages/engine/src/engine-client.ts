import { RealtimeError } from '@netbuild/realtime-protocol';

/** A variable of a process, as plain JSON knows it. */
export type Variables = Record<string, string | number | boolean | null>;

/**
 * What commands ask of a process engine. Each call resolves when the engine has committed.
 * Rejections are {@link RealtimeError}s: `engine_refused` (with the engine's words), `engine_unreachable`
 * (nothing was sent; may be tried again) or `in_doubt` (sent, and no answer).
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
    const response = await fetch(`${base}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(options.timeout ?? 15_000),
    }).catch((error: unknown) => {
      throw new RealtimeError(wasSent(error) ? 'in_doubt' : 'engine_unreachable', { cause: error });
    });
    const text = await response.text();
    if (!response.ok) throw refusal(response.status, text);
    return text === '' ? undefined : JSON.parse(text);
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
      const started = (await post(path, { businessKey, variables: typed(variables) })) as { id: string };
      return { processInstanceId: started.id };
    },
  };
}

function typed(variables: Variables): Record<string, { value: unknown }> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { value }]));
}

function wasSent(error: unknown): boolean {
  const code =
    error instanceof Error && error.cause instanceof Error
      ? (error.cause as NodeJS.ErrnoException).code
      : undefined;
  return code !== 'ECONNREFUSED' && code !== 'ENOTFOUND' && code !== 'EAI_AGAIN';
}

function refusal(status: number, text: string): RealtimeError {
  if (status >= 502) return new RealtimeError('engine_unreachable');
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
