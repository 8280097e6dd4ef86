import { ENGINE_JAR } from '../lib/paths.mjs';
import { java } from '../lib/requirements.mjs';
import { startService } from './service.mjs';

/**
 * Starts the demo engine; `env` is its configuration. It is back when its REST API answers.
 *
 * @param {{ env: Record<string, string>, log: string, args?: string[] }} options `args`: what Java starts, where it is not the packaged engine
 */
export function startEngine({ env, log, args = ['-jar', ENGINE_JAR] }) {
  return startService('engine', java(), args, {
    env,
    log,
    ready: /engine ready on (http:\/\/\S+)/,
    timeout: 180_000,
  });
}

/**
 * Asks the engine itself, past the gateway.
 * @param {string} url of its REST API
 */
export function engineRest(url, { user, password }) {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return async (method, path, body) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}
