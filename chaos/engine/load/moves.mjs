/** Who works, and for whom. */
export const PEOPLE = ['alice', 'bob', 'carol', 'dave'];
const GROUPS = ['developers', 'leads', 'accounting'];

const NOT = { fail: { value: false, type: 'Boolean' } };
const boolean = (value) => ({ value, type: 'Boolean' });

/** What may be done to an open task, and how often beside the rest. */
const ON_TASK = {
  complete: {
    weight: 34,
    async play({ rest, task, random }) {
      const variables = {
        again: boolean(random.below(4) === 0),
        fail: boolean(random.below(3) === 0),
      };
      await rest.once('POST', `/task/${task.id}/complete`, { variables });
    },
  },
  /** Two at once, of which one comes too late: on one task, or on two whose tokens meet. */
  clash: {
    weight: 10,
    async play({ rest, task, tasks, random }) {
      const other = random.pick(tasks);
      const complete = ({ id }) => rest.once('POST', `/task/${id}/complete`, { variables: NOT });
      await Promise.all([complete(task), complete(other)]);
    },
  },
  claim: {
    weight: 8,
    play: ({ rest, task, random }) =>
      rest.once('POST', `/task/${task.id}/claim`, { userId: random.pick(PEOPLE) }),
  },
  unclaim: { weight: 5, play: ({ rest, task }) => rest.repeat('POST', `/task/${task.id}/unclaim`) },
  assign: {
    weight: 8,
    play: ({ rest, task, random }) =>
      rest.repeat('POST', `/task/${task.id}/assignee`, { userId: random.pick(PEOPLE) }),
  },
  delegate: {
    weight: 3,
    async play({ rest, task, random }) {
      const { isDone } = await rest.once('POST', `/task/${task.id}/delegate`, {
        userId: random.pick(PEOPLE),
      });
      if (isDone && random.below(2) === 0) await rest.once('POST', `/task/${task.id}/resolve`, {});
    },
  },
  candidate: {
    weight: 8,
    async play({ rest, task, random }) {
      const link = random.below(2) === 0 ? { userId: random.pick(PEOPLE) } : { groupId: random.pick(GROUPS) };
      // Added twice it is two rows of the engine, and one candidate.
      await rest.once('POST', `/task/${task.id}/identity-links`, { ...link, type: 'candidate' });
    },
  },
  'no-candidate': {
    weight: 5,
    async play({ rest, task, random }) {
      const links = (await rest.get(`/task/${task.id}/identity-links?type=candidate`)) ?? [];
      if (links.length === 0) return;
      const { userId, groupId } = random.pick(links);
      const link = userId ? { userId } : { groupId };
      await rest.once('POST', `/task/${task.id}/identity-links/delete`, { ...link, type: 'candidate' });
    },
  },
  edit: {
    weight: 8,
    async play({ rest, task, random }) {
      const changes = {
        priority: random.between(0, 100),
        due: random.below(4) === 0 ? null : dayOf(random),
        followUp: random.below(2) === 0 ? null : dayOf(random),
        name: `${task.name.slice(0, 40)} ${random.below(100)}`,
        description: random.pick([null, '', 'As discussed: “Größe 3 × 4” 🚀', 'short']),
        owner: random.pick([null, ...PEOPLE]),
      };
      const changed = Object.fromEntries(
        random.some(Object.keys(changes), 2).map((key) => [key, changes[key]]),
      );
      const { assignee, name, description, owner, priority, due, followUp, parentTaskId, tenantId } = task;
      const { delegationState } = task;
      // What is left out would be taken away.
      await rest.repeat('PUT', `/task/${task.id}`, {
        ...{ assignee, name, description, owner, priority, due, followUp },
        ...{ parentTaskId, tenantId, delegationState },
        ...changed,
      });
    },
  },
};

/** What may be done to an instance as a whole. */
const ON_INSTANCE = {
  suspend: {
    weight: 5,
    async play({ rest, id, random, later }) {
      await rest.repeat('PUT', `/process-instance/${id}/suspended`, { suspended: true });
      // While it stands still, commands on it are refused.
      if (random.below(4) > 0)
        later(() => rest.repeat('PUT', `/process-instance/${id}/suspended`, { suspended: false }));
    },
  },
  delete: {
    weight: 1,
    play: ({ rest, id }) => rest.repeat('DELETE', `/process-instance/${id}`),
  },
  modify: {
    weight: 2,
    async play({ rest, id, tasks, random }) {
      const own = tasks.filter(({ processInstanceId }) => processInstanceId === id);
      if (own.length === 0) return;
      const activityId = random.pick(own).taskDefinitionKey;
      const instructions = [{ type: 'startBeforeActivity', activityId }];
      if (random.below(2) === 0) instructions.push({ type: 'cancel', activityId });
      await rest.once('POST', `/process-instance/${id}/modification`, { instructions });
    },
  },
};

/** What is done where there is something that people do not do. */
const ON_OTHERS = {
  job: {
    weight: 30,
    async play({ rest, job, random }) {
      if (job.retries > 0) return void (await rest.once('POST', `/job/${job.id}/execute`));
      // Its incident ends, and comes again where nothing was put right.
      if (random.below(3) > 0)
        await rest.repeat('PUT', `/process-instance/${job.processInstanceId}/variables/fail`, boolean(false));
      await rest.repeat('PUT', `/job/${job.id}/retries`, { retries: 1 });
    },
  },
  external: {
    weight: 24,
    async play({ rest, external, random }) {
      const at = `/external-task/${external.id}`;
      const workerId = 'chaos';
      if (external.retries === 0) return void (await rest.repeat('PUT', `${at}/retries`, { retries: 2 }));
      await rest.once('POST', `${at}/lock`, { workerId, lockDuration: 60_000 });
      const how = random.weighed({ complete: 5, failure: 3, bpmnError: external.canBreak ? 2 : 0 });
      const body = {
        complete: {},
        failure: { errorMessage: 'The plan is wrong.', retries: random.below(2), retryTimeout: 0 },
        bpmnError: { errorCode: 'broken', errorMessage: 'It broke.' },
      }[how];
      await rest.once('POST', `${at}/${how}`, { workerId, ...body });
    },
  },
  message: {
    weight: 24,
    play: ({ rest, subscription, random }) =>
      rest.once('POST', '/message', {
        messageName: subscription.eventName,
        processInstanceId: subscription.processInstanceId,
        ...(random.below(2) === 0 ? { resultEnabled: true } : {}),
      }),
  },
};

/** What may be done to what is there; none where nothing is. */
export function moveOf(random, { tasks, jobs, externals, subscriptions }) {
  const kinds = {
    ...(tasks.length > 0 ? ON_TASK : {}),
    ...(jobs.length > 0 ? { job: ON_OTHERS.job } : {}),
    ...(externals.length > 0 ? { external: ON_OTHERS.external } : {}),
    ...(subscriptions.length > 0 ? { message: ON_OTHERS.message } : {}),
    ...ON_INSTANCE,
  };
  const weights = Object.fromEntries(Object.entries(kinds).map(([name, { weight }]) => [name, weight]));
  const name = random.weighed(weights);
  const one = (list) => (list.length > 0 ? random.pick(list) : undefined);
  const with_ = {
    task: one(tasks),
    job: one(jobs),
    external: one(externals),
    subscription: one(subscriptions),
  };
  return { name, play: (tools) => kinds[name].play({ ...with_, tasks, random, ...tools }) };
}

/** What may be done to a task that belongs to no process. */
export function standaloneMoveOf(random) {
  const { clash: _, ...kinds } = ON_TASK;
  const weights = Object.fromEntries(Object.entries(kinds).map(([name, { weight }]) => [name, weight]));
  const name = random.weighed(weights);
  return { name, play: (tools) => kinds[name].play({ tasks: [], random, ...tools }) };
}

function dayOf(random) {
  return `2030-${twoOf(random.between(1, 12))}-${twoOf(random.between(1, 28))}T10:20:30.000+0000`;
}

const twoOf = (number) => String(number).padStart(2, '0');
