import type { Fact, PublishAnswer } from '@netbuild/realtime-protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openRedisLog } from '../../log/src/index.ts';
import { startRedis, whyNoRedis } from '../../log/test/redis-server.ts';
import { type Captured, startCaptured } from './support/captured.ts';
import { type Bench, PUBLISH_KEY, until } from './support/gateway.ts';
import { addTask, at, endTask, startRestEngine } from './support/rest-engine.ts';
import { openRewindable } from './support/rewindable.ts';

/** A relay with nothing to bring, as it posts. */
async function post(bench: Bench, more: object = {}, engine = 'default'): Promise<PublishAnswer> {
  const answer = await fetch(`${bench.url}/v1/engine`, {
    method: 'POST',
    headers: { authorization: `Bearer ${PUBLISH_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ engine, commands: [], ...more }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as PublishAnswer;
}

/** A relay that answers what it is asked, after it has brought what it has. */
function startRelay(bench: Bench, { bring = async () => {} }: { bring?: () => Promise<unknown> } = {}) {
  let isGoingOn = true;
  const done = (async () => {
    let seen: string | undefined;
    while (isGoingOn) {
      const { ask } = await post(bench, seen === undefined ? {} : { seen });
      seen = ask;
      if (ask !== undefined) await bring();
      await new Promise((next) => setImmediate(next));
    }
  })();
  const stop = async () => {
    isGoingOn = false;
    await done;
  };
  onTestFinished(stop);
  return { stop };
}

/** What the plugin would bring of a task. */
const told = (taskId: string, verb: 'created' | 'ended'): Fact => ({
  source: 'engine/default',
  id: `task/${taskId}/${verb}`,
  type: verb === 'created' ? 'task:created' : 'task:completed',
  time: '2026-01-01T12:00:00.000Z',
  data: { taskId, taskName: taskId, priority: 50, assignee: null },
});

const figure = async ({ bench }: Captured, kind: string) => {
  const text = await (await fetch(`${bench.url}/metrics`)).text();
  return Number(new RegExp(`netbuild_corrections_total\\{kind="${kind}".*\\} (\\d+)`).exec(text)?.[1]);
};

const both = { CAMUNDA_CAPTURE: 'both', POLL_INTERVAL_MS: '10', SWEEP_INTERVAL_MS: '100' };

describe('Behind a plugin', () => {
  test('nothing is corrected that the relay brings before it gives its word', async () => {
    const engine = await startRestEngine();
    addTask(engine, 't1', at(0));
    const captured = await startCaptured(engine, both);
    const { bench, types } = captured;
    const brought: string[] = [];
    startRelay(bench, {
      bring: async () => {
        // Whatever the engine has committed by now.
        for (const { id, endTime } of engine.tasks.values()) {
          await bench.publish('default', [told(id, 'created'), ...(endTime ? [told(id, 'ended')] : [])]);
          if (endTime) brought.push(id);
        }
      },
    });
    await until(() => types('task/t1')).toEqual(['task:created']);
    for (let n = 2; n < 20; n++) addTask(engine, `t${n}`, at(n));
    endTask(engine, 't1', at(30));
    await until(() => brought).toContain('t1');
    await until(() => types('task/t19')).toEqual(['task:created']);
    expect(await types('task/t1')).toEqual(['task:created', 'task:completed']);
    const asked = engine.asked.length;
    await until(() => engine.asked.length).toBeGreaterThan(asked + 50);
    expect(await figure(captured, 'task')).toBe(0);
    expect(captured.lines()).toEqual([]);
  });

  test('what it has lost is put right, counted, and named in the log with what differed', async () => {
    const engine = await startRestEngine();
    addTask(engine, 'lost', at(0));
    addTask(engine, 'stale', at(0), { assignee: 'bob', lastUpdated: at(5) });
    addTask(engine, 'over', at(0));
    endTask(engine, 'over', at(7));
    const captured = await startCaptured(engine, both);
    const { bench, row } = captured;
    await bench.publish('default', [told('stale', 'created'), told('over', 'created')]);
    expect(await row('task/lost')).toBeUndefined();
    startRelay(bench);
    await until(() => row('task/lost')).toMatchObject({ type: 'task:created' });
    await until(async () => (await row('task/stale'))?.data).toMatchObject({
      assignee: 'bob',
      observed: true,
    });
    await until(async () => (await row('task/over'))?.type).toBe('task:completed');
    expect(await figure(captured, 'task')).toBe(3);
    expect(captured.lines()).toContainEqual(
      expect.objectContaining({ type: 'task:updated', differs: ['assignee'] }),
    );
    // The relay brings it after all: each is there once.
    await bench.publish('default', [told('lost', 'created'), told('over', 'ended')]);
    expect(await captured.types('task/lost')).toEqual(['task:created']);
    expect(await captured.types('task/over')).toEqual(['task:created', 'task:completed']);
  });

  test('what the engine said before the plugin has changed a row again is not taken', async () => {
    const engine = await startRestEngine();
    addTask(engine, 't1', at(0), { assignee: 'alice' });
    const captured = await startCaptured(engine, { ...both, SWEEP_INTERVAL_MS: '3600000' });
    const { bench, row, types } = captured;
    const given = (assignee: string): Fact => ({
      ...told('t1', 'created'),
      id: `task/t1/updated/${assignee}`,
      type: 'task:updated',
      data: { taskId: 't1', assignee },
    });
    await bench.publish('default', [told('t1', 'created'), given('alice')]);
    startRelay(bench);
    // The answer is under way while the plugin brings what came after it.
    let under = 0;
    engine.fault = async (path) => {
      if (/^\/(history\/)?task/.test(path)) await bench.publish('default', [given(`bob-${++under}`)]);
      return undefined;
    };
    await until(() => under).toBeGreaterThan(5);
    await until(() => engine.asked.filter((path) => path.startsWith('/task?')).length).toBeGreaterThan(5);
    expect(await row('task/t1')).toMatchObject({ data: { assignee: expect.stringMatching(/^bob-/) } });
    expect(new Set(await types('task/t1'))).toEqual(new Set(['task:created', 'task:assigned']));
    expect(await figure(captured, 'task')).toBe(0);
  });

  test('corrections wait for its word, and go on without it when it has been silent for long', async () => {
    const engine = await startRestEngine();
    const captured = await startCaptured(engine, { ...both, RELAY_SILENCE_MS: '3000' });
    const relay = startRelay(captured.bench);
    await until(async () => (await captured.bench.log.head('default')).seq).toBe(0);
    await relay.stop();
    addTask(engine, 'waits', at(0));
    const { ask } = await untilAsked(captured.bench);
    expect(await captured.row('task/waits')).toBeUndefined();
    expect(ask).toMatch(/^[\w-]{1,64}$/);
    await until(() => captured.row('task/waits')).toBeDefined();
    expect(captured.lines()).toContainEqual(
      expect.objectContaining({ msg: expect.stringContaining('silent') }),
    );
  });

  test('`auto` takes an engine for one without a plugin until a relay was heard of, for good', async () => {
    const engine = await startRestEngine();
    addTask(engine, 't1', at(0));
    const capture = { introduction: 10 };
    const auto = { ...both, CAMUNDA_CAPTURE: 'auto' };
    const captured = await startCaptured(engine, auto, { capture });
    await until(() => captured.row('task/t1')).toBeDefined();
    await post(captured.bench);
    // A look that had begun before may still go on as before.
    const asked = engine.asked.length;
    await until(() => engine.asked.length).toBeGreaterThan(asked + 40);
    addTask(engine, 't2', at(1));
    await untilAsked(captured.bench);
    expect(await figure(captured, 'task')).toBe(0);
    startRelay(captured.bench);
    await until(() => captured.row('task/t2')).toBeDefined();
    expect(await figure(captured, 'task')).toBe(1);
  });

  test('a relay that nobody looks after is asked nothing, and what waits in its outbox is among the figures', async () => {
    const engine = await startRestEngine();
    const { bench } = await startCaptured(engine, { CAMUNDA_CAPTURE: 'plugin' });
    expect(await post(bench, { backlog: { rows: 7, oldest: Date.now() - 60_000 } })).not.toHaveProperty(
      'ask',
    );
    expect(await post(bench, { seen: 'something' }, 'unknown')).not.toHaveProperty('ask');
    expect(engine.asked).toEqual([]);
    const text = await (await fetch(`${bench.url}/metrics`)).text();
    expect(text).toMatch(/netbuild_engine_backlog_rows\{engine="default".*\} 7/);
    expect(text).toMatch(/netbuild_engine_backlog_age_seconds\{engine="default".*\} (59|6\d)/);
  });
});

/** Posts until something is asked, and does not answer. */
async function untilAsked(bench: Bench): Promise<PublishAnswer> {
  for (;;) {
    const answer = await post(bench);
    if (answer.ask !== undefined) return answer;
  }
}

test('After a life of the log was lost, all that is open comes again, and snapshots are rebuilding until then', async () => {
  const engine = await startRestEngine();
  const storage = await openRewindable();
  addTask(engine, 't0', at(0), { assignee: 'alice' });
  const { bench, row } = await startCaptured(
    engine,
    { SWEEP_INTERVAL_MS: '3600000', POLL_INTERVAL_MS: '3600000' },
    { log: storage.log, capture: { overlap: 0 } },
  );
  const state = async () => {
    const answer = await fetch(`${bench.url}/v1/state?room=user:alice`, {
      headers: { authorization: `Bearer ${await bench.token('alice')}` },
    });
    return (await answer.json()) as { rows: { subject: string }[]; rebuilding?: boolean };
  };
  await until(() => row('source/engines')).toBeDefined();
  await storage.keep();
  // The engine can not be read at first, so that it takes long enough to be seen.
  engine.fault = (_path, response) => {
    response.writeHead(503).end();
    return true;
  };
  addTask(engine, 't1', at(-100_000), { assignee: 'alice' });
  await storage.rewind();
  await until(state).toMatchObject({ rebuilding: true });
  engine.fault = undefined;
  await until(state).not.toHaveProperty('rebuilding');
  expect((await state()).rows.map(({ subject }) => subject)).toEqual(['task/t0', 'task/t1']);
});

const reason = whyNoRedis();

test.skipIf(reason !== undefined)(
  'Of two nodes on one Redis one asks the engine, until it ends; either hears the relay',
  async () => {
    const redis = await startRedis();
    onTestFinished(() => redis[Symbol.asyncDispose]());
    const engine = await startRestEngine();
    addTask(engine, 't1', at(0));
    const node = async (account: string) => {
      const parts = { log: await openRedisLog({ url: redis.url }), capture: { leaseEvery: 100 } };
      return startCaptured(engine, { ...both, CAMUNDA_USER: account, CAMUNDA_PASSWORD: 'p' }, parts);
    };
    const who: string[] = [];
    engine.fault = (_path, response) => {
      const { authorization = '' } = response.req.headers;
      who.push(Buffer.from(authorization.slice(6), 'base64').toString().split(':')[0]!);
      return undefined;
    };
    const one = await node('one');
    await until(() => who).toContain('one');
    const two = await node('two');
    // The relay posts to the other one.
    startRelay(two.bench);
    await until(() => two.row('task/t1')).toBeDefined();
    expect(who).not.toContain('two');
    await one.bench.close();
    await until(() => who).toContain('two');
    addTask(engine, 't2', at(1));
    await until(() => two.row('task/t2')).toBeDefined();
    const last = who.lastIndexOf('one');
    expect(who.slice(last + 1).every((name) => name === 'two')).toBe(true);
  },
);
