import { RealtimeError } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';
import { ask, type Bench, execution, fact, heard, startBench } from './support/gateway.ts';

/** An instance of the sample with its first task open, and who may do it. */
async function withTask(bench: Bench): Promise<string> {
  await execution(bench, 'e1', ['alice']);
  await bench.engine.start({ processDefinitionKey: 'sample', businessKey: 'e1', variables: {} });
  const { rows } = await bench.log.snapshot('default', { rooms: ['group:developers'], limit: 10 });
  return (JSON.parse(rows[0]!.body) as { data: { taskId: string } }).data.taskId;
}

const groups = ['developers', 'leads'];

describe('A command', () => {
  test('is acknowledged with the position from which its effect can be read, and its event names it', async () => {
    const bench = await startBench();
    const taskId = await withTask(bench);
    const alice = await bench.plain('alice', { groups });
    const assigned = heard(alice, 'task:assigned');
    const ack = await ask(alice, 'task:claim', { taskId, commandId: 'claim-1' });
    const [data, meta] = (await assigned) as [object, { seq: number }];
    expect(ack).toMatchObject({
      success: true,
      commandId: 'claim-1',
      epoch: expect.any(String),
      result: { taskId },
    });
    expect(data).toMatchObject({ taskId, assignee: 'alice', by: 'alice' });
    expect(meta).toMatchObject({ commandId: 'claim-1' });
    expect(ack.seq).toBeGreaterThan(meta.seq);
  });

  test('sent again with its id is the same command', async () => {
    const bench = await startBench();
    const taskId = await withTask(bench);
    const alice = await bench.plain('alice', { groups });
    const claim = { taskId, commandId: 'c1' };
    const [first, meanwhile] = await Promise.all([
      ask(alice, 'task:claim', claim),
      ask(await bench.plain('alice', { groups }), 'task:claim', claim),
    ]);
    expect(meanwhile).toEqual(first);
    await ask(alice, 'task:complete', { taskId, commandId: 'c2' });
    expect(await ask(alice, 'task:claim', claim)).toMatchObject({ success: true, result: { taskId } });
    expect(await ask(alice, 'task:complete', { taskId, commandId: 'c2' })).toMatchObject({ success: true });
    expect(await ask(alice, 'task:complete', { taskId })).toMatchObject({
      success: false,
      error: { code: expect.stringMatching(/task_closed|forbidden/) },
    });
    const said = { executionId: 'e1', content: 'once', commandId: 'm1' };
    const once = await ask(alice, 'message:send', said);
    expect(await ask(alice, 'message:send', said)).toEqual(once);
  });

  test('with the id of another one is refused', async () => {
    const bench = await startBench();
    const taskId = await withTask(bench);
    const alice = await bench.plain('alice', { groups });
    await ask(alice, 'task:claim', { taskId, commandId: 'c1' });
    await ask(alice, 'message:send', { executionId: 'e1', content: 'one', commandId: 'm1' });
    expect(await ask(alice, 'task:unclaim', { taskId: 'other', commandId: 'c1' })).toMatchObject({
      success: false,
      error: { code: 'duplicate_id' },
    });
    expect(
      await ask(alice, 'message:send', { executionId: 'e1', content: 'two', commandId: 'm1' }),
    ).toMatchObject({
      success: false,
      error: { code: 'duplicate_id' },
    });
  });

  test("with another user's id has nothing to do with it", async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice', 'bob']);
    const said = { executionId: 'e1', content: 'same', commandId: 'm1' };
    const [first, second] = await Promise.all([
      ask(await bench.plain('alice'), 'message:send', said),
      ask(await bench.plain('bob'), 'message:send', said),
    ]);
    expect(first).toMatchObject({ success: true });
    expect(second).toMatchObject({ success: true });
    expect(first.seq).not.toBe(second.seq);
  });

  test("with another user's id is not taken for done when that one is", async () => {
    const bench = await startBench({}, { commandLimits: { effect: 15_000 } });
    const [one, other] = ['one', 'other'];
    await bench.publish(
      'default',
      [one, other].map((taskId) => fact('task:created', { taskId, candidates: { addGroups: groups } })),
    );
    const assigned = (taskId: string, assignee: string) =>
      bench.publish('default', [fact('task:assigned', { taskId, assignee })]);
    const asked = { alice: Promise.withResolvers<void>(), bob: Promise.withResolvers<void>() };
    const answer = Promise.withResolvers<void>();
    bench.engine.claim = async (_taskId, userId) => {
      asked[userId as 'alice' | 'bob'].resolve();
      if (userId === 'alice') await answer.promise;
    };
    const [alice, bob] = [await bench.plain('alice', { groups }), await bench.plain('bob', { groups })];
    const first = ask(alice, 'task:claim', { taskId: one, commandId: 'same' });
    await asked.alice.promise;
    const second = ask(bob, 'task:claim', { taskId: other, commandId: 'same' });
    await asked.bob.promise;
    await assigned(one, 'alice');
    answer.resolve();
    expect(await first).toMatchObject({ success: true });
    const { seq } = await assigned(other, 'bob');
    expect((await second).seq).toBeGreaterThan(seq);
  });

  test('of two that want the same task, one wins and the other is told', async () => {
    const bench = await startBench();
    const taskId = await withTask(bench);
    const sockets = await Promise.all([bench.plain('alice', { groups }), bench.plain('bob', { groups })]);
    const answers = await Promise.all(sockets.map((socket) => ask(socket, 'task:claim', { taskId })));
    expect(answers.filter(({ success }) => success)).toHaveLength(1);
    expect(answers.find(({ success }) => !success).error.code).toMatch(/task_taken|busy/);
  });

  test('is not for a task that somebody else has, or that one may not do', async () => {
    const bench = await startBench();
    const taskId = await withTask(bench);
    const [alice, bob, mallory] = [
      await bench.plain('alice', { groups }),
      await bench.plain('bob', { groups }),
      await bench.plain('mallory'),
    ];
    await ask(alice, 'task:claim', { taskId });
    const error = async (socket: typeof bob, name: string, more = {}) =>
      (await ask(socket, name, { taskId, ...more })).error?.code;
    expect(await error(bob, 'task:claim')).toBe('task_taken');
    expect(await error(bob, 'task:assign', { assignee: 'bob' })).toBe('task_taken');
    expect(await error(bob, 'task:unclaim')).toBe('not_assignee');
    expect(await error(bob, 'task:complete')).toBe('not_assignee');
    for (const name of ['task:claim', 'task:unclaim', 'task:complete'])
      expect(await error(mallory, name)).toBe('forbidden');
    expect(await error(alice, 'task:assign', { assignee: 'bob' })).toBeUndefined();
    expect(await error(bob, 'task:complete')).toBeUndefined();
  });

  test('takes back what was given to the wrong person, as long as that one has done nothing', async () => {
    const bench = await startBench();
    const taskId = await withTask(bench);
    const [alice, bob] = [await bench.plain('alice', { groups }), await bench.plain('bob', { groups })];
    await ask(alice, 'task:assign', { taskId, assignee: 'alcie' });
    expect(await ask(bob, 'task:assign', { taskId, assignee: 'bob' })).toMatchObject({
      success: false,
      error: { code: 'task_taken' },
    });
    expect(await ask(alice, 'task:assign', { taskId, assignee: 'bob' })).toMatchObject({ success: true });
    await ask(bob, 'task:unclaim', { taskId });
    await ask(bob, 'task:claim', { taskId });
    expect(await ask(alice, 'task:unclaim', { taskId })).toMatchObject({
      success: false,
      error: { code: 'not_assignee' },
    });
  });

  test('that failed for a reason that passes can be tried again under its id', async () => {
    const bench = await startBench();
    const taskId = await withTask(bench);
    const claim = bench.engine.claim;
    bench.engine.claim = () => Promise.reject(new RealtimeError('engine_unreachable'));
    const alice = await bench.plain('alice', { groups });
    for (const _try of [1, 2]) {
      expect(await ask(alice, 'task:claim', { taskId, commandId: 'c1' })).toMatchObject({
        success: false,
        error: { code: 'engine_unreachable', retryable: true },
      });
    }
    bench.engine.claim = claim;
    expect(await ask(alice, 'task:claim', { taskId, commandId: 'c1' })).toMatchObject({ success: true });
    expect(await ask(alice, 'task:claim', { taskId, commandId: 'c1' })).toMatchObject({ success: true });
  });

  test('that asks for what is so already succeeds at once, without the engine', async () => {
    const bench = await startBench();
    const taskId = await withTask(bench);
    const alice = await bench.plain('alice', { groups });
    await ask(alice, 'task:claim', { taskId });
    const { seq } = await bench.log.head('default');
    expect(await ask(alice, 'task:claim', { taskId })).toMatchObject({ success: true });
    expect((await bench.log.head('default')).seq).toBe(seq);
  });

  test('that the engine refuses fails with its words, and leaves the task free for the next', async () => {
    const bench = await startBench();
    const taskId = await withTask(bench);
    const claim = bench.engine.claim;
    bench.engine.claim = () => Promise.reject(new RealtimeError('engine_refused', { message: 'Not today.' }));
    const alice = await bench.plain('alice', { groups });
    expect(await ask(alice, 'task:claim', { taskId })).toMatchObject({
      success: false,
      error: { code: 'engine_refused', message: 'Not today.' },
    });
    bench.engine.claim = claim;
    expect(await ask(alice, 'task:claim', { taskId })).toMatchObject({ success: true });
  });

  test('leaves nothing of what it asked in the log once it is done', async () => {
    const bench = await startBench();
    const alice = await bench.plain('alice', { groups });
    await ask(alice, 'process:start', {
      processDefinitionKey: 'sample',
      variables: { secret: 'canary' },
      commandId: 'c1',
    });
    const [row] = await bench.log.rows('default', ['command/alice/c1']);
    expect(row!.body).not.toContain('canary');
  });
});

test('Commands and joins of a socket take effect in the order in which they were sent', async () => {
  const bench = await startBench();
  const alice = await bench.plain('alice');
  const said: string[] = [];
  alice.on('message:new', ({ content }) => said.push(content));
  alice.emit('execution:create', { executionId: 'e1', title: 'One' });
  alice.emit('join-execution', 'e1');
  for (let i = 0; i < 50; i++) alice.emit('message:send', { executionId: 'e1', content: `${i}` });
  await expect.poll(() => said.length).toBe(50);
  expect(said).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
});

test('A completed task is told to all who had it, with its end', async () => {
  const bench = await startBench();
  await bench.publish('default', [
    fact('task:created', { taskId: 't1', assignee: 'alice', candidates: { addUsers: ['bob'] } }),
  ]);
  const sockets = await Promise.all(['alice', 'bob'].map((user) => bench.sdk(user)));
  for (const [i, socket] of sockets.entries())
    await ask(socket, 'subscribe', { rooms: [`user:${['alice', 'bob'][i]}`] });
  const batches = sockets.map((socket) => heard(socket, 'events'));
  await bench.publish('default', [fact('task:completed', { taskId: 't1' })]);
  for (const [batch] of await Promise.all(batches)) {
    expect(batch).toMatchObject([
      { type: 'task:completed', ended: true, data: { taskId: 't1', state: 'completed' } },
    ]);
  }
});
