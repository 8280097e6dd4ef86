import { RealtimeError } from '@netbuild/realtime-protocol';
import { refusal } from './refusal.ts';
import { createRest, type RestOptions, type RestRequest } from './rest.ts';

/** Asks an engine; the answer is its JSON, `undefined` where it says nothing. Rejects as {@link EngineClient} does. */
export type EngineRest = (
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  request?: RestRequest,
) => Promise<unknown>;

/** Asks for commands, which may have taken effect where no answer has come. */
export function createEngineRest(options: RestOptions): EngineRest {
  const { send } = createRest(options);
  return async (method, path, request) => {
    const { status, text } = await send(method, path, request).catch((error: unknown) => {
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
