import { Problem } from '../../../scripts/lib/problem.mjs';
import { DOMAIN } from '../../load/cast.mjs';
import { FILES, MODELS, VARIABLES } from '../models/models.mjs';

/** The engine's tenants; most of what happens names none, and is of the gateway's default domain. */
const TENANTS = ['north', 'south'];

/** The domains that the gateway makes of it. */
export const DOMAINS = [DOMAIN, ...TENANTS];

/** In so many instances of the engine one is a task that belongs to no process. */
const STANDALONE = 10;

/** Who works beside the service account, and so has to belong to the tenants. */
const WORKERS = ['alice', 'bob'];

/**
 * Sets the stage in a fresh engine: its tenants, who belongs to them, and the models, for everybody and for each.
 *
 * @param {string} url of its REST API
 */
export async function setStage(url, { user, password }) {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const ask = async (method, path, body, type) => {
    const headers = { authorization, ...type };
    const answer = await fetch(`${url}${path}`, { method, headers, body });
    if (!answer.ok) throw new Problem(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  };
  const json = { 'content-type': 'application/json' };
  for (const id of TENANTS) {
    await ask('POST', '/tenant/create', JSON.stringify({ id, name: id }), json);
    for (const worker of WORKERS) await ask('PUT', `/tenant/${id}/user-members/${worker}`, '{}', json);
  }
  for (const tenant of [undefined, ...TENANTS]) {
    const form = new FormData();
    form.set('deployment-name', 'chaos');
    if (tenant) form.set('tenant-id', tenant);
    for (const [name, xml] of Object.entries(FILES)) form.set(name, new Blob([xml]), name);
    await ask('POST', '/deployment/create', form);
  }
}

/** What one actor will do, as far as that is decided beforehand: a function of the seed alone. */
export function partOf(random, index) {
  const tenant = random.below(4) === 0 ? random.pick(TENANTS) : undefined;
  const user = random.pick(['gateway', ...WORKERS]);
  /** One in six goes on until nothing is left to do; the others leave something behind. */
  const steps = random.below(6) === 0 ? 60 : random.between(1, 9);
  if (index % STANDALONE === 0) return { kind: 'standalone', tenant, user, steps };
  const weights = Object.fromEntries(Object.entries(MODELS).map(([key, { weight }]) => [key, weight]));
  const key = random.weighed(weights);
  const variables = {
    ...VARIABLES,
    ...MODELS[key].variables,
    lateKey: `late-${index}`,
    count: random.below(30) === 0 ? 40 : random.between(2, 5),
    deadline: random.below(3) === 0 ? 'PT1S' : 'P30D',
    reminder: random.below(3) === 0 ? 'PT1S' : 'P30D',
  };
  if (key === 'stillborn') variables.fail = random.below(4) > 0;
  const businessKey = random.below(3) > 0 ? `key-${index}` : undefined;
  return {
    kind: 'instance',
    key,
    meets: MODELS[key].meets ?? [],
    tenant,
    user,
    steps,
    businessKey,
    variables,
  };
}
