import { RealtimeError } from '@netbuild/realtime-protocol';
import { refusal } from './refusal.ts';

/** Where an engine's REST API is, and who asks. */
export interface EngineRestOptions {
  /** Such as `http://localhost:8080/engine-rest`. */
  url: string;
  user?: string | undefined;
  password?: string | undefined;
  /** Milliseconds until an answer counts as lost. Default 15,000. */
  timeout?: number | undefined;
}

/** What a request may set. */
interface Request {
  body?: object;
  signal?: AbortSignal;
  /** Milliseconds until this answer counts as lost. */
  timeout?: number;
}

/** Asks an engine; the answer is its JSON, `undefined` where it says nothing. Rejects as {@link EngineClient} does. */
export type EngineRest = (
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  request?: Request,
) => Promise<unknown>;

/** Milliseconds that an engine has for an answer. */
export const ANSWER_WITHIN = 15_000;

/** Talks HTTP to an engine (Camunda 7, Operaton and CIB seven have the same REST API). */
export function createEngineRest(options: EngineRestOptions): EngineRest {
  const base = options.url.replace(/\/+$/, '');
  const authorization =
    options.user === undefined
      ? undefined
      : `Basic ${Buffer.from(`${options.user}:${options.password ?? ''}`).toString('base64')}`;

  return async (method, path, { body, signal, timeout = options.timeout ?? ANSWER_WITHIN } = {}) => {
    const late = AbortSignal.timeout(timeout);
    const { status, text } = await fetch(`${base}${path}`, {
      method,
      // To follow one would ask something else with GET, and take its answer for the engine's.
      redirect: 'manual',
      headers: {
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(authorization ? { authorization } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: signal ? AbortSignal.any([signal, late]) : late,
    })
      .then(async (response) => ({ status: response.status, text: await response.text() }))
      .catch((error: unknown) => {
        throw new RealtimeError(wasSent(error) ? 'in_doubt' : 'engine_unreachable', { cause: error });
      });
    if (status < 200 || status > 299) throw refusal(status, text);
    return text === '' ? undefined : parse(text);
  };
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

function wasSent(error: unknown): boolean {
  const code =
    error instanceof Error && error.cause instanceof Error
      ? (error.cause as NodeJS.ErrnoException).code
      : undefined;
  return code === undefined || !UNSENT.has(code);
}

/** An answer with success that is not the engine's (a page, half a text) proves nothing. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RealtimeError('in_doubt', { cause: error });
  }
}
