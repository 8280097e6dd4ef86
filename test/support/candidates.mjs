/** Tasks of one instance, each with three groups. */
export const MANY = 150;

const BPMN = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    targetNamespace="test">
  <process id="many" isExecutable="true" camunda:historyTimeToLive="10">
    <startEvent id="start" />
    <sequenceFlow id="flow" sourceRef="start" targetRef="work" />
    <userTask id="work" name="Work" camunda:candidateGroups="team-\${loopCounter % 3},\${half},everybody">
      <multiInstanceLoopCharacteristics><loopCardinality>\${tasks}</loopCardinality></multiInstanceLoopCharacteristics>
    </userTask>
  </process>
</definitions>`;

const ODD = [
  'a,b',
  `O'Neil "x"`,
  '50%_',
  'ü + ö & é',
  `\${half}`,
  ' before',
  'Team-1',
  'team-1 and others',
  '*',
  '1',
];

/** Two instances with many tasks, one of them suspended. */
export async function addMany({ rest, deploy }) {
  await deploy('many', BPMN);
  for (const [half, tasks] of [
    ['this half', MANY],
    ['that half', 20],
  ]) {
    const { id } = await rest('POST', '/process-definition/key/many/start', {
      variables: {
        half: { value: half, type: 'String' },
        tasks: { value: tasks, type: 'Integer' },
      },
    });
    if (tasks !== MANY) await rest('PUT', `/process-instance/${id}/suspended`, { suspended: true });
  }
}

/**
 * Tasks with every kind of candidates.
 *
 * @returns the ids of those that no question for many tells of
 */
export async function addOdd({ rest }) {
  const add = async (id, links, more = {}) => {
    await rest('POST', '/task/create', { id, name: id, ...more });
    for (const link of links)
      await rest('POST', `/task/${id}/identity-links`, { type: 'candidate', ...link });
  };
  for (const [n, groupId] of ODD.entries()) await add(`odd-${n}`, [{ groupId }, { groupId: 'everybody' }]);
  await add('nobody', []);
  await add('reviewed', [{ groupId: 'reviewers', type: 'reviewer' }]);
  await add('tenant', [{ groupId: 'of-acme' }], { tenantId: 'acme' });
  await add('assigned', [], { assignee: 'alice' });
  // Its groups are nobody else's, or some of them are.
  await add('claimed', [{ groupId: 'everybody' }, { groupId: 'rare' }]);
  await rest('POST', '/task/claimed/claim', { userId: 'alice' });
  await add('named', [{ userId: 'carol' }, { userId: 'dave' }]);
  await add('both', [{ userId: 'carol' }, { groupId: 'everybody' }, { groupId: 'a,b' }]);
  return ['claimed', 'named', 'both'];
}

/** Who may take each open task, by the engine. */
export async function candidatesOf(rest) {
  const found = {};
  for (const { id } of await rest('GET', '/task?maxResults=10000')) {
    const links = await rest('GET', `/task/${id}/identity-links?type=candidate`);
    const named = (field) => links.flatMap(({ [field]: name }) => (name ? [name] : []));
    found[id] = said(named('userId'), named('groupId'));
  }
  return found;
}

/** The same, by the rows of a log. */
export async function candidatesIn(log, domains) {
  const found = {};
  for (const domain of domains) {
    for (let after = 'task/'; after !== undefined; ) {
      const page = await log.snapshot(domain, { after, limit: 1000 });
      for (const { subject, body } of page.rows) {
        const { data } = JSON.parse(body);
        if (subject.startsWith('task/'))
          found[data.taskId] = said(data.candidateUsers ?? [], data.candidateGroups ?? []);
      }
      after = page.next;
    }
  }
  return found;
}

const said = (users, groups) => JSON.stringify({ users: users.sort(), groups: groups.sort() });
