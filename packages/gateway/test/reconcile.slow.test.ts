import { describe, expect, test } from 'vitest';
import { startCaptured } from './support/captured.ts';
import { until } from './support/gateway.ts';
import { openLog } from './support/log.ts';
import { addTask, at, endTask, startRestEngine } from './support/rest-engine.ts';

describe('Without a plugin', () => {
  test('what is open when the gateway starts is there, and what happens then', async () => {
    const engine = await startRestEngine();
    engine.processes.set('p1', {
      id: 'p1',
      startTime: at(0),
      endTime: null,
      state: 'ACTIVE',
      businessKey: 'e1',
      startUserId: 'alice',
      rootProcessInstanceId: 'p1',
      processDefinitionKey: 'order',
    });
    addTask(engine, 't1', at(1), { processInstanceId: 'p1', assignee: 'alice' });
    engine.groups.set('t1', ['devs']);
    const { row, types } = await startCaptured(engine);
    await until(async () => (await row('task/t1'))?.data).toMatchObject({
      state: 'open',
      assignee: 'alice',
      candidateGroups: ['devs'],
      executionId: 'e1',
      businessKey: 'e1',
    });
    // That it has changed is all that is seen: how often, and who did it, is not.
    addTask(engine, 't1', at(1), { processInstanceId: 'p1', assignee: 'bob', lastUpdated: at(9) });
    await until(async () => (await row('task/t1'))?.data).toMatchObject({ assignee: 'bob', observed: true });
    expect((await row('task/t1'))?.time).toBe('2026-01-01T12:00:09.000Z');
    endTask(engine, 't1', at(10));
    await until(async () => (await row('task/t1'))?.data).toMatchObject({ state: 'completed' });
    // How and when it ended the history tells exactly.
    expect((await row('task/t1'))?.data).not.toHaveProperty('observed');
    expect(await types('task/t1')).toEqual(['task:created', 'task:assigned', 'task:completed']);
  });

  test('what begins and ends between two looks leaves both events', async () => {
    const engine = await startRestEngine();
    addTask(engine, 'first', at(0));
    const { row, types } = await startCaptured(engine);
    await until(() => row('task/first')).toBeDefined();
    addTask(engine, 'short', at(1));
    endTask(engine, 'short', at(2));
    await until(() => types('task/short')).toEqual(['task:created', 'task:completed']);
  });

  test('an instance that was suspended during its last command has completed, whatever the history calls it', async () => {
    const engine = await startRestEngine();
    addTask(engine, 'first', at(0));
    const { row, types } = await startCaptured(engine);
    await until(() => row('task/first')).toBeDefined();
    const ended = { startTime: at(1), endTime: at(2), state: 'SUSPENDED' };
    engine.processes.set('p1', { id: 'p1', ...ended });
    engine.processes.set('p2', { id: 'p2', ...ended, deleteReason: 'no longer wanted' });
    await until(() => types('process/p1')).toEqual(['process:started', 'process:completed']);
    await until(() => types('process/p2')).toEqual(['process:started', 'process:cancelled']);
  });

  test('a task that ends while its candidates are asked for has lost none before', async () => {
    const engine = await startRestEngine();
    addTask(engine, 't1', at(0));
    engine.groups.set('t1', ['devs']);
    const { row, types } = await startCaptured(engine);
    await until(async () => (await row('task/t1'))?.data).toMatchObject({ candidateGroups: ['devs'] });
    engine.fault = (path, response) => {
      if (!path.endsWith('/identity-links')) return undefined;
      // As the engine does: it finds the task, and then the links of a task that is gone.
      endTask(engine, 't1', at(10));
      response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
      return true;
    };
    addTask(engine, 't1', at(0), { lastUpdated: at(9) });
    await until(() => types('task/t1')).toContain('task:completed');
    expect(await types('task/t1')).toEqual(['task:created', 'task:completed']);
  });

  test('what a task has lost just before its end is not in its row', async () => {
    const engine = await startRestEngine();
    addTask(engine, 't1', at(0), { assignee: 'alice', due: at(500) });
    const { row } = await startCaptured(engine);
    await until(() => row('task/t1')).toBeDefined();
    addTask(engine, 't1', at(0), { assignee: null, endTime: at(5), deleteReason: 'completed' });
    await until(async () => (await row('task/t1'))?.type).toBe('task:completed');
    const { data } = (await row('task/t1'))!;
    expect(data).not.toHaveProperty('assignee');
    expect(data).not.toHaveProperty('dueDate');
  });

  test('the first look that works goes back the whole overlap, whatever failed before it', async () => {
    const engine = await startRestEngine();
    engine.processes.set('p1', { id: 'p1', startTime: at(100), endTime: null, state: 'ACTIVE' });
    addTask(engine, 'short', at(60));
    endTask(engine, 'short', at(61));
    let failures = 4;
    engine.fault = (_path, response) => {
      if (failures-- <= 0) return undefined;
      response.writeHead(503).end();
      return true;
    };
    const { types } = await startCaptured(engine, { OVERLAP_MS: '60000' });
    await until(() => types('task/short')).toEqual(['task:created', 'task:completed']);
    const first = engine.asked.find((url) => url.includes('startedAfter'));
    expect(first).toContain('startedAfter=2026-01-01T12%3A00%3A40.000%2B0000');
  });

  test('a transaction that commits late, with times before what was seen already, is found', async () => {
    const engine = await startRestEngine();
    addTask(engine, 'new', at(100));
    const { row } = await startCaptured(engine);
    await until(() => row('task/new')).toBeDefined();
    addTask(engine, 'late', at(50));
    await until(() => row('task/late')).toBeDefined();
  });

  test('what begins and ends while a look waits for a slow answer is found by the next one', async () => {
    const engine = await startRestEngine();
    addTask(engine, 'first', at(0));
    const { types } = await startCaptured(engine, { OVERLAP_MS: '60000' });
    await until(() => types('task/first')).toEqual(['task:created']);
    engine.fault = (path) => {
      const isLastList =
        path === '/history/process-instance' && engine.asked.at(-1)!.includes('sortBy=endTime');
      if (!isLastList) return undefined;
      // By now the look has read what has begun, and which tasks have ended.
      addTask(engine, 'short', at(10));
      endTask(engine, 'short', at(11));
      engine.processes.set('p1', { id: 'p1', startTime: at(0), endTime: at(200), state: 'COMPLETED' });
      engine.fault = undefined;
      return undefined;
    };
    await until(() => types('process/p1')).toEqual(['process:started', 'process:completed']);
    await until(() => types('task/short')).toEqual(['task:created', 'task:completed']);
  });

  test('one that took longer than the overlap is found by the next sweep', async () => {
    const engine = await startRestEngine();
    addTask(engine, 'new', at(1000));
    const { row } = await startCaptured(engine, { SWEEP_INTERVAL_MS: '300' });
    await until(() => row('task/new')).toBeDefined();
    addTask(engine, 'late', at(500));
    await until(() => row('task/late')).toBeDefined();
  });

  test('the hour that repeats when summer time ends hides nothing for good', async () => {
    const engine = await startRestEngine();
    addTask(engine, 'before', at(0, '+0200'), { assignee: 'alice' });
    const { row } = await startCaptured(engine, { SWEEP_INTERVAL_MS: '300' });
    await until(() => row('task/before')).toBeDefined();
    // A minute later by the clock on the wall, and 59 minutes before by what a database without zones gives back.
    addTask(engine, 'after', at(60 - 3600, '+0200'));
    addTask(engine, 'before', at(0, '+0200'), { assignee: 'bob', lastUpdated: at(70 - 3600, '+0200') });
    engine.groups.set('before', ['devs']);
    await until(() => row('task/after')).toBeDefined();
    await until(async () => (await row('task/before'))?.data).toMatchObject({ assignee: 'bob' });
  });

  test('what has ended while the gateway was away ends as the history says, and what is gone from there as a guess', async () => {
    const engine = await startRestEngine();
    addTask(engine, 'ended', at(0));
    addTask(engine, 'gone', at(0));
    addTask(engine, 'stays', at(0));
    const { row, types } = await startCaptured(engine, { SWEEP_INTERVAL_MS: '300' });
    await until(async () => (await row('task/gone')) && (await row('task/stays'))).toBeDefined();
    // Long before what looks go by.
    endTask(engine, 'ended', at(-100_000));
    engine.tasks.delete('gone');
    await until(async () => (await row('task/ended'))?.type).toBe('task:completed');
    await until(async () => (await row('task/gone'))?.data).toMatchObject({
      state: 'cancelled',
      observed: true,
    });
    expect(await types('task/stays')).toEqual(['task:created']);
  });

  test('what has begun and ended while the gateway was away is told, however long that was', async () => {
    const engine = await startRestEngine();
    const log = await openLog();
    addTask(engine, 'before', at(0));
    engine.processes.set('p1', { id: 'p1', startTime: at(0), endTime: null, state: 'ACTIVE' });
    const first = await startCaptured(engine, { OVERLAP_MS: '1000' }, { log });
    await until(() => first.row('task/before')).toBeDefined();
    await until(() => first.row('process/p1')).toBeDefined();
    const looks = () => engine.asked.filter((url) => url.startsWith('/history/process-instance?')).length;
    const seen = looks();
    await until(looks).toBeGreaterThan(seen + 4);
    await first.bench.close();
    addTask(engine, 'short', at(100));
    endTask(engine, 'short', at(200));
    addTask(engine, 'after', at(90_000));
    const second = await startCaptured(engine, { OVERLAP_MS: '1000' }, { log });
    await until(() => second.row('task/after')).toBeDefined();
    await until(() => second.types('task/short')).toEqual(['task:created', 'task:completed']);
    expect(await second.types('task/before')).toEqual(['task:created']);
  });

  test('nor is it lost where no look came to its end before the gateway was killed', async () => {
    const engine = await startRestEngine();
    const log = await openLog();
    addTask(engine, 'before', at(0));
    let isBroken = true;
    engine.fault = (path, response) => {
      if (!isBroken || !path.startsWith('/history/activity-instance')) return undefined;
      // The lists before this one are read, and so is where the engine's clock stands.
      if (engine.asked.length < 20) return undefined;
      response.writeHead(503).end();
      return true;
    };
    const timing = { log, capture: { leaseEvery: 20 } };
    const first = await startCaptured(engine, { OVERLAP_MS: '1000' }, timing);
    await until(() => engine.asked.length).toBeGreaterThan(30);
    addTask(engine, 'short', at(100));
    endTask(engine, 'short', at(200));
    const asked = engine.asked.length;
    await until(() => engine.asked.length).toBeGreaterThan(asked + 6);
    await first.bench.close();
    addTask(engine, 'after', at(90_000));
    isBroken = false;
    const second = await startCaptured(engine, { OVERLAP_MS: '1000' }, timing);
    await until(() => second.row('task/after')).toBeDefined();
    await until(() => second.types('task/short')).toEqual(['task:created', 'task:completed']);
  });

  test('tasks that another publisher reports are left alone', async () => {
    const engine = await startRestEngine();
    addTask(engine, 'own', at(0));
    const { bench, row } = await startCaptured(engine, { SWEEP_INTERVAL_MS: '200' });
    await until(() => row('task/own')).toBeDefined();
    await bench.publish('default', [
      {
        source: 'http/shop',
        id: 'foreign',
        type: 'task:created',
        time: new Date().toISOString(),
        data: { taskId: 'foreign' },
      },
      {
        source: 'engine/default',
        id: 'task-event/e1',
        type: 'task:created',
        time: new Date().toISOString(),
        data: { taskId: 'announced' },
      },
    ]);
    engine.tasks.delete('own');
    // A sweep that came later has gone through both.
    await until(async () => (await row('task/own'))?.type).toBe('task:cancelled');
    expect((await row('task/foreign'))?.type).toBe('task:created');
    expect((await row('task/announced'))?.type).toBe('task:created');
  });

  test('the same look again, by whichever node, adds nothing', async () => {
    const engine = await startRestEngine();
    addTask(engine, 't1', at(0), { due: at(500), description: '2026-01-01T00:00:00Z is no date here' });
    engine.processes.set('p1', { id: 'p1', startTime: at(0), endTime: null, state: 'SUSPENDED' });
    const { bench, row } = await startCaptured(engine, { SWEEP_INTERVAL_MS: '100' });
    await until(() => row('task/t1')).toBeDefined();
    await until(async () => (await row('process/p1'))?.type).toBe('process:suspended');
    const { seq } = await bench.log.head('default');
    const before = engine.asked.length;
    await until(() => engine.asked.length).toBeGreaterThan(before + 100);
    // The sweep's own word that all is there comes once.
    expect((await bench.log.head('default')).seq - seq).toBeLessThanOrEqual(1);
  });

  test('pages are asked for with sizes, and dates with an offset that survives the way', async () => {
    const engine = await startRestEngine();
    for (let n = 0; n < 2301; n++) addTask(engine, `t${n}`, at(n % 7));
    const { bench } = await startCaptured(engine);
    await until(async () => {
      const { rows } = await bench.log.snapshot('default', { after: 'task/', limit: 5000 });
      return rows.filter(({ subject }) => subject.startsWith('task/')).length;
    }).toBe(2301);
    const lists = engine.asked.filter((url) => url.includes('sortBy'));
    expect(lists.every((url) => /maxResults=\d+/.test(url))).toBe(true);
    expect(lists.some((url) => url.includes('startedAfter=2026-01-01T12%3A00%3A05.999%2B0000'))).toBe(true);
  });

  test('a first sweep asks about the candidates of each task once', async () => {
    const engine = await startRestEngine();
    for (let n = 0; n < 50; n++) {
      addTask(engine, `t${n}`, at(100 * n));
      engine.groups.set(`t${n}`, ['devs']);
    }
    const { row } = await startCaptured(engine, { SWEEP_INTERVAL_MS: '200' });
    const begins = () =>
      engine.asked.flatMap((url, n) => (url.startsWith('/history/process-instance/count') ? [n] : []));
    await until(() => begins().length).toBeGreaterThan(1);
    expect((await row('task/t0'))?.data).toMatchObject({ candidateGroups: ['devs'] });
    // The looks see the last one alone.
    const first = engine.asked
      .slice(0, begins()[1])
      .flatMap((url) => /\/task\/(t\d+)\//.exec(url)?.[1] ?? []);
    const once = Array.from({ length: 49 }, (_, n) => `t${n}`);
    expect(first.filter((id) => id !== 't49').sort()).toEqual(once.sort());
  });

  test('each of several engines has its account and its domain, and a tenant is a domain of its own', async () => {
    const [one, two] = [await startRestEngine(), await startRestEngine()];
    one.account = `Basic ${Buffer.from('u1:p1').toString('base64')}`;
    addTask(one, 'a', at(0));
    addTask(two, 'b', at(0));
    addTask(two, 'c', at(0), { tenantId: 'acme' });
    const { row } = await startCaptured(one, {
      CAMUNDA_USER: 'u1',
      CAMUNDA_PASSWORD: 'p1',
      SWEEP_INTERVAL_MS: '200',
      ENGINES: JSON.stringify([{ name: 'second', url: two.url, domain: 'shop', capture: 'rest' }]),
    });
    await until(() => row('task/a')).toMatchObject({ id: 'engine/default/task/a/created#1' });
    await until(() => row('task/b', 'shop')).toMatchObject({ id: 'engine/second/task/b/created#1' });
    await until(() => row('task/c', 'acme')).toBeDefined();
    two.tasks.clear();
    await until(async () => (await row('task/c', 'acme'))?.type).toBe('task:cancelled');
    expect((await row('task/a'))?.type).toBe('task:created');
  });
});

describe('An engine that is not itself', () => {
  test.each([
    ['a login page', 200, '<html>log in</html>', /200.*text\/html that is no JSON/],
    ['a proxy that has lost it', 502, '<html>bad gateway</html>', /502.*text\/html/],
    ['its own failure', 500, '{"message":"the database is away"}', /500.*the database is away/],
    ['a list of something else', 200, '{"tasks":[]}', /no list/],
    ['a wrong password', 401, '{"message":"no"}', /401/],
  ])(
    'ends nothing, and is named in the log, where it answers with %s',
    async (_what, status, body, words) => {
      const engine = await startRestEngine();
      addTask(engine, 't1', at(0));
      const { row, lines } = await startCaptured(engine, { SWEEP_INTERVAL_MS: '100' });
      await until(() => row('task/t1')).toBeDefined();
      engine.tasks.clear();
      engine.fault = (_path, response) => {
        const type = body.startsWith('<') ? 'text/html; charset=utf-8' : 'application/json';
        response.writeHead(status, { 'content-type': type }).end(body);
        return true;
      };
      await until(() => lines().map((line) => JSON.stringify(line))).toContainEqual(
        expect.stringMatching(words),
      );
      expect((await row('task/t1'))?.type).toBe('task:created');
      engine.fault = undefined;
      await until(async () => (await row('task/t1'))?.type).toBe('task:cancelled');
    },
  );

  test('is asked again, and for the whole, when it was emptied of much at once', async () => {
    const engine = await startRestEngine();
    for (let n = 0; n < 120; n++) addTask(engine, `t${n}`, at(n));
    const { row, lines } = await startCaptured(engine, {
      SWEEP_INTERVAL_MS: '1000',
      POLL_INTERVAL_MS: '500',
    });
    // The looks find the last minute, the sweep the rest.
    for (const name of ['task/t0', 'task/t119'] as const) await until(() => row(name)).toBeDefined();
    engine.tasks.clear();
    await until(() => lines()).toContainEqual(
      expect.objectContaining({ kind: 'task', gone: 120, open: 120 }),
    );
    expect((await row('task/t0'))?.type).toBe('task:created');
    await until(async () => (await row('task/t0'))?.data).toMatchObject({
      state: 'cancelled',
      observed: true,
    });
    await until(async () => (await row('task/t119'))?.type).toBe('task:cancelled');
  });
});
