import { CATALOGUE, check, type EngineCommand, factKey } from '@netbuild/realtime-protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mapCommand } from '../src/index.ts';
import { factsOf, recording, recordings } from './support/recordings.ts';

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

describe.each(recordings)('the recording $name', ({ commands }) => {
  test('is understood whole, and comes to facts of the catalogue', () => {
    for (const one of commands) {
      const { facts, unknown } = mapCommand('default', one);
      expect(unknown).toEqual([]);
      for (const { fact } of facts) check(CATALOGUE.get(fact.type)!.fact, fact.data, [fact.type]);
    }
  });

  test('comes to the same facts a second time, each with a key of its own', () => {
    const once = commands.flatMap(factsOf);
    expect(commands.flatMap(factsOf)).toEqual(once);
    expect(new Set(once.map(factKey)).size).toBe(once.length);
  });

  test('names who did it and when it was committed', () => {
    for (const one of commands) {
      for (const fact of factsOf(one)) {
        expect(fact.committedAt).toBe(one.committedAt);
        expect(fact.time).toBe(new Date(one.committedAt).toISOString());
        if (fact.type.startsWith('task:'))
          expect((fact.data as { by?: string }).by).toBe(one.userId ?? undefined);
      }
    }
  });

  test('tells the facts of a command in the order in which the engine did it', () => {
    for (const one of commands) {
      const places = factsOf(one).map(({ type, data }) => {
        const { taskId, activityInstanceId, incidentId, processInstanceId } = data as Record<string, string>;
        const begins = /created|started|:error$/.test(type);
        const id = type.startsWith('task:')
          ? taskId
          : (activityInstanceId ?? incidentId ?? processInstanceId);
        return (one.events as { id?: string; event: string }[]).findIndex(
          (event) =>
            event.id === id &&
            (!begins || ['create', 'start'].includes(event.event)) &&
            (!/completed|cancelled/.test(type) || ['complete', 'end'].includes(event.event)),
        );
      });
      expect(places).not.toContain(-1);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }
  });
});

test("transitions that happen once are named by the engine's ids, and those that repeat by the command too", () => {
  const { commands } = recording('suspend-activate');
  const shapes = commands.flatMap((one) =>
    factsOf(one).map(({ id }) =>
      id.replace(one.id, '<command>').replace(/[\w-]*:?[0-9a-f]{8}-[\w-]{27}/, '<id>'),
    ),
  );
  expect([...new Set(shapes)]).toEqual([
    'process/<id>/started',
    'activity/<id>/started',
    'activity/<id>/ended',
    'task/<id>/created',
    'process/<id>/suspended/<command>',
    'process/<id>/resumed/<command>',
    'task/<id>/ended',
    'process/<id>/ended',
  ]);
});

test('a task is created with its candidates, once, whatever the engine says of it in the same command', () => {
  for (const { name, commands } of recordings) {
    if (name === 'standalone-task') continue;
    const created = commands.flatMap(factsOf).filter(({ type }) => type === 'task:created');
    for (const { data } of created) {
      const { taskDefinitionKey, candidates } = data as { taskDefinitionKey: string; candidates: object };
      const group = taskDefinitionKey === 'approve-release' ? 'leads' : 'developers';
      expect(candidates).toEqual({ addUsers: [], addGroups: [group], removeUsers: [], removeGroups: [] });
    }
  }
});

test('an activity knows the task, or the instance, that it has made', () => {
  const started = recording('called-instances')
    .commands.flatMap(factsOf)
    .filter(({ type }) => type === 'activity:started')
    .map(({ data }) => data as Record<string, string>);
  const calls = started.filter(({ activityId }) => activityId === 'check-it');
  expect(calls.map(({ calledProcessInstanceId }) => typeof calledProcessInstanceId)).toEqual([
    'string',
    'string',
  ]);
  const tasks = started.filter(({ activityId }) => activityId === 'check');
  expect(tasks.map(({ taskId }) => typeof taskId)).toEqual(['string', 'string']);
});

test('called instances, and all that is in them, name their root', () => {
  const all = recording('called-instances')
    .commands.flatMap(factsOf)
    .map(({ data }) => data as Record<string, string>);
  const root = all[0]!.processInstanceId;
  expect(all.map(({ rootProcessInstanceId }) => rootProcessInstanceId)).toEqual(all.map(() => root));
  expect(new Set(all.map(({ processInstanceId }) => processInstanceId)).size).toBe(3);
});

test("an incident carries the engine's message and the activity that failed", () => {
  const incident = recording('failed-job')
    .commands.flatMap(factsOf)
    .find(({ type }) => type === 'process:error');
  expect(incident?.data).toMatchObject({
    incidentType: 'failedJob',
    activityId: 'deploy-service',
    message: expect.stringContaining('quota exceeded'),
  });
});

test('an incident whose instance is migrated goes on', () => {
  const incident = { kind: 'incident', id: 'i1', message: 'm'.repeat(5000) };
  const types = ['create', 'update', 'migrate', 'resolve'].map((event) =>
    facts({ ...incident, event }).map(({ type }) => type),
  );
  expect(types).toEqual([['process:error'], [], [], ['process:error-resolved']]);
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
  expect(facts({ kind: 'process', event: 'migrate', id: 'p1' })).toEqual([]);
  expect(facts({ kind: 'activity', event: 'migrate', id: 'a1', activityId: 'a' })).toEqual([]);
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
    ]),
  );
  expect(mapped.facts.map(({ tenantId }) => tenantId)).toEqual(['acme', 'other', undefined]);
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
