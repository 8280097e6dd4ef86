import { describe, expect, test } from 'vitest';
import type { CommandLimits } from '../src/commands/limits.ts';
import { createPublish } from '../src/ingest/publish.ts';
import { DOMAIN, fact, openLog, row } from './support/log.ts';
import { startNode } from './support/node.ts';
import { startScriptedEngine } from './support/scripted-engine.ts';

/** A node with an engine, and in the log an instance of alice's with an open task of hers and an incident. */
async function startWorld(limits: Partial<CommandLimits> = {}) {
  const log = await openLog();
  const engine = await startScriptedEngine();
  const publish = createPublish(log);
  const report = (type: string, data: object) => publish(DOMAIN, [fact(type, data)]);
  engine.tasks.set('t1', { id: 't1', assignee: 'alice', deleteReason: null });
  engine.incidents.add('i1');
  await report('process:started', { processInstanceId: 'p1', startedBy: 'alice', businessKey: 'e1' });
  await report('task:created', {
    taskId: 't1',
    assignee: 'alice',
    candidates: { addGroups: ['developers'] },
  });
  await report('process:error', { incidentId: 'i1', processInstanceId: 'p1' });
  const node = startNode(log, engine.url, limits);
  return { log, engine, report, ...node };
}

const codeOf = (ack: { error?: { code: string } }) => ack.error?.code;

describe('message:correlate', () => {
  test('reaches the instance, with variables and keys, and answers with it', async () => {
    const { engine, send } = await startWorld();
    const ack = await send('alice', 'message:correlate', {
      commandId: 'm1',
      messageName: 'go',
      processInstanceId: 'p1',
      variables: { n: 1.5 },
    });
    expect(ack).toMatchObject({ success: true, result: { processInstanceId: 'p1' } });
    expect(engine.messages).toEqual([
      { processInstanceId: 'p1', command: `${DOMAIN}/alice/m1`, variables: { n: { value: 1.5 } } },
    ]);
  });

  test('is for whoever may enter the process, or the execution of the business key, or both where both are named', async () => {
    const { send, engine } = await startWorld();
    const message = { messageName: 'go' };
    expect(codeOf(await send('mallory', 'message:correlate', { ...message, processInstanceId: 'p1' }))).toBe(
      'forbidden',
    );
    expect(codeOf(await send('mallory', 'message:correlate', { ...message, businessKey: 'e1' }))).toBe(
      'forbidden',
    );
    const both = { ...message, processInstanceId: 'p1', businessKey: 'e2' };
    expect(codeOf(await send('alice', 'message:correlate', both))).toBe('forbidden');
    expect(codeOf(await send('alice', 'message:correlate', message))).toBe('invalid');
    expect(await send('alice', 'message:correlate', { ...message, businessKey: 'e1' })).toMatchObject({
      success: true,
    });
    expect(engine.messages).toHaveLength(1);
  });

  test('that nobody waits for fails with the engine’s words', async () => {
    const { send, engine } = await startWorld();
    const message =
      "org.camunda.bpm.engine.MismatchingMessageCorrelationException: Cannot correlate message 'go'";
    engine.next(/message/, { status: 400, body: { type: 'RestException', message } });
    const go = { commandId: 'm1', messageName: 'go', processInstanceId: 'p1' };
    const refused = { success: false, error: { code: 'no_match', message, retryable: false } };
    expect(await send('alice', 'message:correlate', go)).toMatchObject(refused);
    // The same command stays what it was.
    expect(await send('alice', 'message:correlate', go)).toMatchObject(refused);
    expect(await send('alice', 'message:correlate', { ...go, commandId: 'm2' })).toMatchObject({
      success: true,
    });
  });

  test('by two people at once reaches the instance twice', async () => {
    const { send, engine } = await startWorld();
    const go = { messageName: 'go', processInstanceId: 'p1' };
    const acks = await Promise.all([1, 2, 3].map(() => send('alice', 'message:correlate', go)));
    expect(acks.map(({ success }) => success)).toEqual([true, true, true]);
    expect(engine.messages).toHaveLength(3);
  });
});

test('process:emit correlates taskEvent with the event as a String and the data as Json', async () => {
  const { engine, send } = await startWorld();
  const taskData = { id: 't9', name: 'Ship', assignee: null };
  const emit = { processInstanceId: 'p1', event: 'created', taskData };
  expect(await send('alice', 'process:emit', emit)).toMatchObject({ success: true });
  expect(engine.messages).toMatchObject([
    {
      variables: { event: { value: 'created' }, taskData: { type: 'Json', value: JSON.stringify(taskData) } },
    },
  ]);
  expect(codeOf(await send('mallory', 'process:emit', emit))).toBe('forbidden');
});

describe('incident:retry', () => {
  test('gives what has failed another try, and its resolution names the command', async () => {
    const { engine, log, send, report } = await startWorld({ effect: 15_000 });
    const retry = send('alice', 'incident:retry', { commandId: 'c1', incidentId: 'i1' });
    await expect.poll(() => engine.incidents.size).toBe(0);
    await report('process:error-resolved', { incidentId: 'i1' });
    const ack = await retry;
    expect(ack).toMatchObject({ success: true, result: { incidentId: 'i1' } });
    expect(engine.asked).toContain('PUT /job/job-of-i1/retries');
    expect(await row(log, 'incident/i1')).toMatchObject({ type: 'process:error-resolved', commandId: 'c1' });
  });

  test('is for whoever may enter the process, and for what is not over', async () => {
    const { send, report } = await startWorld();
    expect(codeOf(await send('mallory', 'incident:retry', { incidentId: 'i1' }))).toBe('forbidden');
    expect(codeOf(await send('alice', 'incident:retry', { incidentId: 'i2' }))).toBe('forbidden');
    await report('process:error-resolved', { incidentId: 'i1' });
    expect(codeOf(await send('alice', 'incident:retry', { incidentId: 'i1' }))).toBe('incident_closed');
  });
});

describe('An engine', () => {
  test.each([
    ['does not allow it', 403, 'AuthorizationException', 'engine_forbidden', false],
    ['has given the task to somebody else', 500, 'TaskAlreadyClaimedException', 'task_taken', false],
    ['no longer has the task', 500, 'NullValueException', 'task_closed', false],
    ['has had somebody else change it', 500, 'OptimisticLockingException', 'contended', true],
    ['can not go on behind it', 500, 'ProcessEngineException', 'engine_refused', false],
  ])('that %s says so by a code, in its own words', async (_what, status, type, code, retryable) => {
    const { engine, send } = await startWorld();
    const message =
      type === 'NullValueException' ? 'Cannot find task with id t1: task is null' : 'In its own words.';
    engine.next(/complete/, { status, body: { type, message } });
    const complete = { commandId: 'c1', taskId: 't1' };
    expect(await send('alice', 'task:complete', complete)).toMatchObject({
      success: false,
      error: { code, message, retryable },
    });
    // What passes can be tried again under the same id; the rest is over.
    const again = await send('alice', 'task:complete', complete);
    expect(again).toMatchObject(retryable ? { success: true } : { success: false, error: { code, message } });
  });

  test('that has no such process says so', async () => {
    const { engine, send } = await startWorld();
    const message = 'No matching process definition with key: nope and no tenant-id';
    engine.next(/start/, { status: 404, body: { type: 'RestException', message } });
    expect(await send('alice', 'process:start', { processDefinitionKey: 'nope' })).toMatchObject({
      success: false,
      error: { code: 'not_found', message },
    });
  });

  test('that nobody knows by this name is none', async () => {
    const { send } = await startWorld();
    const start = { processDefinitionKey: 'p', engine: 'other' };
    expect(await send('alice', 'process:start', start)).toMatchObject({
      success: false,
      error: { code: 'no_engine', message: 'There is no engine other.' },
    });
  });

  test('that is not there is none, for each command', async () => {
    const { log } = await startWorld();
    const { send } = startNode(log, undefined);
    expect(codeOf(await send('alice', 'task:complete', { taskId: 't1' }))).toBe('no_engine');
    expect(codeOf(await send('alice', 'process:start', { processDefinitionKey: 'p' }))).toBe('no_engine');
  });
});

test('A command id that was used for another command is refused, even where both ask for the same', async () => {
  const { send, log } = await startWorld();
  expect(
    await send('alice', 'task:assign', { commandId: 'c1', taskId: 't1', assignee: 'bob' }),
  ).toMatchObject({ success: true });
  expect(codeOf(await send('alice', 'task:unclaim', { commandId: 'c1', taskId: 't1' }))).toBe('duplicate_id');
  const unclaim = { commandId: 'c2', taskId: 't1' };
  await send('alice', 'task:unclaim', unclaim);
  expect(codeOf(await send('alice', 'task:complete', unclaim))).toBe('duplicate_id');
  expect(await row(log, 'command/alice/c2')).toMatchObject({ data: { type: 'task:unclaim' } });
});

test('Two commands with one id that ask for different things at once: one is done, the other refused', async () => {
  const { send, engine } = await startWorld();
  const start = { commandId: 'c1', processDefinitionKey: 'p', businessKey: 'e9' };
  const acks = await Promise.all([
    send('alice', 'process:start', start),
    send('alice', 'process:start', { ...start, title: 'Another' }),
  ]);
  expect(acks.map((ack) => codeOf(ack) ?? 'done').sort()).toEqual(['done', 'duplicate_id']);
  expect(engine.instances).toHaveLength(1);
});

test('A command that found its target busy is done when it is sent again under its id', async () => {
  const { send, engine } = await startWorld();
  const answer = Promise.withResolvers<void>();
  engine.next(/assignee/, () => answer.promise);
  const first = send('alice', 'task:assign', { taskId: 't1', assignee: 'bob' });
  await expect.poll(() => engine.tasks.get('t1')!.assignee).toBe('bob');
  const retried = { commandId: 'c2', taskId: 't1', assignee: 'carol' };
  expect(await send('alice', 'task:assign', retried)).toMatchObject({
    error: { code: 'busy', retryable: true },
  });
  answer.resolve();
  expect(await first).toMatchObject({ success: true });
  expect(await send('alice', 'task:assign', retried)).toMatchObject({ success: true });
  expect(engine.tasks.get('t1')!.assignee).toBe('carol');
});
