import { CATALOGUE, check, type EngineCommand, factKey } from '@netbuild/realtime-protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mapCommand } from '../src/index.ts';
import { factsOf } from './support/recordings.ts';

const command = (events: object[], more: Partial<EngineCommand> = {}): EngineCommand => ({
  id: 'c1',
  committedAt: 1_767_268_800_000.25,
  events,
  ...more,
});
const facts = (...events: object[]) => factsOf(command(events));
const link = (event: string, who: object) => ({
  kind: 'identityLink',
  event,
  taskId: 't1',
  type: 'candidate',
  ...who,
});
const task = (event: string, more: object = {}) => ({ kind: 'task', event, id: 't1', ...more });

test('an incident whose instance is migrated goes on', () => {
  const incident = { kind: 'incident', id: 'i1', message: 'm'.repeat(5000) };
  const types = ['create', 'update', 'migrate', 'resolve'].map((event) =>
    facts({ ...incident, event }).map(({ type }) => type),
  );
  expect(types).toEqual([['process:error'], [], ['process:error-updated'], ['process:error-resolved']]);
  expect(facts({ ...incident, event: 'create' })[0]!.data).toMatchObject({ message: 'm'.repeat(4000) });
});

test('what a newer engine says is set aside, and the rest goes on', () => {
  const odd = [
    { kind: 'decision', id: 'd1' },
    task('create', { priority: 'high' }),
    'text',
    null,
    { kind: 'task' },
  ];
  const known = { kind: 'process', event: 'start', id: 'p1' };
  const mapped = mapCommand('default', command([odd[0]!, known, ...odd.slice(1)] as object[]));
  expect(mapped.unknown).toEqual(odd);
  expect(mapped.facts.map(({ fact }) => fact.type)).toEqual(['process:started']);
});

test('a transition that no event stands for comes to nothing', () => {
  expect(facts({ kind: 'process', event: 'novelty', id: 'p1' })).toEqual([]);
  expect(facts({ kind: 'incident', event: 'novelty', id: 'i1' })).toEqual([]);
  expect(facts({ kind: 'activity', event: 'update', id: 'a1', activityId: 'a' })).toEqual([]);
});

test('fields that nobody knows yet do no harm', () => {
  expect(facts(task('create', { name: 'n', formKey: 'f' }))[0]!.data).not.toHaveProperty('formKey');
});

test('of a candidate who goes and comes in one command, the last word counts', () => {
  const [fact] = facts(
    link('delete', { userId: 'alice' }),
    link('add', { userId: 'alice' }),
    link('add', { groupId: 'devs' }),
    link('delete', { groupId: 'devs' }),
  );
  expect(fact).toMatchObject({
    id: 'task/t1/updated/c1',
    data: { candidates: { addUsers: ['alice'], removeUsers: [], addGroups: [], removeGroups: ['devs'] } },
  });
});

test("candidates alone say nothing of the assignee; a task's own event says all", () => {
  expect(facts(link('add', { userId: 'bob' }))[0]!.data).not.toHaveProperty('assignee');
  expect(facts(task('update'))[0]!.data).toMatchObject({
    assignee: null,
    owner: null,
    description: null,
    dueDate: null,
    followUpDate: null,
  });
});

test('links that are no candidates, or of no task, come to nothing', () => {
  expect(
    facts(link('add', { type: 'assignee', userId: 'bob' }), link('add', { taskId: null, userId: 'bob' })),
  ).toEqual([]);
});

test('an empty text is none: a process without a business key, a task that nobody has', () => {
  const [started] = facts({ kind: 'process', event: 'start', id: 'p1', businessKey: '', startUserId: '' });
  expect(started!.data).toEqual({ processInstanceId: 'p1' });
  const [created] = facts(link('add', { userId: '' }), task('create', { assignee: '', owner: '', name: '' }));
  expect(created!.data).toMatchObject({ assignee: null, owner: null, candidates: { addUsers: [] } });
  check(CATALOGUE.get('task:created')!.fact, created!.data);
});

test('only a completion is one: whatever else ends a task has cancelled it', () => {
  const end = (more: object) => facts(task('complete', more)).map(({ type }) => type);
  expect(end({ deleteReason: 'completed' })).toEqual(['task:completed']);
  expect(end({ deleteReason: 'ordered twice' })).toEqual(['task:cancelled']);
  expect(end({})).toEqual(['task:cancelled']);
  expect(facts(task('delete', { deleteReason: 'completed' }))[0]!.type).toBe('task:cancelled');
});

test('a task that begins and ends in one command begins first', () => {
  const both = facts(
    link('add', { groupId: 'g' }),
    task('create'),
    task('update', { name: 'n' }),
    task('complete', { deleteReason: 'completed' }),
  );
  expect(both.map(({ id }) => id)).toEqual(['task/t1/created', 'task/t1/ended']);
  expect(both[0]!.data).toMatchObject({ taskName: 'n' });
});

test('each fact belongs to its tenant, also where a link does not name it', () => {
  const mapped = mapCommand(
    'default',
    command([
      link('add', { userId: 'bob' }),
      task('update', { tenantId: 'acme' }),
      { kind: 'process', event: 'start', id: 'p1', tenantId: 'other' },
      { kind: 'process', event: 'start', id: 'p2', tenantId: null },
      { kind: 'process', event: 'start', id: 'p3', tenantId: '' },
      { kind: 'process', event: 'start', id: 'p4', tenantId: 't'.repeat(65) },
    ]),
  );
  expect(mapped.facts.map(({ tenantId }) => tenantId)).toEqual(['acme', 'other', undefined, undefined]);
  expect(mapped.unknown).toHaveLength(1);
});

test('two engines with the same ids do not meet', () => {
  const key = (engine: string) => factKey(mapCommand(engine, command([task('create')])).facts[0]!.fact);
  expect(key('one')).not.toBe(key('two'));
});

test('however events are mixed, a task has one report a command, and one more for its end, which comes after', () => {
  const ids = fc.constantFrom('t1', 't2', 't3');
  const events = fc.oneof(
    fc.record({ kind: fc.constant('task'), event: fc.constantFrom('create', 'update'), id: ids }),
    fc.record({
      kind: fc.constant('identityLink'),
      event: fc.constantFrom('add', 'delete'),
      taskId: ids,
      type: fc.constant('candidate'),
      userId: ids,
    }),
    fc.record({ kind: fc.constant('process'), event: fc.constantFrom('start', 'end'), id: ids }),
  );
  const ends = fc.uniqueArray(ids).map((all) => all.map((id) => ({ kind: 'task', event: 'complete', id })));
  fc.assert(
    fc.property(fc.array(events, { maxLength: 20 }), ends, (before, after) => {
      const told = facts(...before, ...after).filter(({ type }) => type.startsWith('task:'));
      for (const id of ['t1', 't2', 't3']) {
        const own = told
          .filter(({ data }) => (data as { taskId: string }).taskId === id)
          .map(({ type }) => type);
        const opened = before.some(
          (event) => ('taskId' in event ? event.taskId : event.kind === 'task' && event.id) === id,
        );
        const ended = after.some((event) => event.id === id);
        expect(own.length).toBe(Number(opened) + Number(ended));
        if (ended) expect(own.at(-1)).toBe('task:cancelled');
      }
    }),
  );
});

const variable = (event: string, name: string, more: object = {}) => ({
  kind: 'variable',
  event,
  id: `v-${name}`,
  name,
  type: 'String',
  processInstanceId: 'p1',
  processDefinitionKey: 'order',
  activityInstanceId: 'p1',
  ...more,
});

test('all that a command does to the variables of an instance is one fact; the last word counts', () => {
  const told = facts(
    { kind: 'process', event: 'start', id: 'p1' },
    variable('create', 'amount', { value: 1 }),
    variable('create', 'gone', { value: 'x' }),
    variable('create', 'none', { value: null, activityInstanceId: undefined }),
    variable('create', 'order', { type: 'Json', omitted: true }),
    variable('create', 'odd'),
    { kind: 'activity', event: 'start', id: 'a1', activityId: 'a' },
    variable('update', 'amount', { value: 2.5 }),
    variable('delete', 'gone'),
  );
  expect(told.map(({ id }) => id)).toEqual([
    'process/p1/started',
    'process/p1/variables/c1',
    'activity/a1/started',
  ]);
  expect(told[1]).toMatchObject({
    type: 'process:updated',
    data: {
      processInstanceId: 'p1',
      processDefinitionKey: 'order',
      variables: { set: { amount: 2.5, none: null }, remove: ['gone'], omit: ['order', 'odd'] },
    },
  });
  check(CATALOGUE.get('process:updated')!.fact, told[1]!.data);
});

test('variables of a task go with its other changes; those of other scopes are of nobody', () => {
  const told = facts(
    variable('create', 'checked', { taskId: 't1', value: true, activityInstanceId: 'a1' }),
    task('update', { name: 'n' }),
    variable('create', 'loopCounter', { value: 1, activityInstanceId: 'a1' }),
  );
  expect(told.map(({ id }) => id)).toEqual(['task/t1/updated/c1']);
  expect(told[0]!.data).toMatchObject({ taskName: 'n', variables: { set: { checked: true } } });
  expect(facts(variable('delete', 'checked', { taskId: 't1' }))[0]!.data).toEqual({
    taskId: 't1',
    variables: { set: {}, remove: ['checked'], omit: [] },
  });
});

test('what ends takes its variables along, and its row keeps them', () => {
  const told = facts(
    variable('update', 'amount', { value: 3 }),
    variable('delete', 'checked', { taskId: 't1' }),
    task('complete', { deleteReason: 'completed' }),
    variable('delete', 'amount'),
    variable('delete', 'other'),
    { kind: 'process', event: 'end', id: 'p1', state: 'COMPLETED' },
  );
  expect(told.map(({ id }) => id)).toEqual(['process/p1/variables/c1', 'task/t1/ended', 'process/p1/ended']);
  expect(told[0]!.data).toMatchObject({ variables: { set: { amount: 3 }, remove: [], omit: [] } });
});

test('a creation may name its candidates itself, where the engine has no links', () => {
  const [created] = facts(
    task('create', { candidateUsers: ['alice'], candidateGroups: ['devs', 'leads'] }),
    link('delete', { groupId: 'leads' }),
  );
  expect(created!.data).toMatchObject({
    candidates: { addUsers: ['alice'], addGroups: ['devs'], removeUsers: [], removeGroups: ['leads'] },
  });
  expect(facts(task('create', { candidateUsers: [], candidateGroups: [] }))[0]!.data).not.toHaveProperty(
    'candidates',
  );
});

test('an incident names the job, or the external task, that is to be retried; one that is passed on, its root', () => {
  const incident = (more: object) =>
    facts({ kind: 'incident', event: 'create', id: 'i1', configuration: 'c', ...more })[0]!.data;
  expect(incident({ incidentType: 'failedJob', rootCauseIncidentId: 'i1' })).toEqual({
    incidentId: 'i1',
    incidentType: 'failedJob',
    jobId: 'c',
  });
  expect(incident({ incidentType: 'failedExternalTask' })).toMatchObject({ externalTaskId: 'c' });
  expect(incident({ incidentType: 'custom', rootCauseIncidentId: 'i0' })).toEqual({
    incidentId: 'i1',
    incidentType: 'custom',
    rootCauseIncidentId: 'i0',
  });
});

test('whoever gave the command did all of it', () => {
  const told = factsOf(
    command(
      [
        { kind: 'process', event: 'update', id: 'p1', state: 'SUSPENDED', businessKey: 'k' },
        { kind: 'process', event: 'end', id: 'p2' },
        { kind: 'incident', event: 'resolve', id: 'i1' },
        variable('create', 'a', { value: 1 }),
        task('create'),
      ],
      { userId: 'alice' },
    ),
  );
  expect(told.map(({ data }) => (data as { by: string }).by)).toEqual(told.map(() => 'alice'));
});

test('rows of an engine that is not called default say whose they are', () => {
  const events = [
    task('create'),
    { kind: 'process', event: 'start', id: 'p1' },
    { kind: 'activity', event: 'start', id: 'a1', activityId: 'a' },
    { kind: 'incident', event: 'create', id: 'i1' },
    variable('create', 'a', { value: 1 }),
  ];
  const engines = (name: string) =>
    mapCommand(name, command(events)).facts.map(({ fact }) => {
      check(CATALOGUE.get(fact.type)!.fact, fact.data);
      return (fact.data as { engine?: string }).engine;
    });
  expect(engines('billing')).toEqual(events.map(() => 'billing'));
  expect(engines('default')).toEqual(events.map(() => undefined));
});

test('a fact comes again from the events that it was made of', () => {
  const all = command([
    link('add', { userId: 'bob' }),
    task('create', { novelty: 1 }),
    { kind: 'activity', event: 'start', id: 'a1', activityId: 'a' },
    task('update', { name: 'n' }),
    { kind: 'activity', event: 'update', id: 'a1', activityId: 'a', taskId: 't1' },
    variable('create', 'a', { value: 1 }),
    task('complete'),
    variable('update', 'a', { value: 2 }),
  ]);
  for (const { fact, from } of mapCommand('default', all).facts) {
    for (const event of from) expect(all.events).toContain(event);
    const [again] = factsOf({ ...all, events: from }).filter(({ id }) => id === fact.id);
    expect(again).toEqual(fact);
  }
});

test('an approval says what its model says, and what was decided by the variables of the same command', () => {
  const approval = {
    approval: true,
    approvalVariable: 'ok',
    approvalReasonVariable: 'why',
    processInstanceId: 'p1',
  };
  const [created] = facts(
    task('create', { ...approval, approvalReasonRequired: true, approvalAmong: 'b:1', approvalOf: 3 }),
  );
  expect(created!.data).toMatchObject({
    approval: { variable: 'ok', reasonVariable: 'why', reasonRequired: true, among: 'b:1', of: 3 },
  });
  const variable = (name: string, value: unknown, more: object = {}) => ({
    kind: 'variable',
    event: 'update',
    id: `v-${name}`,
    processInstanceId: 'p1',
    name,
    value,
    ...more,
  });
  const decided = (deleteReason: string, ...variables: object[]) =>
    facts(...variables, task('complete', { ...approval, deleteReason })).find(({ type }) =>
      type.startsWith('task:'),
    )!.data;
  const [no, why] = [variable('ok', false), variable('why', 'Too soon.')];
  expect(decided('completed', no, why)).toMatchObject({ decision: 'rejected', reason: 'Too soon.' });
  expect(decided('completed', variable('ok', true))).toMatchObject({ decision: 'approved' });
  for (const none of [
    decided('completed'),
    decided('completed', variable('ok', 'yes')),
    decided('completed', variable('ok', true, { processInstanceId: 'p2' })),
    decided('completed', variable('ok', true, { event: 'delete' })),
    decided('deleted', no),
  ])
    expect(none).not.toHaveProperty('decision');
});
