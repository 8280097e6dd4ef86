import { RealtimeError } from '@netbuild/realtime-protocol';

/** Where an engine's REST API is, and who asks. */
export interface RestOptions {
  /** Such as `http://localhost:8080/engine-rest`. */
  url: string;
  user?: string | undefined;
  password?: string | undefined;
  /** Milliseconds until an answer counts as lost. Default 15,000. */
  timeout?: number | undefined;
  /** Ends whatever is under way. */
  signal?: AbortSignal;
}

/** What came back, whatever it says. */
export interface RestAnswer {
  status: number;
  /** Its media type, `application/json`; empty where it says none. */
  type: string;
  text: string;
}

/** What a request may set. */
export interface RestRequest {
  body?: object | undefined;
  /** Ends this one. */
  signal?: AbortSignal;
  /** Milliseconds until this answer counts as lost. */
  timeout?: number;
}

/** Milliseconds that an engine has for an answer. */
export const ANSWER_WITHIN = 15_000;

/** Asks an engine over its REST API (Camunda 7, Operaton and CIB seven have the same). */
export interface Rest {
  /** Rejects where no answer has come, with what `fetch` says of it. */
  send(method: 'GET' | 'POST' | 'PUT', path: string, request?: RestRequest): Promise<RestAnswer>;
  /**
   * Reads something.
   *
   * @throws RealtimeError `engine_unreachable` where another try may help (no answer, a 5xx, a page of a proxy or a
   *   login in the place of JSON), `engine_refused` where the engine itself says no; `not_found` for its 404
   */
  read<T>(path: string, query?: Query, body?: object): Promise<T>;
}

/** Parameters of a question; those that are `undefined` are left out. */
export type Query = Record<string, string | number | boolean | undefined>;

/** Makes a {@link Rest}. */
export function createRest({ url, user, password, timeout, signal }: RestOptions): Rest {
  const base = url.replace(/\/+$/, '');
  const authorization =
    user === undefined ? undefined : `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}`;

  async function send(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    { body, signal: own, timeout: within = timeout ?? ANSWER_WITHIN }: RestRequest = {},
  ): Promise<RestAnswer> {
    const ends = [signal, own].filter((one) => one !== undefined);
    const response = await fetch(`${base}${path}`, {
      method,
      // To follow one would ask something else, and take its answer for the engine's.
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(authorization ? { authorization } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.any([AbortSignal.timeout(within), ...ends]),
    });
    const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
    return { status: response.status, type: type.trim(), text: await response.text() };
  }

  return {
    send,
    async read<T>(path: string, query: Query = {}, body?: object): Promise<T> {
      const answer = await send(body ? 'POST' : 'GET', `${path}${queryText(query)}`, { body }).catch(
        (cause: unknown) => {
          throw new RealtimeError('engine_unreachable', { cause, message: `${path}: ${reasonOf(cause)}` });
        },
      );
      return contentOf<T>(path, answer);
    },
  };
}

/** URLSearchParams writes a `+` as `%2B`, without which the engine would read a space in a date. */
function queryText(query: Query): string {
  const said = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, `${value}`]],
  );
  return said.length === 0 ? '' : `?${new URLSearchParams(said)}`;
}

function contentOf<T>(path: string, { status, type, text }: RestAnswer): T {
  const said = parsed(text);
  if (status >= 200 && status <= 299 && said !== undefined) return said as T;
  const what = said === undefined ? `${type || 'something'} that is no JSON` : wordsOf(said);
  const message = `${path}: status ${status}, ${what}`;
  // The engine has no status of its own for what is gone: some of its calls answer 500.
  const isGone = status === 404 || (said as { type?: unknown } | undefined)?.type === 'NullValueException';
  if (isGone && said !== undefined) throw new RealtimeError('not_found', { message });
  // A page in the place of JSON is a login or a proxy: the engine was not asked, whatever the status.
  if (said === undefined || status >= 500) throw new RealtimeError('engine_unreachable', { message });
  throw new RealtimeError('engine_refused', { message });
}

function parsed(text: string): object | undefined {
  try {
    const said: unknown = JSON.parse(text);
    return typeof said === 'object' && said !== null ? said : undefined;
  } catch {
    return undefined;
  }
}

function wordsOf(said: object): string {
  const { message } = said as { message?: unknown };
  return typeof message === 'string' ? message.slice(0, 500) : 'without a message';
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message} (${cause.message})` : error.message;
}
