import { setTimeout as sleep } from 'node:timers/promises';
import { randomOf } from '../../../scripts/lib/random.mjs';
import { partOf } from './cast.mjs';
import { moveOf, PEOPLE, standaloneMoveOf } from './moves.mjs';

/** Milliseconds that an actor waits where there is nothing to do for the moment, and how often. */
const IDLE = 400;
const MOST_IDLE = 4;

/** Milliseconds between two hands of a task that is handed on. */
const HAND_EVERY = 250;

/**
 * Starts one instance, or one task of its own, and does with it what its seed says until it has ended or its steps
 * are done. It looks before each step, since it never knows what became of the one before.
 */
export async function act({ seed, index, restOf }) {
  const random = randomOf(`${seed}/actor-${index}`);
  const part = partOf(random, index);
  const rest = restOf(part.user);
  if (part.kind === 'standalone') await playTask({ index, part, rest, random });
  else await playInstance({ index, part, rest, random });
}

/**
 * Creates one task that goes from hand to hand until the end, and is never done: whenever somebody reads it, it has
 * changed just before, and will again soon after.
 */
export async function handOn({ seed, index, restOf, isOver }) {
  const random = randomOf(`${seed}/hands-${index}`);
  const rest = restOf('gateway');
  const id = await createTask({ index, rest, random });
  for (let userId; !isOver(); await sleep(HAND_EVERY)) {
    userId = random.pick(PEOPLE.filter((one) => one !== userId));
    await rest.repeat('POST', `/task/${id}/assignee`, { userId });
  }
}

/** Its id is ours, so that a second attempt is refused. */
async function createTask({ index, tenant, rest, random }) {
  const id = `chaos-task-${index}`;
  const assignee = random.below(3) === 0 ? random.pick(PEOPLE) : undefined;
  const task = { id, name: `Standalone ${index}`, assignee, tenantId: tenant, priority: random.below(100) };
  await rest.repeat('POST', '/task/create', task);
  return id;
}

async function playTask({ index, part, rest, random }) {
  const id = await createTask({ index, tenant: part.tenant, rest, random });
  for (let step = 0; step < part.steps; step++) {
    const now = await rest.get(`/task/${id}`);
    if (!now) return;
    if (random.below(25) === 0) await rest.repeat('DELETE', `/task/${id}`);
    else await standaloneMoveOf(random).play({ rest, task: now });
  }
}

async function playInstance({ index, part, rest, random }) {
  const id = await startInstance({ index, part, rest });
  if (!id) return;
  const laters = [];
  const later = (work) => laters.push({ in: random.between(1, 4), work });
  for (let step = 0, idle = 0; step < part.steps && idle < MOST_IDLE; step++) {
    for (const due of laters.filter((one) => --one.in === 0)) await due.work();
    const scene = await look({ rest, id, part });
    if (Object.values(scene).some((list) => list.length > 0)) {
      idle = 0;
      await moveOf(random, scene).play({ rest, id, later });
      continue;
    }
    if (!(await rest.get(`/process-instance/${id}`))) return;
    idle++;
    await sleep(IDLE);
  }
}

/** Starts it; where the answer was lost, looks whether there is one before it tries again. */
async function startInstance({ index, part, rest }) {
  const { key, tenant, businessKey, variables } = part;
  const typed = Object.fromEntries(
    Object.entries({ ...variables, actor: index }).map(([name, value]) => [
      name,
      { value, type: typeOf(value) },
    ]),
  );
  const path = `/process-definition/key/${key}${tenant ? `/tenant-id/${tenant}` : ''}/start`;
  for (;;) {
    const { isDone, isLost, said } = await rest.once('POST', path, { businessKey, variables: typed });
    if (isDone) return said.id;
    if (!isLost) return undefined;
    const found = await rest.get(`/process-instance?variables=actor_eq_${index}&rootProcessInstances=true`);
    if (found?.[0]) return found[0].id;
  }
}

const typeOf = (value) => ({ boolean: 'Boolean', number: 'Integer', string: 'String' })[typeof value];

/** What there is to do in an instance and in those that it has called. */
async function look({ rest, id, part }) {
  const meets = (what) => part.meets.includes(what);
  const ids = meets('called') ? await treeOf(rest, id) : [id];
  const all = async (isAsked, path) => (isAsked ? ((await rest.get(path)) ?? []) : []);
  const [tasks, jobs, externals, subscriptions] = await Promise.all([
    all(true, `/task?processInstanceIdIn=${ids}`),
    all(meets('job') || meets('timer'), `/job?processInstanceIds=${ids}`),
    all(meets('external'), `/external-task?processInstanceIdIn=${ids}`),
    all(meets('message'), `/event-subscription?processInstanceId=${id}&eventType=message`),
  ]);
  return {
    tasks,
    jobs: jobs.filter(({ suspended }) => !suspended),
    externals: externals.map((one) => ({ ...one, canBreak: one.activityId === 'build' })),
    subscriptions,
  };
}

async function treeOf(rest, id) {
  const ids = [id];
  for (const one of ids) {
    const called = await rest.get(`/process-instance?superProcessInstance=${one}`);
    ids.push(...(called ?? []).map((instance) => instance.id));
  }
  return ids;
}
