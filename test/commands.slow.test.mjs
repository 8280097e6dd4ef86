import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { tokenOf } from '../scripts/lib/token.mjs';
import { deployModel, engineRest } from '../scripts/stack/engine.mjs';
import { startStack } from '../scripts/stack/stack.mjs';
import { startEngineProxy } from './support/engine-proxy.mjs';

const modelOf = (name) =>
  readFile(new URL(`../packages/engine/test/models/${name}.bpmn`, import.meta.url), 'utf8');

let dir;
let proxy;
let stack;
let gateway;
let rest;
const sockets = [];

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'commands-'));
  proxy = await startEngineProxy();
  stack = await startStack({ dir, gatewayEnv: { CAMUNDA_URL: proxy.url } });
  proxy.target = stack.engine.url;
  gateway = stack.gateway;
  rest = engineRest(stack.engine.url, stack.account);
  for (const name of ['commands', 'approvals'])
    await deployModel(stack.engine.url, stack.account, name, await modelOf(name));
}, 240_000);

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});

afterAll(async () => {
  await gateway?.stop();
  await stack?.stop();
  await proxy?.close();
  await rm(dir, { recursive: true, force: true });
});

/** A plain client of alice's, or of somebody else of the developers, on the gateway that runs now. */
function alice(user = 'alice') {
  const token = tokenOf(stack.secrets.jwtSecret, {
    user,
    groups: ['developers'],
    domain: 'default',
  });
  const socket = io(gateway.url, { auth: { token }, transports: ['websocket'], forceNew: true });
  sockets.push(socket);
  return {
    socket,
    send: (name, ...said) => socket.timeout(60_000).emitWithAck(name, ...said),
    /** The next event of this name that is as wanted. */
    heard: (name, isWanted = () => true) =>
      new Promise((resolve) => {
        const listen = (data, meta) => {
          if (!isWanted(data)) return;
          socket.off(name, listen);
          resolve({ data, meta });
        };
        socket.on(name, listen);
      }),
  };
}

async function killed() {
  gateway.kill('SIGKILL');
  await gateway.exited;
}

const count = async (path) => (await rest('GET', path)).count;
let commands = 0;
const commandId = () => `c${++commands}`;

/** Resolves when the client watches an instance: the engine's relay may bring it later than a command's answer. */
const joined = (client, processInstanceId) =>
  expect
    .poll(() => client.send('join-process', processInstanceId), { timeout: 30_000 })
    .toMatchObject({ success: true });

/** Starts an instance as alice, who watches it. */
async function started(client, processDefinitionKey, variables = {}) {
  const ack = await client.send('process:start', { processDefinitionKey, variables });
  expect(ack).toMatchObject({ success: true });
  const { processInstanceId, executionId } = ack.result;
  await joined(client, processInstanceId);
  return { processInstanceId, executionId };
}

describe('A gateway that is killed', () => {
  test('between the engine’s answer and the append has started one instance, and a retry is told of it', async () => {
    const start = { commandId: commandId(), processDefinitionKey: 'commands-wait', businessKey: 'killed-1' };
    proxy.after(/\/start$/, killed);
    alice().socket.emit('process:start', start);
    await gateway.exited;
    gateway = await stack.openGateway();
    const ack = await alice().send('process:start', start);
    expect(ack).toMatchObject({ success: true, result: { executionId: 'killed-1' } });
    const instances = await rest('GET', '/process-instance?businessKey=killed-1');
    expect(instances.map(({ id }) => id)).toEqual([ack.result.processInstanceId]);
    // It is alice's, and not the gateway's account's.
    const client = alice();
    await joined(client, ack.result.processInstanceId);
    expect(await client.send('process:start', start)).toEqual(ack);
  }, 120_000);

  test('between the engine’s answer and the append has sent one message, and a retry sends no second one', async () => {
    const client = alice();
    const { processInstanceId } = await started(client, 'commands-wait');
    const announce = { processInstanceId, event: 'created', taskData: { id: 't1' } };
    // This engine has no Spin; of the first message it refuses the JSON, and gets its text with the next call.
    expect(await client.send('process:emit', announce)).toMatchObject({ success: true });
    const emit = { ...announce, commandId: commandId() };
    proxy.after(/\/message$/, killed);
    client.socket.emit('process:emit', emit);
    await gateway.exited;
    gateway = await stack.openGateway();
    const told = `/history/activity-instance/count?activityId=told&processInstanceId=${processInstanceId}`;
    expect(await alice().send('process:emit', emit)).toMatchObject({
      success: true,
      result: { processInstanceId },
    });
    expect(await count(told)).toBe(2);
    expect(await alice().send('process:emit', announce)).toMatchObject({ success: true });
    expect(await count(told)).toBe(3);
  }, 120_000);

  test('before the engine was asked has its command done by the next, though nobody sends it again', async () => {
    const client = alice();
    const { processInstanceId } = await started(client, 'commands-wait');
    const created = client.heard('task:created', (task) => task.processInstanceId === processInstanceId);
    await client.send('message:correlate', { messageName: 'go', processInstanceId });
    const { taskId } = (await created).data;
    expect(await client.send('task:claim', { taskId })).toMatchObject({ success: true });
    const complete = { commandId: commandId(), taskId };
    proxy.before(/\/complete$/, killed);
    client.socket.emit('task:complete', complete);
    await gateway.exited;
    gateway = await stack.openGateway();
    await expect
      .poll(() => rest('GET', `/history/task?taskId=${taskId}`), { timeout: 60_000, interval: 500 })
      .toMatchObject([{ deleteReason: 'completed', assignee: 'alice' }]);
    expect(await alice().send('task:complete', complete)).toMatchObject({ success: true });
  }, 120_000);
});

describe('The real engine', () => {
  test('takes variables of each type', async () => {
    const client = alice();
    const { processInstanceId } = await started(client, 'commands-wait', {
      text: 'ä',
      whole: 3,
      large: 5_000_000_000,
      half: 1.5,
      yes: true,
      none: null,
      date: { type: 'Date', value: '2026-07-01T12:00:00+02:00' },
      double: { type: 'Double', value: 2 },
      json: { type: 'Json', value: { a: [1] } },
    });
    const variables = await rest('GET', `/process-instance/${processInstanceId}/variables`);
    const types = Object.fromEntries(Object.entries(variables).map(([name, { type }]) => [name, type]));
    // This engine has no Spin, so JSON comes as its text.
    expect(types).toMatchObject({
      text: 'String',
      whole: 'Integer',
      large: 'Long',
      half: 'Double',
      yes: 'Boolean',
      none: 'Null',
      date: 'Date',
      double: 'Double',
      json: 'String',
    });
    expect(variables).toMatchObject({
      date: { value: '2026-07-01T10:00:00.000+0000' },
      json: { value: '{"a":[1]}' },
      netbuildCommandId: { type: 'String' },
    });
  }, 60_000);

  test('says in codes why it does not', async () => {
    const client = alice();
    const { processInstanceId } = await started(client, 'commands-wait');
    const code = async (name, input) => (await client.send(name, input)).error;
    expect(await code('process:start', { processDefinitionKey: 'nope' })).toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('No matching process definition with key: nope'),
    });
    expect(await code('message:correlate', { messageName: 'nope', processInstanceId })).toMatchObject({
      code: 'no_match',
      message: expect.stringContaining("Cannot correlate message 'nope'"),
    });
  }, 60_000);

  test('has its job tried again, and the resolution of the incident names the command', async () => {
    const client = alice();
    const ack = await client.send('process:start', { processDefinitionKey: 'broken-job' });
    const { processInstanceId } = ack.result;
    const failed = client.heard(
      'process:error',
      (incident) => incident.processInstanceId === processInstanceId,
    );
    await joined(client, processInstanceId);
    const state = await fetch(`${gateway.url}/v1/state?room=process:${processInstanceId}`, {
      headers: {
        authorization: `Bearer ${tokenOf(stack.secrets.jwtSecret, { user: 'alice', groups: [], domain: 'default' })}`,
      },
    });
    const { rows } = await state.json();
    const there = rows.find(({ subject }) => subject.startsWith('incident/'));
    const { incidentId } = there ? there.data : (await failed).data;
    await rest('PUT', `/process-instance/${processInstanceId}/variables/mended`, {
      value: true,
      type: 'Boolean',
    });
    const resolved = client.heard('process:error-resolved', (incident) => incident.incidentId === incidentId);
    const retry = { commandId: commandId(), incidentId };
    expect(await client.send('incident:retry', retry)).toMatchObject({ success: true });
    expect((await resolved).meta.commandId).toBe(retry.commandId);
    await expect
      .poll(() => rest('GET', `/history/process-instance/${processInstanceId}`), {
        timeout: 30_000,
        interval: 200,
      })
      .toMatchObject({ state: 'COMPLETED' });
    expect(await client.send('incident:retry', { incidentId })).toMatchObject({
      error: { code: 'incident_closed' },
    });
  }, 90_000);

  test('announces an event from a diagram, and shows in Cockpit what is wrong with one', async () => {
    const client = alice();
    const taskData = {
      id: 'announced',
      name: 'Review',
      assignee: 'bob',
      created: '2026-01-01T12:00:00.000+0000',
    };
    const good = await client.send('process:start', {
      processDefinitionKey: 'task-event',
      variables: { event: 'created', taskData: { type: 'Json', value: taskData } },
    });
    const { processInstanceId } = good.result;
    await expect
      .poll(() => rest('GET', `/history/process-instance/${processInstanceId}`), {
        timeout: 30_000,
        interval: 200,
      })
      .toMatchObject({ state: 'COMPLETED' });
    const token = tokenOf(stack.secrets.jwtSecret, { user: 'alice', groups: [], domain: 'default' });
    const history = await fetch(`${gateway.url}/v1/events?room=process:${processInstanceId}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { events } = await history.json();
    expect(events.filter(({ type }) => type === 'task:created')).toMatchObject([
      {
        data: {
          taskId: 'announced',
          taskName: 'Review',
          assignee: 'bob',
          created: '2026-01-01T12:00:00.000Z',
          processInstanceId,
        },
      },
    ]);
    const bad = await client.send('process:start', {
      processDefinitionKey: 'task-event',
      variables: { event: 'created', taskData: 'nonsense' },
    });
    await expect
      .poll(() => rest('GET', `/incident?processInstanceId=${bad.result.processInstanceId}`), {
        timeout: 30_000,
        interval: 200,
      })
      .toMatchObject([
        {
          incidentType: 'failedExternalTask',
          incidentMessage: expect.stringContaining('needs taskData: JSON such as'),
        },
      ]);
  }, 90_000);
});

describe('An approval in a real engine', () => {
  /** What each approval of an instance has come to, by its title's people. */
  async function approvalsOf(processInstanceId) {
    const token = tokenOf(stack.secrets.jwtSecret, {
      user: 'alice',
      groups: ['developers'],
      domain: 'default',
    });
    const answer = await fetch(`${gateway.url}/v1/events?room=process:${processInstanceId}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { events } = await answer.json();
    return events.filter(({ type }) => type.startsWith('approval:'));
  }

  test('that asks three of a multi-instance ends when two have approved; the third is not asked any more', async () => {
    await rest('POST', '/group/create', { id: 'board', name: 'Board', type: 'WORKFLOW' });
    const carol = {
      profile: { id: 'carol', firstName: 'Carol', lastName: 'C' },
      credentials: { password: 'carol-1' },
    };
    await rest('POST', '/user/create', carol);
    for (const user of ['alice', 'bob', 'carol']) await rest('PUT', `/group/board/members/${user}`);
    const client = alice();
    const { processInstanceId } = await started(client, 'approval-of-board');
    const requested = async () =>
      (await approvalsOf(processInstanceId)).filter(({ type }) => type === 'approval:requested');
    await expect.poll(async () => (await requested()).length, { timeout: 30_000 }).toBe(3);
    const asked = (await requested()).map(({ data }) => data);
    expect(asked.map(({ candidateUsers }) => candidateUsers)).toEqual([['alice'], ['bob'], ['carol']]);
    expect(new Set(asked.map(({ among }) => among)).size).toBe(1);
    expect(asked[0]).toMatchObject({
      title: 'Approve the budget',
      of: 3,
      due: new Date('2030-01-02T03:04:05').toISOString(),
    });
    const decide = (user, n, more = {}) =>
      alice(user).send('approval:decide', { approvalId: asked[n].approvalId, decision: 'approved', ...more });
    expect(await decide('bob', 0)).toMatchObject({ error: { code: 'forbidden' } });
    expect(await decide('alice', 0, { reason: 'We can pay it.' })).toMatchObject({ success: true });
    expect(await decide('bob', 1)).toMatchObject({ success: true });
    expect(await decide('carol', 2)).toMatchObject({
      error: { code: 'approval_closed', current: { state: 'cancelled' } },
    });
    const ended = async () =>
      (await approvalsOf(processInstanceId))
        .filter(({ type }) => type === 'approval:completed')
        .map(({ data }) => [data.state, data.decidedBy, data.reason]);
    await expect
      .poll(ended, { timeout: 30_000 })
      .toEqual(
        [['approved', 'alice', 'We can pay it.'], ['approved', 'bob', undefined], ['cancelled']].map(
          ([state, by, reason]) => [state, by, reason],
        ),
      );
    const [agreed] = await rest(
      'GET',
      `/history/variable-instance?processInstanceId=${processInstanceId}&variableName=agreed`,
    );
    expect(agreed.value).toBe(true);
  }, 120_000);

  test('is won by one of two that decide at once; the other is told who has decided what', async () => {
    const [one, other] = [alice(), alice('bob')];
    const pairs = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const { processInstanceId } = await started(one, 'approval-of-one');
        const find = async () => (await approvalsOf(processInstanceId))[0]?.data.approvalId;
        await expect.poll(find, { timeout: 30_000 }).toBeDefined();
        const approvalId = await find();
        const acks = await Promise.all([
          one.send('approval:decide', { approvalId, decision: 'approved' }),
          other.send('approval:decide', { approvalId, decision: 'rejected', reason: 'No.' }),
        ]);
        return { approvalId, acks, end: (await approvalsOf(processInstanceId)).at(-1) };
      }),
    );
    for (const { approvalId, acks, end } of pairs) {
      const outcome = acks[0].success
        ? { state: 'approved', decidedBy: 'alice' }
        : { state: 'rejected', decidedBy: 'bob', reason: 'No.' };
      expect(acks.filter(({ success }) => success)).toHaveLength(1);
      const { error } = acks.find(({ success }) => !success);
      expect(error).toMatchObject({ code: 'approval_closed', current: { approvalId, ...outcome } });
      expect(end).toMatchObject({ type: 'approval:completed', data: outcome });
      const [task] = await rest('GET', `/history/task?taskId=${approvalId}`);
      expect(task).toMatchObject({ assignee: outcome.decidedBy, deleteReason: 'completed' });
    }
  }, 120_000);
});

describe('A diagram', () => {
  const ask = async (path, { domain = 'default', rooms } = {}) => {
    const token = tokenOf(stack.secrets.jwtSecret, { user: 'alice', groups: [], domain, rooms });
    const answer = await fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return { status: answer.status, body: await answer.json() };
  };
  const OPERATIONS = { rooms: ['definition:*'] };

  test('is of the version that an instance runs by, also when there is a newer one', async () => {
    const model = (name) => `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="netbuild">
  <process id="drawn" name="${name}" isExecutable="true">
    <startEvent id="begin" /><sequenceFlow id="d1" sourceRef="begin" targetRef="draw" />
    <userTask id="draw" name="Draw" />
  </process>
</definitions>`;
    await deployModel(stack.engine.url, stack.account, 'drawn', model('First'));
    const { processInstanceId } = await started(alice(), 'drawn');
    await deployModel(
      stack.engine.url,
      stack.account,
      'drawn',
      model('Zweite & größere'.replace('&', '&amp;')),
    );
    const own = await ask(`/v1/diagram?room=process:${processInstanceId}`);
    expect(own).toMatchObject({
      status: 200,
      body: { processDefinitionKey: 'drawn', name: 'First', version: 1, xml: model('First') },
    });
    const newest = await ask('/v1/diagram?room=definition:drawn', OPERATIONS);
    expect(newest.body).toMatchObject({ name: 'Zweite & größere', version: 2 });
    expect(newest.body.xml).toContain('name="Zweite &amp; größere"');
    expect((await ask('/v1/diagram?room=definition:drawn')).body.error.code).toBe('forbidden');
    // In a domain that is a tenant of the engine, which has none of it.
    const other = await ask('/v1/diagram?room=definition:drawn', { ...OPERATIONS, domain: 'elsewhere' });
    expect(other.body.error.code).toBe('not_found');
  }, 60_000);

  test('is listed once for each definition that somebody may see', async () => {
    const { body } = await ask('/v1/definitions', OPERATIONS);
    const keys = body.definitions.map(({ processDefinitionKey }) => processDefinitionKey);
    expect(keys).toEqual(expect.arrayContaining(['broken-job', 'drawn', 'microservice-delivery']));
    expect(keys).toEqual([...new Set(keys)].sort());
    expect(body.definitions).toContainEqual({
      processDefinitionKey: 'drawn',
      name: 'Zweite & größere',
      version: 2,
    });
    expect((await ask('/v1/definitions', { ...OPERATIONS, domain: 'elsewhere' })).body).toEqual({
      definitions: [],
    });
    expect((await ask('/v1/definitions')).body).toEqual({ definitions: [] });
  }, 60_000);
});
