import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CATALOGUE, INWARD_KINDS } from '@netbuild/realtime-protocol';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProvider } from '../scripts/demo/provider.mjs';
import { startBrowser } from '../scripts/lib/browser.mjs';
import { buildApp } from '../scripts/lib/build.mjs';
import { APP_DIR, at } from '../scripts/lib/paths.mjs';
import { openScreen } from '../scripts/smoke/screen.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';

const KEY = randomBytes(32).toString('hex');
const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const PASSWORD = 'of a test';

/** Makes events by the public ways in. They come into the execution `e1`, which the page shows. */
const PRODUCERS = [
  {
    makes: ['execution:created'],
    run: ({ publish }) =>
      publish('execution:created', { executionId: 'e1', title: 'All of it', participants: ['alice', 'bob'] }),
  },
  // What a real engine's plugin has posted.
  {
    makes: [
      'process:started',
      'process:updated',
      'process:completed',
      'activity:started',
      'activity:completed',
      'task:created',
      'task:assigned',
      'task:unassigned',
      'task:completed',
    ],
    run: ({ engine }) => engine('happy-path'),
  },
  {
    makes: ['process:cancelled', 'task:cancelled', 'task:updated'],
    run: ({ engine }) => engine('candidates'),
  },
  { makes: ['process:suspended', 'process:resumed'], run: ({ engine }) => engine('suspend-activate') },
  { makes: ['process:linked', 'activity:updated'], run: ({ engine }) => engine('late-link') },
  { makes: ['process:error', 'process:error-resolved'], run: ({ engine }) => engine('failed-job') },
  {
    makes: ['process:error-updated'],
    async run({ publish }) {
      await publish('process:started', { processInstanceId: 'late', processDefinitionKey: 'd' });
      await publish('process:error', { incidentId: 'i', processInstanceId: 'late', activityId: 'a' });
      await publish('process:linked', { processInstanceId: 'late', businessKey: 'e1' });
    },
  },
  // People, on the page and by commands of a socket.
  {
    makes: ['execution:updated'],
    run: ({ command }) => command('execution:invite', { executionId: 'e1', users: ['carol'] }),
  },
  {
    makes: ['message:new', 'message:read', 'message:edited'],
    async run({ screen, command, world }) {
      await screen.say('Good morning.');
      await screen.hears('Good morning.');
      const { messageId } = (await command('message:send', { executionId: 'e1', content: 'Hello' })).result;
      world.messageId = messageId;
      await command('message:read', { executionId: 'e1', messageId });
      await command('message:edit', { messageId, content: 'Hello, all' });
    },
  },
  {
    makes: ['message:deleted', 'data:erased'],
    run: ({ command, world: { messageId } }) => command('message:delete', { messageId }),
  },
  // Agents, and what people do about them on the page. The line of a run is as the run is: each has its own look.
  {
    makes: ['agent:thinking'],
    run: ({ publish }) =>
      publish('agent:thinking', { agentId: 'r1', agent: 'summarise', executionId: 'e1', words: 'reading' }),
  },
  {
    makes: ['message:appended'],
    async run({ publish }) {
      const said = { agentId: 'r1', messageId: 'r1-1' };
      await publish('message:appended', { ...said, offset: 0, text: 'Three ' });
      await publish('message:appended', { ...said, offset: 6, text: 'lines.' });
    },
  },
  { makes: ['agent:completed'], run: ({ publish }) => publish('agent:completed', { agentId: 'r1' }) },
  {
    makes: ['agent:updated'],
    async run({ publish }) {
      await publish('process:started', { processInstanceId: 'later', processDefinitionKey: 'd' });
      const asked = { agentId: 'r2', agent: 'translate', processInstanceId: 'later' };
      // It is not taken for silent before people have stopped it.
      await publish('agent:thinking', { ...asked, ttl: 60_000 });
      await publish('approval:requested', {
        approvalId: 'a2',
        title: 'The order',
        candidateUsers: ['alice'],
        processInstanceId: 'later',
      });
      await publish('process:linked', { processInstanceId: 'later', businessKey: 'e1' });
    },
  },
  {
    makes: ['agent:stopping'],
    run: ({ screen }) => screen.act(/^Stop: .*translate/),
  },
  {
    makes: ['agent:failed'],
    run: ({ publish }) => publish('agent:failed', { agentId: 'r2', reason: 'failed', failure: 'No words.' }),
  },
  { makes: ['agent:retrying'], run: ({ screen }) => screen.act(/^Try again: translate/) },
  // Approvals that are asked for from outside, and decided on the page.
  {
    makes: ['approval:requested', 'approval:updated', 'approval:completed'],
    async run({ publish, screen }) {
      const asked = { title: 'The offer', candidateUsers: ['alice'], executionId: 'e1' };
      await publish('approval:requested', { approvalId: 'a1', ...asked });
      await screen.act(/^Approve: .*The offer/);
    },
  },
  {
    makes: ['form:submitted'],
    async run({ publish }) {
      const form = { formKey: 'order', formVersion: '1', submittedBy: 'bob', executionId: 'e1' };
      await publish('process:started', { processInstanceId: 'filled', businessKey: 'e1' });
      await publish('form:submitted', {
        submissionId: 's1',
        ...form,
        processInstanceId: 'filled',
        variables: { set: { contact: 'zoe' } },
      });
    },
  },
  { makes: ['form:updated'], run: ({ publish }) => publish('data:erased', { user: 'zoe' }) },
  // A provider of payments, by webhooks that it signs.
  {
    makes: ['payment:initiated', 'payment:status', 'payment:confirmed'],
    async run({ provider }) {
      const payment = { paymentId: 'p', amount: 1250, currency: 'EUR', executionId: 'e1' };
      await provider.say('initiated', payment);
      await provider.say('succeeded', payment);
    },
  },
  // Cortex, and what people decide on the page.
  {
    makes: ['microservice:generating', 'microservice:failed', 'microservice:deployed'],
    async run({ publish }) {
      const service = { microserviceId: 'm', name: 'Orders', executionId: 'e1' };
      const started = new Date().toISOString();
      await publish('microservice:generating', { ...service, started, progress: 40, step: 'Writing tests' });
      await publish('microservice:failed', { ...service, started, failure: 'No disk.' });
      await publish('microservice:deployed', { ...service, url: 'https://orders.example.com' });
    },
  },
  {
    makes: ['optimization:suggested', 'optimization:accepted', 'optimization:dismissed'],
    async run({ publish, screen: { page } }) {
      for (const optimizationId of ['yes', 'no'])
        await publish('optimization:suggested', { optimizationId, title: optimizationId, executionId: 'e1' });
      await page.getByRole('button', { name: 'Accept: Suggestion: yes' }).click();
      await page.getByRole('button', { name: 'Dismiss: Suggestion: no' }).click();
      await page.getByTestId('line-action-field').fill('Not now.');
      await page.getByTestId('line-action-send').click();
    },
  },
  {
    makes: ['pattern:learned'],
    run: ({ publish }) =>
      publish('pattern:learned', { patternId: 'p', name: 'Late', learned: 'Fridays.', executions: ['e1'] }),
  },
];

/** What has no line of its own, by design; the page's client gets it all the same. */
const WITHOUT_LINE = {
  'message:edited': 'the message reads anew where it was said',
  'message:appended': 'the message that an agent is saying grows where it is said',
  'message:read': 'how far somebody has read is no part of the story',
  'data:erased': 'what was erased goes, and that it was is told by what remains',
};

/** What people can see: the rest is book-keeping of the gateway, in rooms that nobody enters. */
const SEEN = [...CATALOGUE.values()]
  .filter(({ subject }) => !INWARD_KINDS.includes(subject.kind))
  .map(({ type }) => type);

let dir;
let gateway;
let browser;
let socket;
let tools;
/** The types of all events that the page's own connection has got. */
const received = new Set();

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'catalogue-'));
  await buildApp();
  gateway = await startGateway({
    log: path.join(dir, 'gateway.log'),
    env: {
      PORT: '0',
      DATA_DIR: path.join(dir, 'gateway'),
      JWT_SECRET: randomBytes(32).toString('hex'),
      PUBLISH_KEY: KEY,
      WEBHOOKS: JSON.stringify([{ name: 'bank', scheme: 'standard', secrets: [SECRET] }]),
      USERS: JSON.stringify([
        { user: 'alice', password: PASSWORD },
        { user: 'bob', password: PASSWORD },
      ]),
      APP_DIR,
    },
  });
  const post = async (route, body) => {
    const answer = await fetch(`${gateway.url}${route}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.ok, `${route}: ${answer.status} ${await answer.clone().text()}`).toBe(true);
    return answer.json();
  };
  let events = 0;
  const publish = (type, data) =>
    post('/v1/events', { specversion: '1.0', id: `${++events}`, source: 'test', type, data });
  const { token } = await post('/login', { user: 'bob', password: PASSWORD });
  socket = io(gateway.url, { auth: { token }, transports: ['websocket'] });
  await PRODUCERS[0].run({ publish });

  browser = await startBrowser();
  const screen = await openScreen(await browser.newContext({ viewport: { width: 1280, height: 860 } }), {
    who: 'alice',
    url: gateway.url,
    password: PASSWORD,
    prepare: async (page) => {
      page.on('websocket', (one) =>
        one.on('framereceived', ({ payload }) => {
          for (const [, type] of `${payload}`.matchAll(/"type":"([a-z-]+:[a-z-]+)"/g)) received.add(type);
        }),
      );
    },
  });
  await screen.watch('e1');
  tools = {
    world: {},
    screen,
    publish,
    provider: createProvider({ url: `${gateway.url}/v1/webhooks/bank`, secret: SECRET }),
    async command(name, input) {
      const answer = await socket.timeout(10_000).emitWithAck(name, input);
      expect(answer, name).toMatchObject({ success: true });
      return answer;
    },
    /** Posts what was recorded of a real engine, in this execution and as alice's. */
    async engine(recording) {
      const text = await readFile(at(`packages/engine/test/recordings/${recording}.json`), 'utf8');
      const { posts } = JSON.parse(
        text
          .replace(/"businessKey":"[^"]+"/g, '"businessKey":"e1"')
          .replace(/"startUserId":"[^"]+"/g, '"startUserId":"alice"'),
      );
      for (const { commands } of posts) await post('/v1/engine', { engine: 'default', commands });
    },
  };
}, 120_000);

afterAll(async () => {
  socket?.disconnect();
  await browser?.close();
  await gateway?.stop();
  await rm(dir, { recursive: true, force: true });
});

test('each type that people can see has a producer, and each exception is one of them', () => {
  expect(PRODUCERS.flatMap(({ makes }) => makes).sort()).toEqual([...SEEN].sort());
  expect(SEEN).toEqual(expect.arrayContaining(Object.keys(WITHOUT_LINE)));
});

test.each(PRODUCERS.map((producer) => [producer.makes.join(', '), producer]))(
  'on the page arrives %s',
  {
    timeout: 60_000,
  },
  async (_, { makes, run }) => {
    if (makes[0] !== 'execution:created') await run(tools);
    const { page } = tools.screen;
    for (const type of makes) {
      if (type in WITHOUT_LINE) await expect.poll(() => received, { timeout: 10_000 }).toContain(type);
      else {
        const words = page
          .locator(`[data-testid=timeline-line][data-event-type="${type}"]`)
          .locator('.nb-line-text, .nb-message-text')
          .first();
        await words.waitFor({ timeout: 10_000 });
        // A type without words would be called by its name.
        expect(await words.textContent()).not.toBe(type);
      }
    }
    expect(tools.screen.crashes).toEqual([]);
  },
);
