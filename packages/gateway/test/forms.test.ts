import { createEngineClient } from '@netbuild/realtime-engine';
import type { FormSubmissionData } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';
import { checkFilledIn } from '../src/forms/filled-in.ts';
import { versionOf } from '../src/forms/forms.ts';
import { readForm } from '../src/forms/schema.ts';
import { createPublish } from '../src/ingest/publish.ts';
import { startBench } from './support/gateway.ts';
import { DOMAIN, events, fact, openLog } from './support/log.ts';
import { startNode } from './support/node.ts';
import { startScriptedEngine } from './support/scripted-engine.ts';
import { troubled } from './support/troubled.ts';

const SCHEMA = {
  type: 'default',
  components: [
    { type: 'text', text: 'Have a look.' },
    {
      type: 'select',
      key: 'verdict',
      values: [{ label: 'Good', value: 'good' }, 'bad'],
      validate: { required: true },
    },
    { type: 'textfield', key: 'why', conditional: { hide: '=verdict = "good"' }, validate: { minLength: 3 } },
    { type: 'taglist', key: 'tags', valuesKey: 'allTags' },
    { type: 'textfield', key: 'order', readonly: true },
    { type: 'number', key: 'amount', disabled: true },
  ],
};

const KEY = 'fill-form';
const form = { key: KEY, version: versionOf('form-js', KEY, SCHEMA), kind: 'form-js' };
const known = { order: 'o-1', amount: 12, allTags: ['x', 'y'] };
const good = { verdict: 'good', tags: ['x'] };

/** What is at fault, or what is submitted. */
function outcome(schema: object, data: object, variables: object = {}) {
  try {
    return checkFilledIn(readForm(schema), variables as never, data as never);
  } catch (error) {
    const { code, field, faults } = error as { code: string; field?: string; faults?: unknown };
    return { code, field, ...(faults ? { faults } : {}) };
  }
}

const field = (more: object) => ({ components: [{ type: 'textfield', key: 'a', ...more }] });

describe('What was filled in', () => {
  test('is submitted with what stands in the other fields that are shown', () => {
    expect(outcome(SCHEMA, good, known)).toEqual({ ...good, order: 'o-1' });
    expect(outcome(SCHEMA, { verdict: 'bad', why: 'late', order: 'o-1' }, known)).toEqual({
      verdict: 'bad',
      why: 'late',
      tags: [],
      order: 'o-1',
    });
  });

  test('is refused with all that is at fault, each by its field', () => {
    expect(
      outcome(SCHEMA, { verdict: 'so-so', why: 'x', tags: ['z'], order: 'o-2', amount: 1, other: 1 }, known),
    ).toEqual({
      code: 'invalid',
      field: 'data.verdict',
      faults: [
        { field: 'data.verdict', message: 'This is not among the options.' },
        { field: 'data.tags', message: 'Not all of these are among the options.' },
        { field: 'data.other', message: 'The form has no such field.' },
        { field: 'data.why', message: 'Field must have minimum length of 3.' },
        { field: 'data.order', message: 'This can not be changed.' },
        { field: 'data.amount', message: 'This can not be filled in.' },
      ],
    });
    expect(outcome(SCHEMA, { verdict: 'good', why: 'secret' }, known)).toMatchObject({
      faults: [{ field: 'data.why', message: 'This can not be filled in.' }],
    });
  });

  test('can not hold up the gateway by a pattern that takes for ever', () => {
    const slow = { components: [{ type: 'textfield', key: 'a', validate: { pattern: '^(a+)+$' } }] };
    expect(outcome(slow, { a: `${'a'.repeat(60)}!` })).toMatchObject({ code: 'form_unsupported' });
    expect(outcome(slow, { a: 'aaa' })).toEqual({ a: 'aaa' });
  });

  test('can not hold up the gateway by an expression that takes for ever', () => {
    const hide = '=count(for i in 1..100000000 return i) > b';
    const slow = { components: [{ type: 'textfield', key: 'a', conditional: { hide } }] };
    expect(outcome(slow, { a: 'x' })).toMatchObject({ code: 'form_unsupported' });
  });

  test.each(['1e-30000000', '1e30000000', '0x10', 'Infinity', ' '])(
    'is no number to reckon with as %s',
    (said) => {
      for (const steps of [{ decimalDigits: 2 }, { increment: '0.01' }]) {
        const exact = { components: [{ type: 'number', key: 'a', serializeToString: true, ...steps }] };
        expect(outcome(exact, { a: said })).toMatchObject({ code: 'invalid', field: 'data.a' });
      }
    },
  );

  test('is looked at by rules that are none, or come to none, as far as there is something to look by', () => {
    const number = (more: object) => ({ components: [{ type: 'number', key: 'a', ...more }] });
    expect(outcome(number({ validate: null }), { a: 1 })).toEqual({ a: 1 });
    for (const increment of ['0', '-0']) expect(outcome(number({ increment }), { a: 1 })).toEqual({ a: 1 });
    expect(outcome(number({ decimalDigits: 1, defaultValue: 'x' }), {})).toMatchObject({ code: 'invalid' });
    const validate = { minLength: '=function(x) x', maxLength: '=[{toString: 1}]' };
    expect(outcome(field({ validate }), { a: 'x' })).toEqual({ a: 'x' });
  });
});

test.each<[string, object, string | undefined]>([
  [
    'a list of its own',
    { components: [{ type: 'dynamiclist', path: 'rows', components: [] }] },
    'dynamiclist',
  ],
  ['files', field({ type: 'filepicker' }), 'a'],
  ['a value that is computed', field({ type: 'expression' }), 'a'],
  ['a component that nobody knows', field({ type: 'signature' }), 'a'],
  ['a name of every object', field({ type: 'constructor' }), 'a'],
  ['a rule that nobody knows', field({ validate: { unique: true } }), 'a'],
  ['a rule of another kind of field', field({ validate: { min: 1 } }), 'a'],
  ['a pattern that is none', field({ validate: { pattern: '(' } }), 'a'],
  ['an expression where form-js has none', field({ validate: { required: '=b' } }), 'a'],
  ['a key that is a path', field({ key: 'a.b' }), 'a.b'],
  ['a key that is no name', field({ key: '__proto__' }), '__proto__'],
  ['no key', { components: [{ type: 'textfield', id: 'F1' }] }, 'F1'],
  ['a key twice', { components: [...field({}).components, ...field({}).components] }, 'a'],
  ['options by an expression', field({ type: 'select', valuesExpression: '=b' }), 'a'],
  ['options that are missing', field({ type: 'select' }), 'a'],
  ['a step that is no number', field({ type: 'number', increment: 'x' }), 'a'],
  ['a step that is a number to JavaScript alone', field({ type: 'number', increment: '0x1' }), 'a'],
  ['a step that is no number at all', field({ type: 'number', increment: true }), 'a'],
  ['a default that has no text', field({ defaultValue: { toString: 1 } }), 'a'],
  ['a type that has no text', field({ type: { toString: 1 } }), 'a'],
  ['a kind of date that nobody knows', field({ type: 'datetime', subtype: 'year' }), 'a'],
  [
    'a group that repeats',
    { components: [{ type: 'group', id: 'g', isRepeating: true, components: [] }] },
    'g',
  ],
  ['a group at a path', { components: [{ type: 'group', id: 'g', path: 'p', components: [] }] }, 'g'],
  ['no components', { type: 'default' }, undefined],
  ['something that is no component', { components: [null] }, undefined],
])('a form with %s is refused, and its part is named', (_what, schema, name) => {
  expect(outcome(schema, {})).toEqual({ code: 'form_unsupported', field: name });
});

/** A node with an engine, where alice has a task with a form. */
async function startWorld() {
  const log = await openLog();
  const engine = await startScriptedEngine();
  const publish = createPublish(log);
  engine.forms.set(KEY, SCHEMA);
  engine.formVariables = {
    order: { type: 'String', value: 'o-1' },
    amount: { type: 'Integer', value: 12 },
    allTags: { type: 'Json', value: '["x","y"]' },
    secret: { type: 'String', value: 'nobody asked for it' },
  };
  engine.tasks.set('t1', { id: 't1', assignee: 'alice', deleteReason: null, camundaFormRef: { key: KEY } });
  await publish(DOMAIN, [
    fact('process:started', { processInstanceId: 'p1', businessKey: 'e1', startedBy: 'alice' }),
    fact('task:created', {
      taskId: 't1',
      taskName: 'Check',
      processInstanceId: 'p1',
      assignee: 'alice',
      candidates: { addGroups: ['developers'] },
    }),
  ]);
  const submissions = async () => (await events(log)).filter(({ type }) => type === 'form:submitted');
  return { log, engine, publish, submissions, start: (on = log) => startNode(on, engine.url) };
}

const submit = { commandId: 'c1', taskId: 't1', form, data: good };

describe('form:submit', () => {
  test('completes the task with what was filled in, and tells who has submitted what, and the values that may be told', async () => {
    const { engine, submissions, start, log } = await startWorld();
    const node = start();
    const ack = await node.send('alice', 'form:submit', submit);
    expect(ack).toMatchObject({ success: true, result: { taskId: 't1' } });
    expect(engine.tasks.get('t1')!.variables).toEqual({
      verdict: { value: 'good' },
      tags: { type: 'Json', value: '["x"]' },
      order: { value: 'o-1' },
    });
    expect(await submissions()).toMatchObject([
      {
        commandId: 'c1',
        rooms: ['process:p1', 'execution:e1'],
        data: {
          formKey: KEY,
          formVersion: form.version,
          formKind: 'form-js',
          submittedBy: 'alice',
          taskId: 't1',
          taskName: 'Check',
          processInstanceId: 'p1',
          executionId: 'e1',
          // Of the fields that FORM_VALUES names; what is a list is told by its name alone.
          variables: { verdict: 'good' },
          omittedVariables: ['tags'],
        },
      },
    ]);
    const [{ data }] = (await submissions()) as unknown as [{ data: FormSubmissionData }];
    expect(ack).toMatchObject({ result: { submissionId: data.submissionId } });
    expect(JSON.stringify(data)).not.toContain('o-1');
    // In nobody's id or room is the name of who has submitted it.
    expect(data.submissionId).not.toContain('alice');
    // Its end is the last event: who reads up to the acknowledgement has both.
    expect(ack).toMatchObject({
      seq: (await events(log)).findLast(({ type }) => type === 'command:completed')!.seq,
    });
    // The same again is the same.
    expect(await node.send('alice', 'form:submit', submit)).toMatchObject({
      success: true,
      result: { taskId: 't1' },
    });
    expect(await submissions()).toHaveLength(1);
  });

  test('that is at fault costs nothing: the same command can be sent right', async () => {
    const { engine, submissions, start } = await startWorld();
    const node = start();
    expect(await node.send('alice', 'form:submit', { ...submit, data: {} })).toMatchObject({
      success: false,
      error: {
        code: 'invalid',
        retryable: false,
        field: 'data.verdict',
        faults: [{ field: 'data.verdict', message: 'Field is required.' }],
      },
    });
    expect(engine.asked.some((asked) => asked.startsWith('POST'))).toBe(false);
    expect(await node.send('alice', 'form:submit', submit)).toMatchObject({ success: true });
    expect(await submissions()).toHaveLength(1);
  });

  test('is refused where the engine has no model to read the form from', async () => {
    const { engine, start } = await startWorld();
    const noForm = { id: 't1', assignee: 'alice', deleteReason: null, processDefinitionId: 'p:1:1' };
    engine.tasks.set('t1', noForm);
    expect(await start().send('alice', 'form:submit', submit)).toMatchObject({
      success: false,
      error: { code: 'engine_refused' },
    });
  });

  test('goes on where the engine says a date that is none', async () => {
    const { engine, start } = await startWorld();
    engine.formVariables.order = { type: 'Date', value: 'soon' };
    expect(await start().send('alice', 'form:submit', submit)).toMatchObject({ success: true });
    expect(engine.tasks.get('t1')!.variables).toMatchObject({ order: { value: '' } });
  });

  test('of a form that has changed meanwhile, or is gone, is refused', async () => {
    const { engine, start } = await startWorld();
    engine.forms.set(KEY, { ...SCHEMA, components: SCHEMA.components.slice(0, 2) });
    const node = start();
    expect(await node.send('alice', 'form:submit', submit)).toMatchObject({
      error: { code: 'form_changed' },
    });
    delete engine.tasks.get('t1')!.camundaFormRef;
    expect(await node.send('alice', 'form:submit', submit)).toMatchObject({ error: { code: 'not_found' } });
  });

  test('is for who has the task', async () => {
    const { start, engine } = await startWorld();
    const node = start();
    expect(await node.send('bob', 'form:submit', submit)).toMatchObject({ error: { code: 'not_assignee' } });
    const unseen = { ...submit, taskId: 't9' };
    expect(await node.send('bob', 'form:submit', unseen)).toMatchObject({ error: { code: 'forbidden' } });
    expect(engine.asked).toEqual([]);
  });

  test('by two at once is one submission: the other hears that the task is taken or over, and nothing of theirs is told', async () => {
    const { engine, start, submissions } = await startWorld();
    const nodes = [start(), start()];
    const acks = await Promise.all(
      nodes.map((node, i) =>
        node.send('alice', 'form:submit', {
          ...submit,
          commandId: `c${i}`,
          data: { ...good, tags: i ? ['y'] : [] },
        }),
      ),
    );
    const [won, lost] = acks[0]!.success ? acks : acks.toReversed();
    expect(won).toMatchObject({ success: true });
    expect(['busy', 'task_closed', 'not_found']).toContain((lost as { error: { code: string } }).error.code);
    expect(await submissions()).toMatchObject([{ commandId: won!.commandId }]);
    expect(engine.asked.filter((asked) => asked.endsWith('/submit-form'))).toHaveLength(1);
  });

  test('of a node that is killed before it can say so is told by the next, once', async () => {
    const { log, engine, start, submissions } = await startWorld();
    let isDead = false;
    const dying = troubled(log, {
      append: (pass) => async (domain, groups) => {
        isDead ||= groups.some(({ key }) => /told$|completed$/.test(key));
        if (isDead) throw new Error('killed');
        return pass(domain, groups);
      },
    });
    expect(await start(dying).send('alice', 'form:submit', submit)).toMatchObject({ success: false });
    expect(engine.tasks.get('t1')!.deleteReason).toBe('completed');
    expect(await submissions()).toEqual([]);
    const [one, other] = await Promise.all(
      [start(), start()].map((node) => node.send('alice', 'form:submit', submit)),
    );
    expect(one).toMatchObject({ success: true });
    expect(other).toMatchObject({ success: true });
    expect(await submissions()).toMatchObject([{ commandId: 'c1', data: { submittedBy: 'alice' } }]);
    expect(engine.asked.filter((asked) => asked.endsWith('/submit-form'))).toHaveLength(1);
  });

  test('starts a process by its form', async () => {
    const { engine, start, submissions, publish } = await startWorld();
    const begin = { commandId: 'c2', processDefinitionKey: KEY, form, data: good, businessKey: 'e2' };
    const ack = await start().send('bob', 'form:submit', begin);
    const [instance] = engine.instances;
    expect(ack).toMatchObject({
      success: true,
      result: { processInstanceId: instance!.id, executionId: 'e2' },
    });
    expect(instance).toMatchObject({ businessKey: 'e2', variables: { verdict: { value: 'good' } } });
    expect(await submissions()).toMatchObject([
      {
        commandId: 'c2',
        data: { processInstanceId: instance!.id, processDefinitionKey: KEY, executionId: 'e2' },
      },
    ]);
    // An execution that is somebody else's is not opened by a form either.
    await publish(DOMAIN, [
      fact('execution:created', { executionId: 'e9', title: 'T', participants: ['carol'] }),
    ]);
    const into = { ...begin, commandId: 'c3', businessKey: 'e9' };
    expect(await start().send('bob', 'form:submit', into)).toMatchObject({ error: { code: 'forbidden' } });
  });
});

test('the routes show a form with what the process knows to who has the task, and without it to a candidate', async () => {
  const { log, engine } = await startWorld();
  const bench = await startBench(
    { DEFAULT_DOMAIN: DOMAIN },
    { log, engine: createEngineClient({ url: engine.url }), commandLimits: { effect: 50 } },
  );
  const ask = async (user: string, path: string, groups: string[] = [], body?: object) => {
    const answer = await fetch(bench.url + path, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${await bench.token(user, groups, DOMAIN)}`,
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, ...((await answer.json()) as object) };
  };
  const path = '/v1/tasks/t1/form';
  expect(await ask('alice', path)).toEqual({
    status: 200,
    form,
    schema: SCHEMA,
    data: { allTags: ['x', 'y'], verdict: null, why: '', tags: [], order: 'o-1', amount: 12 },
  });
  expect(await ask('bob', path, ['developers'])).toMatchObject({ form, data: { order: '', amount: null } });
  // Who may not do it hears the same of one that is not there.
  const refused = await ask('mallory', path);
  expect(refused).toMatchObject({ status: 403, error: { code: 'forbidden' } });
  expect(await ask('mallory', '/v1/tasks/t9/form')).toEqual(refused);
  expect(await ask('alice', `/v1/processes/${KEY}/form?engine=other`)).toMatchObject({
    error: { code: 'no_engine' },
  });
  expect(await ask('alice', `/v1/processes/${KEY}/form`)).toMatchObject({ status: 200, form });
  engine.next(/deployed-form/, { status: 503, body: {} });
  expect(await ask('alice', path)).toMatchObject({ status: 503, error: { code: 'engine_unreachable' } });
  // A form that is named and not there is a fault, and no task without a form.
  engine.next(/deployed-form/, { status: 404, body: { type: 'NotFoundException', message: 'no such form' } });
  expect(await ask('alice', path)).toMatchObject({
    status: 422,
    error: { code: 'engine_refused', message: 'no such form' },
  });
  engine.next(/deployed-form/, 'undone');
  expect(await ask('alice', path)).toMatchObject({ status: 503, error: { code: 'engine_unreachable' } });

  expect(await ask('alice', path, [], { form, data: { verdict: 'no' } })).toMatchObject({
    status: 400,
    error: { code: 'invalid', faults: [{ field: 'data.verdict' }] },
  });
  const filledIn = { commandId: 'c1', form, data: good };
  expect(await ask('alice', path, [], filledIn)).toMatchObject({
    status: 200,
    commandId: 'c1',
    result: { taskId: 't1' },
  });
  const again = { ...filledIn, commandId: 'c2' };
  expect(await ask('alice', path, [], again)).toMatchObject({
    error: { code: expect.stringMatching(/task_closed/) },
  });
});
