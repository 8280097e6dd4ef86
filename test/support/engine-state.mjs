/** What differs between what is open in an engine and the open rows of a log; nothing where they are the same. */
export async function differences(rest, log, domain) {
  const [there, here] = await Promise.all([engineState(rest), logState(log, domain)]);
  return [...new Set([...there.keys(), ...here.keys()])]
    .filter((name) => there.get(name) !== here.get(name))
    .map((name) => `${name}: engine ${there.get(name) ?? '-'}, log ${here.get(name) ?? '-'}`);
}

async function engineState(rest) {
  const all = (path) => rest('GET', `${path}${path.includes('?') ? '&' : '?'}maxResults=100000`);
  const [processes, tasks, incidents, activities] = await Promise.all([
    all('/history/process-instance?unfinished=true'),
    all('/task'),
    all('/incident'),
    all('/history/activity-instance?unfinished=true'),
  ]);
  const state = new Map();
  for (const { id, businessKey, state: word, rootProcessInstanceId } of processes)
    state.set(`process/${id}`, said([word.toLowerCase(), businessKey, rootProcessInstanceId]));
  for (const { id } of incidents) state.set(`incident/${id}`, 'open');
  for (const { id, activityId } of activities) state.set(`activity/${id}`, activityId);
  await Promise.all(
    tasks.map(async (task) => {
      const links = await rest('GET', `/task/${task.id}/identity-links`);
      // Added twice it is two links, and one candidate.
      const named = (field) => [
        ...new Set(
          links.filter(({ type, [field]: name }) => type === 'candidate' && name).map((link) => link[field]),
        ),
      ];
      const { name, assignee, owner, priority, description, due, processInstanceId } = task;
      state.set(
        `task/${task.id}`,
        said([
          name,
          assignee,
          owner,
          priority,
          description,
          instant(due),
          processInstanceId,
          named('userId'),
          named('groupId'),
        ]),
      );
    }),
  );
  return state;
}

async function logState(log, domain) {
  const state = new Map();
  for (let after; ; ) {
    const page = await log.snapshot(domain, { limit: 1000, ...(after && { after }) });
    for (const { subject, body } of page.rows) {
      const { data } = JSON.parse(body);
      const [kind] = subject.split('/', 1);
      if (kind === 'process')
        state.set(subject, said([data.state, data.businessKey, data.rootProcessInstanceId]));
      if (kind === 'incident') state.set(subject, data.state);
      if (kind === 'activity') state.set(subject, data.activityId);
      if (kind === 'task') {
        const { taskName, assignee, owner, priority, description, dueDate, processInstanceId } = data;
        state.set(
          subject,
          said([
            taskName,
            assignee,
            owner,
            priority,
            description,
            instant(dueDate),
            processInstanceId,
            data.candidateUsers,
            data.candidateGroups,
          ]),
        );
      }
    }
    after = page.next;
    if (!after) return state;
  }
}

const instant = (text) => (text ? Date.parse(text) : undefined);
const said = (values) =>
  JSON.stringify(values.map((value) => (Array.isArray(value) ? [...value].sort() : (value ?? null))));
