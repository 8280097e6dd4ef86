import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { buildEngine } from '../scripts/lib/build.mjs';
import { randomOf } from '../scripts/lib/random.mjs';
import { engineRest } from '../scripts/stack/engine.mjs';
import { addMany, addOdd, candidatesIn, candidatesOf, MANY } from './support/candidates.mjs';
import { startNode, startVariedEngine } from './support/captured-engine.mjs';
import { startEngineProxy } from './support/engine-proxy.mjs';
import { IS_LONG } from './support/long.mjs';

const PLAIN = { NETBUILD_REALTIME_ENABLED: 'false' };
const PEOPLE = 'a password of people';

/** A gateway's first synchronisation, and what it has asked until the rows are there. */
async function synchronise(engine, name, environment, meanwhile) {
  const proxy = await startEngineProxy();
  onTestFinished(() => proxy.close());
  proxy.target = engine.url;
  proxy.meanwhile = meanwhile;
  const node = await startNode({ ...engine, url: proxy.url }, name, {
    CAMUNDA_CAPTURE: 'rest',
    SWEEP_INTERVAL_MS: '3600000',
    ...environment,
  });
  return {
    node,
    proxy,
    /** The tasks of which the candidates were asked one by one. */
    single: () =>
      new Set(proxy.asked.flatMap((question) => /\/task\/([^/]+)\/identity-links/.exec(question)?.[1] ?? [])),
    untilSame: (rest, domains = ['default']) =>
      expect
        .poll(
          async () => {
            const [there, here] = await Promise.all([candidatesOf(rest), candidatesIn(node.log, domains)]);
            return [...new Set(Object.keys({ ...there, ...here }))]
              .filter((id) => there[id] !== here[id])
              .map((id) => `${id}: engine ${there[id]}, log ${here[id]}`);
          },
          { timeout: 180_000, interval: 1000 },
        )
        .toEqual([]),
  };
}

describe.runIf(IS_LONG).each([
  ['camunda', 'CAMUNDA_BPM'],
  ['operaton', 'OPERATON_BPM'],
])('Of many tasks of %s', (kind, settings) => {
  let engine;

  beforeAll(async () => {
    await buildEngine(kind);
    engine = await startVariedEngine({ ...PLAIN, DEMO_PASSWORD: PEOPLE }, kind);
    await addMany(engine);
  }, 600_000);

  afterAll(() => engine?.stop());

  test('nobody is taken for a candidate of what was never so, when tasks change between the questions', async () => {
    const random = randomOf(1);
    /** Each has one of two groups, or none while it changes: never both. */
    const turning = new Map(Array.from({ length: 20 }, (_, n) => [`turning-${n}`, 'red']));
    const link = (id, groupId, way = '') =>
      engine.rest('POST', `/task/${id}/identity-links${way}`, { groupId, type: 'candidate' });
    for (const [id, groupId] of turning) {
      await engine.rest('POST', '/task/create', { id, name: 'Turning' });
      await link(id, groupId);
    }
    let isTurning = true;
    const { node, proxy, untilSame } = await synchronise(
      engine,
      'turning',
      { ENGINE_CONCURRENCY: '1' },
      async (question) => {
        if (!isTurning || !question.startsWith('POST /engine-rest/task?')) return;
        for (const [id, was] of turning) {
          if (random.next() < 0.5) continue;
          const is = was === 'red' ? 'blue' : 'red';
          await link(id, was, '/delete');
          await link(id, is);
          turning.set(id, is);
        }
      },
    );
    await expect
      .poll(async () => Object.keys(await candidatesIn(node.log, ['default'])), { timeout: 180_000 })
      .toEqual(expect.arrayContaining([...turning.keys()]));
    isTurning = false;
    await untilSame(engine.rest);
    expect(proxy.asked.some((question) => question.includes('/task/report/'))).toBe(true);
    const told = (await node.events()).filter(({ subject }) => turning.has(subject.slice('task/'.length)));
    expect(told.length).toBeGreaterThanOrEqual(turning.size);
    for (const { data } of told) expect(data.candidateGroups ?? []).not.toEqual(['blue', 'red']);
  }, 400_000);

  test('the candidates are those that the engine has, whatever their groups are called, and few are asked about alone', async () => {
    const alone = await addOdd(engine);
    const { single, untilSame } = await synchronise(engine, 'whole');
    await untilSame(engine.rest, ['default', 'acme']);
    expect([...single()]).toEqual(expect.arrayContaining(alone));
    const many = await engine.rest('GET', '/task?processDefinitionKey=many&maxResults=1000');
    expect(many.length).toBeGreaterThan(MANY);
    expect(many.filter(({ id }) => single().has(id))).toEqual([]);
  }, 300_000);

  test.runIf(IS_LONG)(
    'an account that may not read reports is told the same, one by one',
    async () => {
      await engine.rest('POST', '/authorization/create', {
        type: 1,
        userId: 'bob',
        resourceType: 6,
        resourceId: '*',
        permissions: ['READ', 'READ_INSTANCE', 'READ_HISTORY', 'READ_TASK'],
      });
      // Of tasks without a process that account would see a list, and be refused each.
      for (const { id, processInstanceId } of await engine.rest('GET', '/task?maxResults=1000'))
        if (!processInstanceId) await engine.rest('DELETE', `/task/${id}`);
      await engine.again({ [`${settings}_AUTHORIZATION_ENABLED`]: 'true' });
      const bob = engineRest(engine.url, { user: 'bob', password: PEOPLE });
      await expect(bob('GET', '/task/report/candidate-group-count')).rejects.toThrow(/403/);
      const { single, untilSame } = await synchronise(engine, 'bob', {
        CAMUNDA_USER: 'bob',
        CAMUNDA_PASSWORD: PEOPLE,
      });
      await untilSame(bob);
      expect(single().size).toBeGreaterThanOrEqual(MANY);
    },
    400_000,
  );
});

test.runIf(IS_LONG)(
  'of a database that does not tell large letters from small ones each name is taken as it was given',
  async () => {
    await buildEngine();
    const engine = await startVariedEngine({
      ...PLAIN,
      ENGINE_JDBC_URL: 'jdbc:h2:mem:engine;DB_CLOSE_DELAY=-1;IGNORECASE=TRUE',
    });
    onTestFinished(() => engine.stop());
    await addMany(engine);
    const names = ['Sales', 'sales', 'SALES'];
    for (const [n, groupId] of names.entries()) {
      await engine.rest('POST', '/task/create', { id: `sales-${n}`, name: 'Sell' });
      await engine.rest('POST', `/task/sales-${n}/identity-links`, { groupId, type: 'candidate' });
    }
    const report = await engine.rest('GET', '/task/report/candidate-group-count');
    expect(report.filter(({ groupName }) => groupName?.toLowerCase() === 'sales')).toHaveLength(1);
    const { node, untilSame } = await synchronise(engine, 'blind');
    await untilSame(engine.rest);
    // A look would have put right what was wrong at first.
    const told = (await node.events()).filter(({ subject }) => subject.startsWith('task/sales-'));
    expect(told).toHaveLength(names.length);
    for (const { data } of told)
      expect(data.candidateGroups).toEqual([names[data.taskId.slice('sales-'.length)]]);
  },
  400_000,
);
