import { describe, expect, test } from 'vitest';
import { ask, type Bench, execution, fact, heard, startBench } from './support/gateway.ts';

const enters = async (bench: Bench, user: string, room: string, groups: string[] = []) => {
  const socket = await bench.sdk(user, { groups });
  const answer = await ask(socket, 'subscribe', { rooms: [room] });
  socket.disconnect();
  return answer.success ? 'in' : answer.error.code;
};

describe('Who enters a room', () => {
  test('the own ones, of user, domain and groups, and nobody else those', async () => {
    const bench = await startBench();
    expect(await enters(bench, 'alice', 'user:alice')).toBe('in');
    expect(await enters(bench, 'alice', 'domain:default')).toBe('in');
    expect(await enters(bench, 'alice', 'group:leads', ['leads'])).toBe('in');
    for (const foreign of ['user:bob', 'domain:other', 'group:leads', 'definition:any']) {
      expect(await enters(bench, 'alice', foreign)).toBe('forbidden');
    }
  });

  test('participants enter an execution and its processes; a stranger gets the answer of a room that is not there', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    const { processInstanceId } = await bench.engine.start({
      processDefinitionKey: 'sample',
      businessKey: 'e1',
      variables: {},
    });
    for (const room of ['execution:e1', `process:${processInstanceId}`]) {
      expect(await enters(bench, 'alice', room)).toBe('in');
      const stranger = await bench.sdk('mallory');
      const refused = await ask(stranger, 'subscribe', { rooms: [room] });
      const unknown = await ask(stranger, 'subscribe', { rooms: ['execution:none'] });
      expect(refused).toEqual(unknown);
    }
  });

  test('candidates and the assignee enter while the task is open', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    const { processInstanceId } = await bench.engine.start({
      processDefinitionKey: 'sample',
      businessKey: 'e1',
      variables: {},
    });
    expect(await enters(bench, 'dora', 'execution:e1', ['developers'])).toBe('in');
    expect(await enters(bench, 'dora', `process:${processInstanceId}`, ['developers'])).toBe('in');
    expect(await enters(bench, 'dora', 'execution:e1', ['others'])).toBe('forbidden');
    await bench.publish('default', [fact('process:cancelled', { processInstanceId })]);
    const { rows } = await bench.log.snapshot('default', {
      rooms: [`process:${processInstanceId}`],
      limit: 10,
    });
    const task = JSON.parse(rows.find((row) => row.subject.startsWith('task/'))!.body).data;
    await bench.publish('default', [fact('task:cancelled', { taskId: task.taskId })]);
    expect(await enters(bench, 'dora', 'execution:e1', ['developers'])).toBe('forbidden');
  });

  test('who completes a task belongs to the execution from then on', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    await bench.engine.start({ processDefinitionKey: 'sample', businessKey: 'e1', variables: {} });
    const { rows } = await bench.log.snapshot('default', { rooms: ['group:developers'], limit: 10 });
    const { taskId } = JSON.parse(rows[0]!.body).data;
    const dora = await bench.plain('dora', { groups: ['developers'] });
    expect(await ask(dora, 'task:claim', { taskId })).toMatchObject({ success: true });
    expect(await ask(dora, 'task:complete', { taskId })).toMatchObject({ success: true });
    expect(await enters(bench, 'dora', 'execution:e1')).toBe('in');
  });
});

describe('Executions', () => {
  test('are made by a command, and seen by each participant at once', async () => {
    const bench = await startBench();
    const [alice, bob] = [await bench.plain('alice'), await bench.plain('bob')];
    await Promise.all([heard(alice, 'ready'), heard(bob, 'ready')]);
    const seen = heard(bob, 'execution:created');
    const answer = await ask(alice, 'execution:create', {
      executionId: 'e1',
      title: 'Billing',
      participants: ['bob'],
    });
    expect(answer).toMatchObject({ success: true, seq: 1, result: { executionId: 'e1' } });
    expect((await seen)[0]).toMatchObject({
      executionId: 'e1',
      title: 'Billing',
      participants: ['alice', 'bob'],
      createdBy: 'alice',
    });
    expect(await ask(bob, 'execution:create', { executionId: 'e1', title: 'Mine' })).toMatchObject({
      success: false,
      error: { code: 'duplicate_id', field: 'executionId' },
    });
  });

  test('are made by an instance that starts with a business key; its starter participates', async () => {
    const bench = await startBench();
    const alice = await bench.plain('alice');
    const answer = await ask(alice, 'process:start', {
      processDefinitionKey: 'sample',
      businessKey: 'order-7',
      title: 'Order 7',
    });
    expect(answer).toMatchObject({ success: true, result: { executionId: 'order-7' } });
    const [row] = await bench.log.rows('default', ['execution/order-7']);
    expect(JSON.parse(row!.body).data).toMatchObject({
      title: 'Order 7',
      participants: ['alice'],
      createdBy: 'alice',
    });
    expect(await ask(alice, 'join-execution', 'order-7')).toMatchObject({ success: true });
  });

  test("are not opened by a stranger's business key", async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    const mallory = await bench.plain('mallory');
    expect(
      await ask(mallory, 'process:start', { processDefinitionKey: 'sample', businessKey: 'e1' }),
    ).toMatchObject({
      success: false,
      error: { code: 'forbidden' },
    });
    await bench.publish('default', [
      fact('process:started', { processInstanceId: 'p1', businessKey: 'e1', startedBy: 'mallory' }),
    ]);
    const [row] = await bench.log.rows('default', ['process/p1']);
    expect(JSON.parse(row!.body).rooms).not.toContain('execution:e1');
  });
});
