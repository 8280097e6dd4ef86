import { ENGINE_JARS } from '../lib/paths.mjs';
import { java } from '../lib/requirements.mjs';
import { startService } from './service.mjs';

/** For who starts it again and again, or looks at it for some minutes: what makes it fast in the long run makes it start slowly. */
const QUICK = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/**
 * Starts a demo engine; `env` is its configuration. It is back when its REST API answers.
 *
 * @param {{ env: Record<string, string>, log: string, engine?: keyof typeof ENGINE_JARS, args?: string[], flags?: string[] }} options
 *   `args`: what Java starts, where it is not the packaged engine; `flags`: what Java is told beside, none where its
 *   speed is measured
 */
export function startEngine({
  env,
  log,
  engine = 'camunda',
  args = ['-jar', ENGINE_JARS[engine]],
  flags = QUICK,
}) {
  return startService('engine', java(), [...flags, ...args], {
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
export function engineRest(url, account) {
  const authorization = basic(account);
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

/**
 * Deploys a model.
 * @param {string} url of its REST API
 * @param {Record<string, string>} [beside] what else is in the deployment, by the names of files
 */
export async function deployModel(url, account, name, bpmn, beside = {}) {
  const form = new FormData();
  form.set('deployment-name', name);
  for (const [file, text] of Object.entries(beside)) form.set(file, new Blob([text]), file);
  form.set(`${name}.bpmn`, new Blob([bpmn], { type: 'text/xml' }), `${name}.bpmn`);
  const answer = await fetch(`${url}/deployment/create`, {
    method: 'POST',
    headers: { authorization: basic(account) },
    body: form,
  });
  if (!answer.ok) throw new Error(`the deployment was refused: ${await answer.text()}`);
}

function basic({ user, password }) {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
