import { describe, expect, test } from 'vitest';
import { readConfig } from '../src/config/config.ts';
import {
  ask,
  type Bench,
  execution,
  fact,
  heard,
  JWT_SECRET,
  startBench,
  withClaims,
} from './support/gateway.ts';

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

describe('What a token says', () => {
  test('opens the rooms that it names, and those of its patterns', async () => {
    const bench = await startBench();
    const rooms = ['execution:e1', 'definition:inv*', 'process:7', '*', 'user:*x'];
    const socket = await withClaims(bench, 'alice', { rooms });
    const wanted = ['execution:e1', 'definition:invoice', 'definition:inv', 'process:7'];
    const not = [
      'execution:e12',
      'execution:e',
      'definition:in',
      'process:71',
      'user:bob',
      'user:b',
      'group:g',
    ];
    const answer = await ask(socket, 'subscribe', { rooms: [...wanted, ...not] });
    expect(answer.rooms).toEqual(wanted);
    expect(answer.refused.map(({ room }: { room: string }) => room)).toEqual(not);
  });

  test('gives roles: operations sees all that goes on, has it tried again, and says nothing', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    await bench.publish('default', [
      fact('process:started', { processInstanceId: 'p1', processDefinitionKey: 'k', businessKey: 'e1' }),
      fact('process:error', {
        incidentId: 'i1',
        processInstanceId: 'p1',
        incidentType: 'failedJob',
        jobId: 'j',
      }),
    ]);
    const olga = await withClaims(bench, 'olga', { roles: ['operations'] });
    const rooms = ['definition:k', 'process:p1', 'execution:e1'];
    const answer = await ask(olga, 'subscribe', { rooms: [...rooms, 'user:alice', 'group:g'] });
    expect(answer.rooms).toEqual(rooms);
    expect(await ask(olga, 'incident:retry', { incidentId: 'i1' })).not.toMatchObject({
      error: { code: 'forbidden' },
    });
    expect(await ask(olga, 'message:send', { executionId: 'e1', content: 'x' })).toMatchObject({
      error: { code: 'forbidden' },
    });
    const other = await withClaims(bench, 'otto', { roles: ['constructor', 'operation'] });
    expect(await ask(other, 'subscribe', { rooms })).toMatchObject({ error: { code: 'forbidden' } });
  });

  test('gives roles that the setting ROLES describes', async () => {
    const ROLES = JSON.stringify({ auditor: { rooms: ['execution:a*'] } });
    const bench = await startBench({ ROLES });
    const answer = (roles: string[], room: string) =>
      withClaims(bench, 'u', { roles }).then((socket) => ask(socket, 'subscribe', { rooms: [room] }));
    expect(await answer(['auditor'], 'execution:a1')).toMatchObject({ success: true });
    expect(await answer(['auditor'], 'execution:b1')).toMatchObject({ error: { code: 'forbidden' } });
    expect(await answer(['operations'], 'definition:k')).toMatchObject({ error: { code: 'forbidden' } });
    for (const wrong of [{ x: { rooms: ['*'] } }, { x: { commands: ['task:eat'] } }, { x: { room: [] } }])
      expect(() => readConfig({ JWT_SECRET, ROLES: JSON.stringify(wrong) })).toThrow(/ROLES/);
  });
});

describe('Participants', () => {
  test('are invited by participants, and see it at once; they leave, and see nothing more', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    const [alice, bob] = [await bench.plain('alice'), await bench.plain('bob')];
    await Promise.all([heard(alice, 'ready'), heard(bob, 'ready')]);
    const invite = { executionId: 'e1', users: ['bob', 'carol'], commandId: 'i1' };
    expect(await ask(bob, 'execution:invite', invite)).toMatchObject({ error: { code: 'forbidden' } });
    const seen = heard(bob, 'execution:updated');
    const answer = await ask(alice, 'execution:invite', invite);
    expect(answer).toMatchObject({ success: true, result: { executionId: 'e1' } });
    expect(await ask(alice, 'execution:invite', invite)).toEqual(answer);
    expect((await seen)[0]).toMatchObject({ participants: ['alice', 'bob', 'carol'] });
    expect(await ask(bob, 'join-execution', 'e1')).toMatchObject({ success: true });
    const left = heard(bob, 'room:left');
    const leave = { executionId: 'e1', commandId: 'l1' };
    const gone = await ask(bob, 'execution:leave', leave);
    expect(gone).toMatchObject({ success: true });
    expect(await left).toEqual([{ rooms: ['execution:e1'] }]);
    expect(await ask(bob, 'execution:leave', leave)).toEqual(gone);
    expect(await ask(bob, 'join-execution', 'e1')).toMatchObject({ error: { code: 'forbidden' } });
    const [row] = await bench.log.rows('default', ['execution/e1']);
    expect(JSON.parse(row!.body).data.participants).toEqual(['alice', 'carol']);
  });

  test('are bounded, and nobody learns by them what is there', async () => {
    const bench = await startBench();
    const many = (n: number, from = 0) => Array.from({ length: n }, (_, i) => `u${from + i}`);
    await execution(bench, 'e1', ['alice', ...many(160)]);
    const alice = await bench.plain('alice');
    const invite = (users: string[]) => ask(alice, 'execution:invite', { executionId: 'e1', users });
    expect(await invite(many(39, 160))).toMatchObject({ success: true });
    expect(await invite(['one-more'])).toMatchObject({
      error: { code: 'too_many_participants', field: 'participants' },
    });
    expect(await invite(['u5'])).toMatchObject({ success: true });
    expect(await invite(many(51))).toMatchObject({ error: { code: 'invalid', field: 'users' } });
    const mallory = await bench.plain('mallory');
    const leaves = async (executionId: string) => {
      const { success, error, result } = await ask(mallory, 'execution:leave', { executionId });
      return { success, error, named: result.executionId === executionId };
    };
    expect(await leaves('e1')).toEqual(await leaves('none'));
    const said = async (executionId: string) =>
      (await ask(mallory, 'execution:invite', { executionId, users: ['mallory'] })).error;
    expect(await said('e1')).toEqual(await said('none'));
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
    // Nor by a key that is set later, or by a command whose own id is that of the execution.
    await bench.publish('default', [
      fact('process:started', { processInstanceId: 'p2', processDefinitionKey: 'k', startedBy: 'mallory' }),
      fact('process:linked', { processInstanceId: 'p2', businessKey: 'e1' }),
    ]);
    const [later] = await bench.log.rows('default', ['process/p2']);
    expect(JSON.parse(later!.body).rooms).not.toContain('execution:e1');
    expect(
      await ask(mallory, 'process:start', { processDefinitionKey: 'sample', commandId: 'e1' }),
    ).toMatchObject({ error: { code: 'forbidden' } });
  });

  test('take in what is started by a command of who may use them, also without taking part', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    await bench.publish('default', [
      fact('process:started', { processInstanceId: 'p1', businessKey: 'e1', startedBy: 'alice' }),
      fact('task:created', { taskId: 't1', processInstanceId: 'p1', candidates: { addUsers: ['dora'] } }),
    ]);
    const dora = await bench.plain('dora');
    const answer = await ask(dora, 'process:start', { processDefinitionKey: 'sample', businessKey: 'e1' });
    expect(answer).toMatchObject({ success: true });
    const [row] = await bench.log.rows('default', [`process/${answer.result.processInstanceId}`]);
    expect(JSON.parse(row!.body).rooms).toContain('execution:e1');
  });
});
