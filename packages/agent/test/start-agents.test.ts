import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { reply } from '../../engine/test/support/rest.ts';
import { startTopic } from '../../engine/test/support/tasks.ts';
import {
  type AgentHandler,
  type AgentOptions,
  agent,
  BpmnError,
  Hopeless,
  startAgents,
} from '../src/index.ts';

interface Told {
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: facts of every shape.
  data: any;
}

/** A gateway that takes everything, but what a test refuses by its code. */
async function startGateway() {
  const told: Told[] = [];
  const gateway = { url: '', told, refuses: (_: Told): string | undefined => undefined };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const results = (JSON.parse(text) as (Told & { id: string })[]).map(({ id, type, data }) => {
      const code = gateway.refuses({ type, data });
      if (code !== undefined)
        return { id, status: 'refused', error: { code, message: code, retryable: false } };
      told.push({ type, data });
      return { id, status: 'new', seq: told.length };
    });
    response.end(JSON.stringify({ epoch: 'e', seq: told.length, settle: 0, results }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  gateway.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return gateway;
}

/** The agent `work`, with a task, an engine and a gateway of its own. */
async function startWork(handle: AgentHandler, options: AgentOptions = {}, variables = {}) {
  const [topic, gateway] = await Promise.all([startTopic(), startGateway()]);
  const agents = startAgents({
    gateway: { url: gateway.url, key: 'k' },
    engine: { url: topic.url },
    agents: [agent('work', handle, options)],
    onTrouble: () => undefined,
    timing: { ttl: 3000, stepEvery: 20, lockDuration: 90, castEvery: 5, askEvery: 10, wait: 1000 },
  });
  onTestFinished(() => agents.close(0));
  topic.add('t1', { variables, activityId: 'step' });
  const of = (type: string) => gateway.told.filter((one) => one.type === type).map(({ data }) => data);
  return { topic, gateway, agents, of };
}

const until = (look: () => unknown) => expect.poll(look, { timeout: 10_000, interval: 5 });
const forever = () => new Promise<never>(() => undefined);

test('A task is worked off with its variables, and its result is told but for what is not to be', async () => {
  const { topic, of } = await startWork(
    async ({ variables }, say) => {
      await say(`${variables.order.item}s`);
      return {
        count: 2,
        secret: 'x',
        order: variables.order,
        when: { type: 'Date', value: '2026-01-01T12:00:00.000Z' },
      };
    },
    { tell: ['count', 'order', 'when'] },
    { order: { type: 'Json', value: '{"item":"chair"}' } },
  );
  await until(() => topic.of('complete')).toMatchObject([
    {
      body: {
        variables: {
          count: { value: 2 },
          secret: { value: 'x' },
          order: { type: 'Json', value: '{"item":"chair"}' },
          when: { type: 'Date' },
        },
      },
    },
  ]);
  const result = { count: 2, order: { item: 'chair' }, when: '2026-01-01T12:00:00.000Z' };
  expect(of('agent:completed')).toMatchObject([{ agentId: 't1.1', result }]);
  expect(of('agent:completed')[0].result).toEqual(result);
  expect(of('agent:thinking')[0]).toMatchObject({
    externalTaskId: 't1',
    processInstanceId: 'p1',
    activityId: 'step',
  });
});

test.each([
  [
    'a failure, which costs a try',
    new Error('no model'),
    'failure',
    { retries: 2, errorMessage: 'no model' },
    undefined,
  ],
  ['one that no other try would mend', new Hopeless('no text'), 'failure', { retries: 0 }, undefined],
  [
    'an error of the model’s own',
    new BpmnError('NO_TEXT', 'no text'),
    'bpmnError',
    { errorCode: 'NO_TEXT' },
    'NO_TEXT',
  ],
])('What an agent throws is %s, to the engine and to people', async (_what, error, verb, body, code) => {
  const { topic, of } = await startWork(() => Promise.reject(error));
  await until(() => topic.of(verb)).toMatchObject([{ id: 't1', body }]);
  expect(of('agent:failed')).toMatchObject([{ reason: 'failed', failure: error.message }]);
  expect(of('agent:failed')[0].code).toBe(code);
});

test.each([
  ['waits without tries', {}, 'failure', { retries: 0 }],
  [
    'goes on by the error that the model has for it',
    { stopped: 'STOPPED' },
    'bpmnError',
    { errorCode: 'STOPPED' },
  ],
])(
  'A stop reaches an agent that says nothing and listens to nothing, and its task %s',
  async (_how, options, verb, body) => {
    const { topic, gateway, of } = await startWork(forever, options);
    await until(() => of('agent:delta')).not.toHaveLength(0);
    expect(of('agent:delta')[0]).toMatchObject({ agentId: 't1.1', text: '' });
    gateway.refuses = ({ type }) => (type === 'agent:delta' ? 'agent_stopped' : undefined);
    await until(() => topic.of(verb)).toMatchObject([{ id: 't1', body }]);
    expect(of('agent:failed')).toMatchObject([{ reason: 'stopped' }]);
  },
);

test('An agent whose lock is lost is told so, and nothing more is said to the engine', async () => {
  const aborted = Promise.withResolvers<void>();
  const { topic, of } = await startWork((_task, _say, signal) => {
    signal.addEventListener('abort', () => aborted.resolve());
    return forever();
  });
  await until(() => of('agent:thinking')).not.toHaveLength(0);
  topic.next('extendLock', reply(404, '{"type":"RestException","message":"does not exist"}'));
  await aborted.promise;
  await until(() => of('agent:failed')).toMatchObject([{ reason: 'cancelled' }]);
  expect(topic.reported.filter(({ verb }) => verb !== 'extendLock')).toEqual([]);
});

test('A run that has ended without the agent is tried again, and its end is not told twice', async () => {
  const { topic, gateway, of } = await startWork(forever);
  await until(() => of('agent:thinking')).not.toHaveLength(0);
  gateway.refuses = () => 'agent_ended';
  await until(() => topic.of('failure')).toMatchObject([{ body: { retries: 2 } }]);
  expect(of('agent:failed')).toEqual([]);
});

test('Agents that are closed let what is under way come to its end for a while, and give back the rest', async () => {
  const work = Promise.withResolvers<void>();
  const { topic, agents, of } = await startWork(() => work.promise);
  topic.add('t2');
  await until(() => of('agent:thinking').map(({ agentId }) => agentId)).toContain('t2.1');
  const closed = agents.close(100);
  await closed;
  expect(topic.of('failure')).toMatchObject([{ body: { retries: 3 } }, { body: { retries: 3 } }]);
  expect(of('agent:failed')).toMatchObject([{ reason: 'cancelled' }, { reason: 'cancelled' }]);
});
