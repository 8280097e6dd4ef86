/** The engine's name at the gateway, and so the beginning of all ids of its facts. */
const SOURCE = 'engine/default';

/**
 * What the engine itself says has happened in an instance, as the keys of the facts that its events come from:
 * subject by subject, each in the order in which the engine did it.
 *
 * @param {(method: string, path: string) => Promise<any>} rest
 * @returns {Promise<{ subject: string, steps: { type: string, key?: string, assignee?: string }[] }[]>}
 *   a step without a key can repeat: its key names the engine's command, which the history does not know
 */
export async function whatHappened(rest, processInstanceId) {
  const [instance, tasks, activities, incidents] = await Promise.all([
    rest('GET', `/history/process-instance/${processInstanceId}`),
    rest('GET', `/history/task?processInstanceId=${processInstanceId}`),
    rest('GET', `/history/activity-instance?processInstanceId=${processInstanceId}`),
    rest('GET', `/history/incident?processInstanceId=${processInstanceId}`),
  ]);
  const links = await Promise.all(
    tasks.map(({ id }) =>
      rest('GET', `/history/identity-link-log?taskId=${id}&type=assignee&sortBy=time&sortOrder=asc`),
    ),
  );
  return [
    instanceSteps(instance),
    ...tasks.map((task, i) => taskSteps(task, links[i])),
    ...activities.map(activitySteps),
    ...incidents.map(incidentSteps),
  ];
}

function instanceSteps({ id, endTime, state }) {
  const steps = [step('process:started', `process/${id}/started`)];
  if (endTime)
    steps.push(
      step(state === 'COMPLETED' ? 'process:completed' : 'process:cancelled', `process/${id}/ended`),
    );
  return { subject: `process/${id}`, steps };
}

function taskSteps({ id, endTime, deleteReason }, links) {
  const given = links
    .filter(({ operationType }) => operationType === 'add')
    .map(({ userId }) => ({ type: 'task:assigned', assignee: userId }));
  const steps = [step('task:created', `task/${id}/created`), ...given];
  if (endTime)
    steps.push(step(deleteReason === 'completed' ? 'task:completed' : 'task:cancelled', `task/${id}/ended`));
  return { subject: `task/${id}`, steps };
}

function activitySteps({ id, endTime }) {
  const steps = [step('activity:started', `activity/${id}/started`)];
  if (endTime) steps.push(step('activity:completed', `activity/${id}/ended`));
  return { subject: `activity/${id}`, steps };
}

function incidentSteps({ id, endTime }) {
  const steps = [step('process:error', `incident/${id}/created`)];
  if (endTime) steps.push(step('process:error-resolved', `incident/${id}/ended`));
  return { subject: `incident/${id}`, steps };
}

/** A fact's key; its events are `<key>#1`, `<key>#2` …, and one of them is the step's own. */
const step = (type, id) => ({ type, key: `${SOURCE}/${id}` });
