import type { Log } from '@netbuild/realtime-log';
import { commandSubject } from '@netbuild/realtime-protocol';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { COMMAND_LIMITS } from '../src/commands/limits.ts';
import { versionOf } from '../src/forms/forms.ts';
import { createPublish } from '../src/ingest/publish.ts';
import { DOMAIN, events, fact, openLog, row } from './support/log.ts';
import { startNode } from './support/node.ts';
import { type ScriptedEngine, startScriptedEngine } from './support/scripted-engine.ts';
import { troubled } from './support/troubled.ts';

afterEach(() => void vi.useRealTimers());

/** It is later, and each lease over that was taken until now: nobody has to wait for that, nor be quick before it. */
function passLease(): void {
  vi.setSystemTime(Date.now() + COMMAND_LIMITS.leaseOnce + 1);
}

interface World {
  log: Log;
  engine: ScriptedEngine;
  /** A task that alice may do, and that nobody has. */
  report(type: string, data: object): Promise<void>;
}

/** A task `t1` of the developers, an instance `p1` and its incident `i1` that alice may see, in the log and the engine. */
async function startWorld(): Promise<World> {
  const log = await openLog();
  const engine = await startScriptedEngine();
  const publish = createPublish(log);
  const report = async (type: string, data: object) => void (await publish(DOMAIN, [fact(type, data)]));
  engine.tasks.set('t1', { id: 't1', assignee: null, deleteReason: null });
  engine.tasks.set('t2', {
    id: 't2',
    assignee: 'alice',
    deleteReason: null,
    camundaFormRef: { key: 'note' },
  });
  for (const key of ['note', 'delivery']) engine.forms.set(key, NOTE);
  engine.incidents.add('i1');
  await report('process:started', { processInstanceId: 'p1', startedBy: 'alice' });
  await report('task:created', { taskId: 't2', assignee: 'alice' });
  await report('task:created', { taskId: 't1', candidates: { addGroups: ['developers'] }, approval: {} });
  await report('process:error', { incidentId: 'i1', processInstanceId: 'p1' });
  return { log, engine, report };
}

/** A log of a node that is killed at an append: the write with this kind of step never gets there, nor any after it. */
function killedAt(log: Log, step: RegExp): Log {
  let isDead = false;
  return troubled(log, {
    append: (pass) => async (domain, groups) => {
      isDead ||= groups.some(({ key }) => step.test(key));
      if (isDead) throw new Error('killed');
      return pass(domain, groups);
    },
  });
}

const start = { commandId: 'c1', processDefinitionKey: 'delivery', businessKey: 'e1' };
const emit = { commandId: 'c1', processInstanceId: 'p1', event: 'created', taskData: { id: 't9' } };
const correlate = { commandId: 'c1', processInstanceId: 'p1', messageName: 'go' };
const NOTE = { type: 'default', components: [{ type: 'textfield', key: 'note' }] };
const named = (key: string) => ({ key, version: versionOf('form-js', key, NOTE), kind: 'form-js' });
const filledIn = { commandId: 'c1', data: { note: 'fine' } };
/** How often the engine was asked for something. */
const timesAsked = ({ asked }: ScriptedEngine, path: RegExp) =>
  asked.filter((one) => path.test(one.split(' ')[1]!)).length;
const statusOf = async (log: Log) =>
  (await row(log, commandSubject({ userId: 'alice', commandId: 'c1' })))?.data;

/** Each command, and how often the engine has done it. */
const COMMANDS: [name: string, input: object, path: RegExp, times: (engine: ScriptedEngine) => number][] = [
  [
    'task:claim',
    { commandId: 'c1', taskId: 't1' },
    /claim$/,
    ({ tasks }) => (tasks.get('t1')!.assignee === 'alice' ? 1 : 0),
  ],
  [
    'task:assign',
    { commandId: 'c1', taskId: 't1', assignee: 'bob' },
    /assignee$/,
    ({ tasks }) => (tasks.get('t1')!.assignee === 'bob' ? 1 : 0),
  ],
  [
    'form:submit',
    { ...filledIn, form: named('note'), taskId: 't2' },
    /submit-form$/,
    ({ tasks }) => (tasks.get('t2')!.variables?.note?.value === 'fine' ? 1 : 0),
  ],
  [
    'form:submit',
    { ...filledIn, form: named('delivery'), processDefinitionKey: 'delivery', businessKey: 'e1' },
    /submit-form$/,
    ({ instances }) => instances.length,
  ],
  [
    'approval:decide',
    { commandId: 'c1', approvalId: 't1', decision: 'rejected', reason: 'No.' },
    /complete$/,
    ({ tasks }) => (tasks.get('t1')!.deleteReason === 'completed' ? 1 : 0),
  ],
  ['process:start', start, /start$/, ({ instances }) => instances.length],
  ['message:correlate', correlate, /^\/message$/, ({ messages }) => messages.length],
  ['process:emit', emit, /^\/message$/, ({ messages }) => messages.length],
  [
    'incident:retry',
    { commandId: 'c1', incidentId: 'i1' },
    /retries$/,
    ({ incidents }) => (incidents.has('i1') ? 0 : 1),
  ],
];

describe.each(COMMANDS)('%s', (name, input, path, times) => {
  test('is done once by two nodes that get it at once, and both are told the same', async () => {
    const { log, engine } = await startWorld();
    const nodes = [startNode(log, engine.url), startNode(log, engine.url)];
    const [one, other] = await Promise.all(nodes.map((node) => node.send('alice', name, input)));
    expect(one).toMatchObject({ success: true });
    expect(other).toMatchObject({ success: true, result: one.result });
    expect(times(engine)).toBe(1);
    expect(timesAsked(engine, path)).toBe(1);
  });

  test('whose answer was lost is looked at, and not asked for again', async () => {
    const { log, engine } = await startWorld();
    engine.next(path, 'lost');
    const node = startNode(log, engine.url);
    const ack = await node.send('alice', name, input);
    expect(ack).toMatchObject({ success: true });
    expect(times(engine)).toBe(1);
    expect(timesAsked(engine, path)).toBe(1);
    expect(await node.send('alice', name, input)).toEqual(ack);
  });

  test('that never reached the engine is asked for again when the lease is over', async () => {
    const { log, engine } = await startWorld();
    engine.next(path, 'undone');
    const sent = startNode(log, engine.url).send('alice', name, input);
    await expect.poll(() => timesAsked(engine, path)).toBe(1);
    passLease();
    expect(await sent).toMatchObject({ success: true });
    expect(times(engine)).toBe(1);
    const takes = (await events(log)).filter(({ type, id }) => type === 'command:taken' && id.endsWith('#1'));
    expect(takes).toHaveLength(2);
  });

  test('of a node that was killed before the engine was asked is done by the next, once', async () => {
    const { log, engine } = await startWorld();
    engine.next(path, 'undone');
    const killed = startNode(killedAt(log, /taken.2$|completed$|failed$/), engine.url);
    void killed.send('alice', name, input);
    await expect.poll(() => timesAsked(engine, path)).toBe(1);
    passLease();
    expect(await startNode(log, engine.url).send('alice', name, input)).toMatchObject({ success: true });
    expect(times(engine)).toBe(1);
  });

  test('of a node that was killed between the engine’s answer and the append is completed by a retry', async () => {
    const { log, engine } = await startWorld();
    const killed = startNode(killedAt(log, /completed$/), engine.url);
    expect(await killed.send('alice', name, input)).toMatchObject({ success: false });
    expect(await statusOf(log)).toMatchObject({ status: 'taken' });
    const ack = await startNode(log, engine.url).send('alice', name, input);
    expect(ack).toMatchObject({ success: true });
    expect(times(engine)).toBe(1);
    expect(timesAsked(engine, path)).toBe(1);
    expect(await statusOf(log)).toMatchObject({ status: 'completed', result: ack.result });
  });

  test('of a node that was killed before its first append is not done, and done when it is sent again', async () => {
    const { log, engine } = await startWorld();
    const killed = startNode(killedAt(log, /accepted$/), engine.url);
    expect(await killed.send('alice', name, input)).toMatchObject({ success: false });
    expect(times(engine)).toBe(0);
    expect(await startNode(log, engine.url).send('alice', name, input)).toMatchObject({ success: true });
    expect(times(engine)).toBe(1);
  });

  test('that was left behind is found, and brought to its end by a node that nobody asks', async () => {
    const { log, engine } = await startWorld();
    await startNode(killedAt(log, /completed$/), engine.url).send('alice', name, input);
    passLease();
    startNode(log, engine.url, { sweepEvery: 20 });
    await expect.poll(() => statusOf(log)).toMatchObject({ status: 'completed' });
    expect(times(engine)).toBe(1);
  });
});

describe('A command that was left behind', () => {
  test('before the engine was asked is asked for by one node of those that find it', async () => {
    const { log, engine } = await startWorld();
    engine.next(/start$/, 'undone');
    const first = startNode(log, engine.url, { patience: 0 });
    expect(await first.send('alice', 'process:start', start)).toMatchObject({
      success: false,
      error: { code: 'in_doubt', retryable: true },
    });
    passLease();
    for (let i = 0; i < 3; i++) startNode(log, engine.url, { sweepEvery: 10 });
    await expect.poll(() => statusOf(log)).toMatchObject({ status: 'completed' });
    expect(engine.instances).toHaveLength(1);
  });

  test('for too long is not carried out any more, and says so to who sends it again', async () => {
    const { log, engine } = await startWorld();
    engine.next(/start$/, 'undone');
    await startNode(log, engine.url, { patience: 0 }).send('alice', 'process:start', start);
    passLease();
    const node = startNode(log, engine.url, { sweepEvery: 20, stale: 0 });
    await expect.poll(() => statusOf(log)).toMatchObject({ status: 'failed', code: 'abandoned' });
    expect(engine.instances).toHaveLength(0);
    expect(await node.send('alice', 'process:start', start)).toMatchObject({ success: true });
    expect(engine.instances).toHaveLength(1);
  });

  test('is told as in doubt where the engine keeps no history that could tell', async () => {
    const { log, engine } = await startWorld();
    engine.hasHistory = false;
    engine.next(/start$/, 'undone');
    const node = startNode(log, engine.url);
    const inDoubt = { success: false, error: { code: 'in_doubt' } };
    const sent = node.send('alice', 'process:start', start);
    await expect.poll(() => timesAsked(engine, /start$/)).toBe(1);
    passLease();
    expect(await sent).toMatchObject(inDoubt);
    expect(await statusOf(log)).toMatchObject({ status: 'failed', code: 'in_doubt' });
    expect(await node.send('alice', 'process:start', start)).toMatchObject(inDoubt);
    expect(engine.instances).toHaveLength(0);
  });

  test('is given up in doubt when the engine was asked three times without an answer', async () => {
    const { log, engine } = await startWorld();
    engine.next(/start$/, 'undone', 'undone', 'undone');
    const sent = startNode(log, engine.url).send('alice', 'process:start', start);
    for (const times of [1, 2, 3]) {
      await expect.poll(() => timesAsked(engine, /start$/)).toBe(times);
      passLease();
    }
    expect(await sent).toMatchObject({ success: false, error: { code: 'in_doubt' } });
    expect(timesAsked(engine, /start$/)).toBe(3);
    expect(await statusOf(log)).toMatchObject({ status: 'failed', code: 'in_doubt' });
  });

  test('is refused where the rows forbid it by now', async () => {
    const { log, engine, report } = await startWorld();
    engine.next(/claim$/, 'undone');
    const claim = { commandId: 'c1', taskId: 't1' };
    await startNode(log, engine.url, { patience: 0 }).send('alice', 'task:claim', claim);
    engine.tasks.get('t1')!.assignee = 'bob';
    await report('task:updated', { taskId: 't1', assignee: 'bob' });
    passLease();
    const again = await startNode(log, engine.url).send('alice', 'task:claim', claim);
    expect(again).toMatchObject({ success: false, error: { code: 'task_taken' } });
    expect(timesAsked(engine, /claim$/)).toBe(1);
  });

  test('is told of what has happened to its task', async () => {
    const { log, engine, report } = await startWorld();
    await report('task:updated', { taskId: 't1', assignee: 'alice' });
    engine.tasks.get('t1')!.assignee = 'alice';
    engine.next(/complete$/, 'undone');
    const complete = { commandId: 'c1', taskId: 't1' };
    await startNode(log, engine.url, { patience: 0 }).send('alice', 'task:complete', complete);
    engine.tasks.get('t1')!.deleteReason = 'deleted';
    expect(await startNode(log, engine.url).send('alice', 'task:complete', complete)).toMatchObject({
      success: false,
      error: { code: 'task_closed' },
    });
  });
});

describe('A node', () => {
  test('that was held up until its lease is nearly over asks no more', async () => {
    const { log, engine } = await startWorld();
    const node = startNode(log, engine.url, { leaseOnce: 900 });
    const ack = await node.send('alice', 'process:start', start);
    expect(ack).toMatchObject({ success: false, error: { code: 'abandoned', retryable: true } });
    expect(engine.asked).toEqual([]);
  });

  test('whose completion can not be written does not take the command for failed', async () => {
    const { log, engine } = await startWorld();
    let appends = 0;
    const busy = troubled(log, {
      append: (pass) => (domain, groups) => {
        if (++appends === 2) throw new Error('no space left');
        return pass(domain, groups);
      },
    });
    const node = startNode(busy, engine.url);
    expect(await node.send('alice', 'process:start', start)).toMatchObject({ success: false });
    expect(await node.send('alice', 'process:start', start)).toMatchObject({ success: true });
    expect(engine.instances).toHaveLength(1);
  });

  test('on a log that may lose what it has acknowledged looks before it starts anything', async () => {
    const { log, engine } = await startWorld();
    const losing = troubled(log, {
      append: (pass) => async (domain, groups) => ({ ...(await pass(domain, groups)), settle: 1000 }),
    });
    const node = startNode(losing, engine.url);
    const first = await node.send('alice', 'process:start', start);
    // The same command, on a log that knows nothing of it.
    const other = await openLog();
    const forgotten = troubled(other, {
      append: (pass) => async (domain, groups) => ({ ...(await pass(domain, groups)), settle: 1000 }),
    });
    const again = await startNode(forgotten, engine.url).send('alice', 'process:start', start);
    expect(again).toMatchObject({ success: true, result: first.result });
    expect(engine.instances).toHaveLength(1);
  });
});

test('A retry that comes while another node is at it waits for its end', async () => {
  const { log, engine } = await startWorld();
  const answer = Promise.withResolvers<void>();
  engine.next(/start$/, () => answer.promise);
  engine.hasHistory = false;
  const [one, other] = [startNode(log, engine.url), startNode(log, engine.url)];
  const first = one.send('alice', 'process:start', start);
  await expect.poll(() => engine.instances.length).toBe(1);
  // It can not be seen yet: the engine is in the middle of it.
  const instances = engine.instances.splice(0);
  const second = other.send('alice', 'process:start', start);
  await expect
    .poll(() => engine.asked.filter((asked) => asked.includes('process-instance')).length)
    .toBeGreaterThan(2);
  engine.instances.push(...instances);
  answer.resolve();
  expect((await second).result).toEqual((await first).result);
});
