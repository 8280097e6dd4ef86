import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { io } from 'socket.io-client';
import { expect, onTestFinished, test } from 'vitest';
import { hashOfKey } from '../packages/gateway/src/auth/publishers.ts';
import { startRedis } from '../packages/log/test/redis-server.ts';
import { tokenOf } from '../scripts/lib/token.mjs';
import { startGateway, untilReady } from '../scripts/stack/gateway.mjs';

const secret = () => randomBytes(24).toString('hex');

/** An engine that fails at whatever it is asked, and says so at length. */
async function startBrokenEngine() {
  const server = createServer((request, response) => {
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ type: 'Broken', message: `no answer to ${request.url}` }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${server.address().port}/engine-rest`;
}

test('No secret is in what a gateway logs, answers or counts, whatever goes wrong', {
  timeout: 120_000,
}, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'secrets-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const given = {
    JWT_SECRET: secret(),
    PUBLISH_KEY: secret(),
    METRICS_KEY: secret(),
    CAMUNDA_PASSWORD: secret(),
  };
  const [redisPassword, engine2, alice, shop] = [secret(), secret(), secret(), secret()];
  const [bank, cards] = [randomBytes(32).toString('base64'), `whsec_${secret()}`];
  const [told, address] = [randomBytes(32).toString('base64'), secret()];
  const redis = await startRedis();
  onTestFinished(() => redis[Symbol.asyncDispose]());
  await redis.admin.config('SET', 'requirepass', redisPassword);
  const log = path.join(folder, 'gateway.txt');
  const url = await startBrokenEngine();
  const gateway = await startGateway({
    log,
    env: {
      ...given,
      PORT: '0',
      REDIS_URL: `redis://:${redisPassword}@127.0.0.1:${redis.port}`,
      CAMUNDA_URL: url,
      CAMUNDA_USER: 'gateway',
      ENGINES: JSON.stringify([{ name: 'second', url, user: 'gateway', password: engine2 }]),
      USERS: JSON.stringify([{ user: 'alice', password: alice, groups: ['all'] }]),
      PUBLISHERS: JSON.stringify([{ name: 'shop', keys: [hashOfKey(shop)], types: ['x:order'] }]),
      WEBHOOKS: JSON.stringify([
        { name: 'bank', scheme: 'standard', secrets: [`whsec_${bank}`] },
        { name: 'cards', scheme: 'stripe', secrets: [cards] },
      ]),
      SUBSCRIPTIONS: JSON.stringify([
        { name: 'told', url: `${url}?key=${address}`, secrets: [`whsec_${told}`], retryHours: 1e-9 },
      ]),
      LIMIT_CHAT_COMMANDS: '20/1',
      LIMIT_REFUSALS: '20/1',
      LOG_LEVEL: 'trace',
    },
  });
  onTestFinished(() => gateway.stop());
  await untilReady(gateway);

  const tokens = ['alice', 'bob'].map((user) =>
    tokenOf(given.JWT_SECRET, { user, groups: ['all'], domain: 'default' }),
  );
  const foreign = tokenOf(secret(), { user: 'alice', groups: [], domain: 'default' });
  const wrong = { password: secret(), key: secret() };
  const secrets = {
    ...given,
    redisPassword,
    engine2,
    alice,
    shop,
    hash: hashOfKey(shop),
    bank,
    bankKey: Buffer.from(bank, 'base64').toString('hex'),
    cards,
    told,
    address,
    first: tokens[0],
    second: tokens[1],
    foreign,
    wrongPassword: wrong.password,
    wrongKey: wrong.key,
    basic: Buffer.from(`gateway:${given.CAMUNDA_PASSWORD}`).toString('base64'),
  };

  const answers = [];
  const heardOf = [];
  const ask = async (place, { key, body, ...more } = {}) => {
    const answer = await fetch(gateway.url + place, {
      ...(body === undefined ? {} : { method: 'POST', body }),
      headers: {
        'content-type': 'application/json',
        ...(key ? { authorization: `Bearer ${key}` } : {}),
        ...more.headers,
      },
    });
    answers.push([...answer.headers].join('\n'), await answer.text());
    return answer.status;
  };
  const event = (id, more) =>
    JSON.stringify({
      specversion: '1.0',
      id,
      source: 's',
      type: 'x:order',
      groupid: 'all',
      data: {},
      ...more,
    });
  const flood = async (user, auth) => {
    const socket = io(gateway.url, { auth, transports: ['websocket'], forceNew: true, reconnection: false });
    onTestFinished(() => void socket.disconnect());
    socket.onAny((...said) => answers.push(JSON.stringify(said)));
    const end = new Promise((resolve) => {
      socket.on('connect_error', (error) =>
        resolve(answers.push(JSON.stringify(error.data ?? error.message))),
      );
      socket.on('closing', resolve);
    });
    for (let i = 0; i < 60; i++) {
      socket.emit('message:send', { executionId: `e-${user}`, content: 'x' }, (said) =>
        answers.push(JSON.stringify(said)),
      );
      socket.emit('task:claim', { taskId: `${i}` }, (said) => answers.push(JSON.stringify(said)));
      socket.emit('process:start', { processDefinitionKey: 'p' }, (said) =>
        answers.push(JSON.stringify(said)),
      );
    }
    await end;
  };

  await Promise.all([
    flood('alice', { token: tokens[0] }),
    flood('bob', { token: tokens[1] }),
    flood('eve', { token: foreign }),
    flood('nobody', { token: { token: tokens[0] } }),
  ]);
  for (const key of [given.PUBLISH_KEY, shop, wrong.key, tokens[0], foreign, given.METRICS_KEY]) {
    await ask('/v1/events', { key, body: event('1') });
    await ask('/v1/events', { key, body: event('1', { data: { other: 1 } }) });
    await ask('/v1/events', { key, body: event('2', { type: 'x:none' }) });
    await ask('/v1/events', { key, body: '{"half":' });
    await ask('/v1/engine', { key, body: JSON.stringify({ engine: 'default', commands: [{}, { id: 1 }] }) });
    await ask('/v1/dead-letters', { key });
    await ask('/v1/state?room=user:alice', { key });
    await ask('/v1/state?room=nonsense', { key });
    await ask('/nothing', { key });
    await ask('/metrics', { key });
  }
  const payment = {
    type: 'payment.failed',
    timestamp: new Date().toISOString(),
    data: { paymentId: 'p', amount: 1, currency: 'EUR', failure: 'none' },
  };
  const bodies = [payment, { ...payment, data: {} }].map((body) => JSON.stringify(body));
  for (const name of ['bank', 'cards', 'nobody'])
    for (const body of [...bodies, '{"half":'])
      for (const key of [Buffer.from(bank, 'base64'), cards, wrong.key]) {
        const time = Math.floor(Date.now() / 1000);
        const sign = (text) => createHmac('sha256', key).update(text);
        const headers = {
          'webhook-id': 'm',
          'webhook-timestamp': `${time}`,
          'webhook-signature': `v1,${sign(`m.${time}.${body}`).digest('base64')}`,
          'stripe-signature': `t=${time},v1=${sign(`${time}.${body}`).digest('hex')}`,
        };
        heardOf.push(await ask(`/v1/webhooks/${name}`, { body, headers }));
      }
  expect([...new Set(heardOf)].sort()).toEqual([200, 400, 401]);
  for (const password of [alice, wrong.password]) {
    await ask('/login', { body: JSON.stringify({ user: 'alice', password }) });
    await ask('/login', { body: `{"user":"alice","password":"${password}"` });
    await ask('/login', { body: JSON.stringify({ user: ['alice'], password }) });
  }
  // A login answers with a token of its own, which is for who has asked; it is looked for in the log alone.
  const logins = answers.flatMap((text) => /"token":"([^"]+)"/.exec(text)?.[1] ?? []);
  expect(logins.length).toBeGreaterThan(0);
  // What it has tried twice to deliver it gives up, while there is a log to keep that in.
  await expect.poll(() => readFile(log, 'utf8')).toContain('undelivered_event');
  await redis.kill();
  for (const key of tokens) await ask('/v1/state?room=user:alice', { key });
  await ask('/ready');
  expect(await ask('/metrics', { key: given.METRICS_KEY })).toBe(200);

  await gateway.stop();
  const said = await readFile(log, 'utf8');
  // It has had much to say.
  expect(said).toContain('"result":"forbidden"');
  expect(said).toContain('"result":"token_invalid"');
  expect(said).toContain('"level":50');
  expect(said).toContain('an event can not be delivered');
  expect(said).toContain('undelivered_event');
  const all = answers.join('\n');
  for (const [name, text] of Object.entries(secrets)) {
    expect([name, said.includes(text), all.includes(text)]).toEqual([name, false, false]);
    expect([name, said.includes(encodeURIComponent(text))]).toEqual([name, false]);
  }
  for (const token of logins) expect(said.includes(token)).toBe(false);
});
