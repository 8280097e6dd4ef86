import { UsageError } from './usage.ts';

/** Asks a running gateway below a path, and gives its answer. */
export type Ask = <T>(method: string, path: string, body?: object) => Promise<T>;

/**
 * @param base path that all questions begin with: `/v1/dead-letters`
 * @throws {@link UsageError} where there is no key, no answer, or a refusal
 */
export function asker(base: string, url: string | undefined, environment: NodeJS.ProcessEnv): Ask {
  const key = environment.PUBLISH_KEY;
  if (!key) throw new UsageError('PUBLISH_KEY must be set: the same as the gateway has.');
  const at = (url ?? urlOf(environment)).replace(/\/+$/, '');
  return async <T>(method: string, path: string, body?: object): Promise<T> => {
    const headers = {
      authorization: `Bearer ${key}`,
      ...(body && { 'content-type': 'application/json' }),
    };
    const said = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${at}${base}${path}`, { method, headers, ...said }).catch(() => {
      throw new UsageError(`There is no answer from ${at}; --url says where the gateway is.`);
    });
    const answer = (await response.json().catch(() => undefined)) as
      | (T & { error?: { code: string; message: string } })
      | undefined;
    if (response.ok && answer !== undefined) return answer;
    const { code, message } = answer?.error ?? { code: `${response.status}`, message: 'This is no gateway.' };
    throw new UsageError(`${path.replace(/^\/|\?.*/g, '') || at}: ${message} (${code})`);
  };
}

/** Where a gateway with this environment listens. */
function urlOf({ HOST, PORT }: NodeJS.ProcessEnv): string {
  const host = !HOST || HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${PORT || 3000}`;
}
