import type { Log } from '@netbuild/realtime-log';
import { describe, expect, test } from 'vitest';
import { createPublish } from '../src/ingest/publish.ts';
import { ask, get, heard, post, startBench } from './support/gateway.ts';
import { DOMAIN, events, fact, openLog, row } from './support/log.ts';
import { useLogs } from './support/logs.ts';
import { startNode } from './support/node.ts';
import { type ScriptedEngine, startScriptedEngine } from './support/scripted-engine.ts';

const LOGS = useLogs();

const PAIRS = 20;

/** Reports a user task of an engine that its model makes an approval of. */
async function askByTask(log: Log, engine: ScriptedEngine, taskId: string, more: object = {}) {
  engine.tasks.set(taskId, { id: taskId, assignee: null, deleteReason: null });
  await createPublish(log)(DOMAIN, [
    fact('task:created', {
      taskId,
      taskName: 'Approve',
      processInstanceId: 'p1',
      candidates: { addUsers: ['carol'], addGroups: ['developers'] },
      approval: {},
      ...more,
    }),
  ]);
}

/** A log with an engine, and so many nodes on both. */
async function startWorld(nodes = 1, limits: object = {}) {
  const [log, engine] = [await openLog(), await startScriptedEngine()];
  const all = Array.from({ length: nodes }, () => startNode(log, engine.url, limits));
  return { log, engine, nodes: all, send: all[0]!.send };
}

const approve = (approvalId: string, more: object = {}) => ({ approvalId, decision: 'approved', ...more });

describe('approval:decide of a task', () => {
  test('claims it, completes it with the variables of the model, and says who has decided what and why', async () => {
    const { log, engine, send } = await startWorld();
    const approval = { variable: 'released', reasonVariable: 'why' };
    await askByTask(log, engine, 't1', { approval });
    const ack = await send('alice', 'approval:decide', {
      approvalId: 't1',
      decision: 'rejected',
      reason: ' Too soon. ',
    });
    expect(ack).toMatchObject({ success: true, result: { approvalId: 't1' } });
    expect(engine.asked).toEqual(['POST /task/t1/claim', 'POST /task/t1/complete']);
    expect(engine.completions.get('t1')).toEqual({
      released: { value: false },
      why: { value: 'Too soon.' },
    });
    const decided = await row(log, 'approval/t1');
    expect(decided).toMatchObject({
      type: 'approval:completed',
      commandId: ack.commandId,
      data: { state: 'rejected', decidedBy: 'alice', reason: 'Too soon.' },
    });
    expect(ack.seq).toBeGreaterThanOrEqual(decided!.seq);
  });

  test('is for whom it is asked of: a candidate, or who has it; not for who has started it all', async () => {
    const { log, engine, send } = await startWorld();
    const publish = createPublish(log);
    await publish(DOMAIN, [fact('process:started', { processInstanceId: 'p1', startedBy: 'starter' })]);
    const only = { candidates: { addUsers: ['carol', 'dave'] } };
    await askByTask(log, engine, 't1', only);
    const codeOf = async (userId: string, input: object = approve('t1')) =>
      (await send(userId, 'approval:decide', input)).error?.code;
    expect(await codeOf('starter')).toBe('forbidden');
    expect(await codeOf('starter', approve('nowhere'))).toBe('forbidden');
    expect(await codeOf('carol', { approvalId: 't1', decision: 'perhaps' })).toBe('invalid');
    await publish(DOMAIN, [fact('task:updated', { taskId: 't1', assignee: 'dave' })]);
    expect(await codeOf('carol')).toBe('task_taken');
    engine.tasks.get('t1')!.assignee = 'dave';
    expect(await codeOf('dave')).toBeUndefined();
    expect(engine.asked).toEqual(['POST /task/t1/complete']);
  });

  test('needs a reason for a rejection where the model says so', async () => {
    const { log, engine, send } = await startWorld();
    await askByTask(log, engine, 't1', { approval: { reasonRequired: true } });
    const reject = { approvalId: 't1', decision: 'rejected' };
    expect(await send('alice', 'approval:decide', reject)).toMatchObject({
      success: false,
      error: { code: 'invalid', field: 'reason' },
    });
    for (const reason of [' ', 'x'.repeat(2001)])
      expect(await send('alice', 'approval:decide', { ...reject, reason })).toMatchObject({
        error: { code: 'invalid', field: 'reason' },
      });
    expect(engine.asked).toEqual([]);
    expect(await send('alice', 'approval:decide', approve('t1'))).toMatchObject({ success: true });
  });

  test(`of ${PAIRS} pairs at the same instant, on two nodes, one wins, and the other is told who has decided what`, async () => {
    const { log, engine, nodes } = await startWorld(2);
    const names = Array.from({ length: PAIRS }, (_, n) => `t${n}`);
    for (const taskId of names) await askByTask(log, engine, taskId);
    const pairs = await Promise.all(
      names.map((approvalId, n) =>
        Promise.all([
          nodes[n % 2]!.send('alice', 'approval:decide', approve(approvalId)),
          nodes[n % 3 && 1]!.send('bob', 'approval:decide', {
            approvalId,
            decision: 'rejected',
            reason: 'No.',
          }),
        ]),
      ),
    );
    for (const [n, [alice, bob]] of pairs.entries()) {
      const { data } = (await row(log, `approval/t${n}`))!;
      const [winner, loser] = alice.success ? [alice, bob] : [bob, alice];
      expect(winner).toMatchObject({ success: true });
      const outcome = alice.success
        ? { state: 'approved', decidedBy: 'alice' }
        : { state: 'rejected', decidedBy: 'bob', reason: 'No.' };
      expect(data).toMatchObject(outcome);
      expect(loser).toMatchObject({
        success: false,
        error: { code: 'approval_closed', retryable: false, current: { approvalId: `t${n}`, ...outcome } },
      });
    }
    const completions = engine.asked.filter((asked) => asked.endsWith('/complete'));
    expect(completions.sort()).toEqual(names.map((name) => `POST /task/${name}/complete`).sort());
  });

  test('waits for another decision that has claimed the task already, and not for who only has claimed it', async () => {
    const { log, engine, nodes } = await startWorld(2);
    await askByTask(log, engine, 't1');
    const publish = createPublish(log);
    const claimed = Promise.withResolvers<void>();
    const told = Promise.withResolvers<void>();
    engine.next(/complete/, async () => {
      await publish(DOMAIN, [fact('task:assigned', { taskId: 't1', assignee: 'alice' })]);
      claimed.resolve();
      await told.promise;
    });
    const winner = nodes[0]!.send('alice', 'approval:decide', approve('t1'));
    await claimed.promise;
    const loser = nodes[1]!.send('bob', 'approval:decide', approve('t1'));
    told.resolve();
    expect(await winner).toMatchObject({ success: true });
    expect(await loser).toMatchObject({
      error: { code: 'approval_closed', current: { state: 'approved', decidedBy: 'alice' } },
    });
    await askByTask(log, engine, 't2', { assignee: 'alice' });
    expect(await nodes[1]!.send('bob', 'approval:decide', approve('t2'))).toMatchObject({
      error: { code: 'task_taken' },
    });
  });

  test('that was completed elsewhere meanwhile says so, also before the engine has told it', async () => {
    const { log, engine, send } = await startWorld(1, { effect: 15_000 });
    await askByTask(log, engine, 't1', { assignee: 'alice' });
    // Somebody completes it in the engine's own task list, and its relay is late.
    Object.assign(engine.tasks.get('t1')!, { assignee: 'bob', deleteReason: 'completed' });
    const refused = send('alice', 'approval:decide', approve('t1'));
    await expect.poll(() => engine.asked).toContain('POST /task/t1/complete');
    await createPublish(log)(DOMAIN, [fact('task:completed', { taskId: 't1', assignee: 'bob', by: 'bob' })]);
    expect(await refused).toMatchObject({
      error: { code: 'approval_closed', current: { state: 'decided', decidedBy: 'bob' } },
    });
  });

  test('whose answer is lost is decided once, and the retry is told the same', async () => {
    const { log, engine, nodes } = await startWorld(2);
    await askByTask(log, engine, 't1');
    engine.next(/complete/, 'lost');
    const decide = approve('t1', { commandId: 'c1', reason: 'Fine.' });
    const first = await nodes[0]!.send('alice', 'approval:decide', decide);
    const again = await nodes[1]!.send('alice', 'approval:decide', decide);
    expect(first).toMatchObject({ success: true });
    expect(again).toMatchObject({ success: true, seq: expect.any(Number), result: first.result });
    expect(engine.asked.filter((asked) => asked.endsWith('complete'))).toHaveLength(1);
    expect((await row(log, 'approval/t1'))?.data).toMatchObject({
      state: 'approved',
      decidedBy: 'alice',
      reason: 'Fine.',
    });
    const told = (await events(log)).filter(({ type }) => type === 'approval:completed');
    expect(told).toHaveLength(1);
  });
});

test('An approval is told beside its task, in the same append, and its decision names the command', async () => {
  const bench = await startBench();
  const alice = await bench.plain('alice', { groups: ['developers', 'leads'] });
  const done = await ask(alice, 'process:start', { processDefinitionKey: 'sample', title: 'A release' });
  const requested = heard(alice, 'approval:requested');
  const { executionId } = done.result;
  const { rows } = await get(bench, `/v1/state?room=execution:${executionId}`, 'alice');
  const { taskId } = rows.find(({ subject }: { subject: string }) => subject.startsWith('task/')).data;
  await ask(alice, 'task:claim', { taskId });
  await ask(alice, 'task:complete', { taskId });
  const [approval] = (await requested) as [{ approvalId: string; title: string; candidateGroups: string[] }];
  expect(approval).toMatchObject({ title: 'Approve the release', candidateGroups: ['leads'], executionId });
  const completed = heard(alice, 'approval:completed');
  const { approvalId } = approval;
  await ask(alice, 'approval:decide', { approvalId, decision: 'approved', commandId: 'yes' });
  const [data, meta] = (await completed) as [object, { commandId: string; seq: number; id: string }];
  expect(data).toMatchObject({ state: 'approved', decidedBy: 'alice' });
  expect(meta.commandId).toBe('yes');
  const [task] = await bench.log.rows('default', [`task/${approvalId}`]);
  expect(JSON.parse(task!.body)).toMatchObject({ type: 'task:completed', id: meta.id.replace(/\d+$/, '1') });
});

describe.each(LOGS)('An approval from outside, on %s', (_name, open) => {
  test(`is asked by a CloudEvent; of ${PAIRS} pairs that decide at once one wins, and the other is told the state`, async () => {
    const bench = await startBench({}, { log: await open() });
    const [alice, bob] = [await bench.plain('alice'), await bench.plain('bob', { groups: ['leads'] })];
    const asked = {
      title: 'Discount of 30 %',
      candidateUsers: ['alice'],
      candidateGroups: ['leads'],
      requestedBy: 'mallory',
      executionId: 'e1',
      due: '2027-01-01T12:00:00Z',
    };
    for (let n = 0; n < PAIRS; n++)
      await post(bench, {
        id: `ask-${n}`,
        type: 'approval:requested',
        data: { ...asked, approvalId: `a${n}` },
      });
    const mallory = await bench.plain('mallory');
    expect(await ask(mallory, 'approval:decide', approve('a0'))).toMatchObject({
      error: { code: 'forbidden' },
    });
    for (let n = 0; n < PAIRS; n++) {
      const approvalId = `a${n}`;
      const yes = approve(approvalId, { commandId: `yes-${n}` });
      const [one, other] = await Promise.all([
        ask(alice, 'approval:decide', yes),
        ask(bob, 'approval:decide', { approvalId, decision: 'rejected', reason: 'Too much.' }),
      ]);
      expect([one.success, other.success].sort()).toEqual([false, true]);
      const outcome = one.success
        ? { state: 'approved', decidedBy: 'alice' }
        : { state: 'rejected', decidedBy: 'bob', reason: 'Too much.' };
      expect((one.success ? other : one).error).toMatchObject({
        code: 'approval_closed',
        current: { approvalId, ...outcome },
      });
      const [stored] = await bench.log.rows('default', [`approval/${approvalId}`]);
      expect(JSON.parse(stored!.body).data).toMatchObject(outcome);
      // Who was not answered sends again.
      expect((await ask(alice, 'approval:decide', yes)).success).toBe(one.success);
    }
    const late = { id: 'late', type: 'approval:completed', data: { approvalId: 'a0', state: 'cancelled' } };
    expect((await post(bench, late)).status).toBe(201);
    expect((await get(bench, '/v1/state?room=user:alice', 'alice')).rows).toEqual([]);
  });

  test('needs a reason for a rejection where its source says so, and is cancelled by its source', async () => {
    const bench = await startBench({}, { log: await open() });
    const alice = await bench.plain('alice');
    const data = { approvalId: 'a1', title: 'One', candidateUsers: ['alice'], reasonRequired: true };
    await post(bench, { id: '1', type: 'approval:requested', data });
    const reject = { approvalId: 'a1', decision: 'rejected' };
    expect((await ask(alice, 'approval:decide', reject)).error).toMatchObject({
      code: 'invalid',
      field: 'reason',
    });
    await post(bench, {
      id: '2',
      type: 'approval:completed',
      data: { approvalId: 'a1', state: 'cancelled', reason: 'Sold out.' },
    });
    expect((await ask(alice, 'approval:decide', approve('a1'))).error).toMatchObject({
      code: 'approval_closed',
      current: { state: 'cancelled', reason: 'Sold out.' },
    });
  });
});
