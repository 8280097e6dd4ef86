import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at } from '../scripts/lib/paths.mjs';
import { tokenOf } from '../scripts/lib/token.mjs';
import { deployModel, engineRest } from '../scripts/stack/engine.mjs';
import { startStack } from '../scripts/stack/stack.mjs';

const models = new URL('../packages/engine/test/models/', import.meta.url);
const textOf = (name) => readFile(new URL(name, models), 'utf8');

let dir;
let stack;
let rest;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'forms-'));
  stack = await startStack({
    dir,
    gatewayEnv: { FORM_VALUES: JSON.stringify({ 'fill-form': ['amount', 'tags'] }) },
  });
  rest = engineRest(stack.engine.url, stack.account);
  const forms = { 'order.form': await textOf('order.form'), 'fill.form': await textOf('fill.form') };
  await deployModel(stack.engine.url, stack.account, 'forms', await textOf('forms.bpmn'), forms);
}, 240_000);

afterAll(async () => {
  await stack?.stop();
  await rm(dir, { recursive: true, force: true });
});

const tokenFor = (user) =>
  tokenOf(stack.secrets.jwtSecret, { user, groups: ['developers'], domain: 'default' });

/** Asks the gateway as somebody. */
async function ask(user, address, body) {
  const answer = await fetch(`${stack.gateway.url}${address}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${tokenFor(user)}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, ...(await answer.json()) };
}

/** Waits until the gateway has such a row of an instance. */
const heardOf = (processInstanceId, row) =>
  expect
    .poll(async () => (await ask('alice', `/v1/state?room=process:${processInstanceId}`)).rows, {
      timeout: 15_000,
    })
    .toContainEqual(expect.objectContaining(row));

/** The open task of an instance, once the gateway has heard of it. */
async function taskOf(processInstanceId) {
  const [{ id }] = await rest('GET', `/task?processInstanceId=${processInstanceId}`);
  await heardOf(processInstanceId, { subject: `task/${id}` });
  return id;
}

const eventsOf = async (processInstanceId, type) =>
  (await ask('alice', `/v1/events?room=process:${processInstanceId}`)).events.filter(
    (one) => one.type === type,
  );

async function variablesOf(processInstanceId) {
  const all = await rest('GET', `/history/variable-instance?processInstanceId=${processInstanceId}`);
  return Object.fromEntries(all.map(({ name, type, value }) => [name, [type, value]]));
}

describe('Forms of a real engine', () => {
  test('are served, checked and submitted, one after the other: from the start to those that are none', async () => {
    const start = '/v1/processes/forms-in-a-row/form';
    const order = await ask('alice', start);
    expect(order).toMatchObject({
      form: { key: 'order-form', kind: 'form-js', version: expect.any(String) },
      schema: { id: 'order-form' },
      data: { customer: '', amount: null },
    });
    expect(await ask('alice', start, { form: order.form, data: { amount: 0.5 } })).toMatchObject({
      status: 400,
      error: {
        code: 'invalid',
        field: 'data.customer',
        faults: [
          { field: 'data.customer', message: 'Field is required.' },
          { field: 'data.amount', message: 'Field must have minimum value of 1.' },
        ],
      },
    });
    const begun = {
      commandId: 'begin-1',
      form: order.form,
      data: { customer: 'ACME', amount: 5 },
      title: 'For ACME',
    };
    const started = await ask('alice', start, begun);
    expect(started).toMatchObject({ status: 200, result: { executionId: 'begin-1' } });
    const { processInstanceId } = started.result;
    // Again is no second instance.
    expect((await ask('alice', start, begun)).result).toEqual(started.result);
    expect(await rest('GET', '/process-instance/count?processDefinitionKey=forms-in-a-row')).toEqual({
      count: 1,
    });
    expect(await eventsOf(processInstanceId, 'form:submitted')).toMatchObject([
      {
        commandId: 'begin-1',
        rooms: expect.arrayContaining([`process:${processInstanceId}`, 'execution:begin-1']),
        data: { formKey: 'order-form', formVersion: order.form.version, submittedBy: 'alice' },
      },
    ]);

    const fill = await taskOf(processInstanceId);
    const shown = await ask('alice', `/v1/tasks/${fill}/form`);
    expect(shown).toMatchObject({
      form: { key: 'fill-form' },
      data: { customer: 'ACME', amount: 5, tags: [], reason: '', day: null },
    });
    expect(Object.keys(shown.data)).toHaveLength(5);
    const { form } = shown;
    const filled = {
      commandId: 'fill-1',
      form,
      data: { amount: 150, tags: ['a'], reason: 'Large', day: '2026-12-24' },
    };
    expect((await ask('alice', `/v1/tasks/${fill}/form`, filled)).result).toMatchObject({ taskId: fill });
    expect(await variablesOf(processInstanceId)).toMatchObject({
      amount: ['Integer', 150],
      reason: ['String', 'Large'],
      day: ['String', '2026-12-24'],
      customer: ['String', 'ACME'],
    });
    const [, submitted] = await eventsOf(processInstanceId, 'form:submitted');
    expect(submitted.data).toMatchObject({
      taskId: fill,
      taskName: 'Fill in',
      executionId: 'begin-1',
      formVersion: form.version,
      variables: { amount: 150 },
      omittedVariables: ['tags'],
    });
    expect(JSON.stringify(submitted)).not.toContain('Large');
    expect(await eventsOf(processInstanceId, 'task:completed')).toMatchObject([{ commandId: 'fill-1' }]);

    const again = await taskOf(processInstanceId);
    const second = await ask('alice', `/v1/tasks/${again}/form`);
    // What was filled in before stands there, and the list too, though this engine has no JSON.
    expect(second.data).toMatchObject({ amount: 150, tags: ['a'], reason: 'Large', day: '2026-12-24' });
    expect(
      (await ask('alice', `/v1/tasks/${again}/form`, { form: second.form, data: { amount: 6 } })).status,
    ).toBe(200);

    const generated = await taskOf(processInstanceId);
    const third = await ask('alice', `/v1/tasks/${generated}/form`);
    expect(third).toMatchObject({
      form: { key: 'forms-in-a-row/generated', kind: 'generated' },
      data: { name: 'ACME', count: 7, due: null, sure: true, colour: null, fixed: 'stays' },
    });
    const wrong = { name: 'AC', count: 10, due: 'soon', sure: 'yes', colour: 'green', fixed: 'moves' };
    const refused = await ask('alice', `/v1/tasks/${generated}/form`, { form: third.form, data: wrong });
    expect(refused.error.faults.map((fault) => fault.field).sort()).toEqual(
      Object.keys(wrong)
        .map((name) => `data.${name}`)
        .sort(),
    );
    // Each at the edge of what its constraints allow, by the engine's own word as well.
    const right = { name: 'ACM', count: 9, due: '2026-12-24', sure: false, colour: 'blue' };
    expect(
      await ask('alice', `/v1/tasks/${generated}/form`, { form: third.form, data: right }),
    ).toMatchObject({ status: 200 });
    expect(await variablesOf(processInstanceId)).toMatchObject({
      name: ['String', 'ACM'],
      count: ['Long', 9],
      due: ['Date', '2026-12-24T00:00:00.000+0000'],
      sure: ['Boolean', false],
      colour: ['String', 'blue'],
      fixed: ['String', 'stays'],
    });

    const plain = await taskOf(processInstanceId);
    expect(await ask('alice', `/v1/tasks/${plain}/form`)).toMatchObject({
      status: 404,
      error: { code: 'not_found' },
    });
    await rest('POST', `/task/${plain}/complete`, {});
    const page = await taskOf(processInstanceId);
    expect(await ask('alice', `/v1/tasks/${page}/form`)).toMatchObject({
      status: 422,
      error: { code: 'form_unsupported', message: expect.stringContaining('embedded:app:forms/page.html') },
    });
  }, 60_000);
});

const page = await readFile(at('docs/forms.md'), 'utf8');

/** The commands of the page, each with the answer that stands below it. */
const examples = [...page.matchAll(/^```sh\n([\s\S]*?)^```\n\n```\n([\s\S]*?)^```$/gm)];

test('each command of the page on forms answers what stands below it', async ({ skip }) => {
  const run = promisify(execFile);
  if (!(await run('curl', ['--version']).catch(() => undefined))) skip('There is no curl here.');
  // None is left out for being written another way.
  expect(examples.length).toBe([...page.matchAll(/^```sh$/gm)].length);
  expect(examples.length).toBeGreaterThan(3);
  const { id } = await rest('POST', '/process-definition/key/microservice-delivery/start', {
    businessKey: 'delivery-1',
  });
  const [{ id: task }] = await rest('GET', `/task?processInstanceId=${id}`);
  await rest('POST', `/task/${task}/assignee`, { userId: 'alice' });
  // Who may take it sees its form already; only whose it is may submit it.
  await heardOf(id, { subject: `task/${task}`, data: expect.objectContaining({ assignee: 'alice' }) });
  const env = {
    ...process.env,
    GATEWAY: stack.gateway.url,
    TOKEN: tokenFor('alice'),
    TASK: task,
    EXECUTION: 'delivery-1',
  };
  const said = [];
  for (const [, command] of examples) said.push((await run('sh', ['-c', command], { env })).stdout.trim());
  expect(said.map((text) => text.replaceAll(task, 'TASK'))).toEqual(
    examples.map(([, , answer]) => answer.trim()),
  );
}, 60_000);
