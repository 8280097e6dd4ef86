import { randomOf } from '../../scripts/lib/random.mjs';

/**
 * Does all kinds of things in an engine, at random.
 *
 * @param rest asks the engine
 * @param {{ seed: number, steps: number }} options
 * @returns what was done, by its name
 */
export async function workInEngine(rest, { seed, steps }) {
  const random = randomOf(seed);
  const done = {};
  const people = ['alice', 'bob', 'carol'];
  const anyOf = async (path) => {
    const all = await rest('GET', `${path}${path.includes('?') ? '&' : '?'}maxResults=200`);
    return all.length === 0 ? undefined : random.pick(all);
  };
  const task = (work) => async () => {
    const one = await anyOf('/task');
    if (one) await work(`/task/${one.id}`, one);
  };
  const instance = (work) => async () => {
    const one = await anyOf('/process-instance');
    if (one) await work(`/process-instance/${one.id}`, one);
  };
  const actions = {
    start: () =>
      rest('POST', '/process-definition/key/varied/start', {
        ...(random.next() < 0.5 ? { businessKey: `key-${random.below(1000)}` } : {}),
        variables: { fails: { value: random.next() < 0.3, type: 'Boolean' } },
      }),
    standalone: () =>
      rest('POST', '/task/create', {
        id: `alone-${seed}-${random.below(1e9)}`,
        name: 'Alone',
        assignee: random.pick([null, ...people]),
      }),
    assign: task((path) => rest('POST', `${path}/assignee`, { userId: random.pick([null, ...people]) })),
    change: task((path, one) =>
      rest('PUT', path, {
        ...one,
        name: `${one.name}!`.slice(0, 20),
        priority: random.below(100),
        description: random.pick([null, 'please', 'soon']),
        due: random.pick([null, '2030-01-01T12:00:00.000+0000']),
      }),
    ),
    candidate: task((path) =>
      rest('POST', `${path}/identity-links`, { groupId: random.pick(['sales', 'hr']), type: 'candidate' }),
    ),
    notCandidate: task((path) =>
      rest('POST', `${path}/identity-links/delete`, { groupId: 'sales', type: 'candidate' }),
    ),
    complete: task((path) => rest('POST', `${path}/complete`, {})),
    suspend: instance((path, { suspended }) => rest('PUT', `${path}/suspended`, { suspended: !suspended })),
    remove: instance((path) => rest('DELETE', path)),
    repair: async () => {
      const job = await anyOf('/job?noRetriesLeft=true');
      if (job) await rest('PUT', `/job/${job.id}/retries`, { retries: 1 });
    },
  };
  const weights = {
    start: 4,
    standalone: 1,
    assign: 4,
    change: 3,
    candidate: 2,
    notCandidate: 1,
    complete: 6,
    suspend: 1,
    remove: 1,
    repair: 1,
  };
  for (let step = 0; step < steps; step++) {
    const name = step < 5 ? 'start' : random.weighed(weights);
    // The engine refuses some: what is suspended can not be completed, what is gone not be changed.
    const isDone = await actions[name]().then(
      () => true,
      () => false,
    );
    if (isDone) done[name] = (done[name] ?? 0) + 1;
  }
  return done;
}
