import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createDatabase } from '../packages/gateway/src/database.ts';
import { createPublish } from '../packages/gateway/src/ingest/publish.ts';
import { OWN_DOMAIN } from '../packages/gateway/src/own-domain.ts';
import { PUBLISH_KEY, startBench, until } from '../packages/gateway/test/support/gateway.ts';
import { linesOf } from '../packages/gateway/test/support/lines.ts';
import { openLog } from '../packages/gateway/test/support/log.ts';
import { openRewindable } from '../packages/gateway/test/support/rewindable.ts';
import { openRedisLog, openSqliteLog } from '../packages/log/src/index.ts';
import { startRedis } from '../packages/log/test/redis-server.ts';
import { at, bin } from '../scripts/lib/paths.mjs';
import { tokenOf } from '../scripts/lib/token.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';
import { startMongodb } from '../scripts/stack/mongodb.mjs';

let folder;
let server;
let databases = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mongodb-'));
  server = await startServer();
}, 120_000);

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const startServer = (port) => startMongodb({ log: path.join(folder, 'mongodb.txt'), folder, port });

/** A question to another process is not for nothing. */
const PATIENT = { timeout: 30_000, interval: 100 };

/** An empty database, and its settings of a gateway. */
async function openDatabase(sources) {
  const url = server.address(`test${++databases}`);
  const database = createDatabase(url);
  onTestFinished(() => database.close());
  const env = { MONGODB_URL: url, MONGODB_SOURCES: JSON.stringify(sources) };
  return { db: await database.db(), env };
}

/** A gateway that follows the sources; quick in what people would not notice. */
async function startFollowing(env, { leaseEvery = 200, ...parts } = {}) {
  const { database = createDatabase(env.MONGODB_URL) } = parts;
  const { logger, lines } = linesOf('info');
  const bench = await startBench(env, {
    database,
    logger,
    capture: { leaseEvery, retryAfter: 50 },
    ...parts,
  });
  onTestFinished(() => database.close());
  const said = (from) => lines().filter(({ level }) => level >= from);
  return {
    ...bench,
    warnings: () => said(40),
    /** Until all was read that was there, so that what comes now comes by the stream. */
    untilFollowing: () =>
      until(() => said(30).some(({ msg }) => msg === 'the collection was read')).toBe(true),
  };
}

/** The events of a domain that are of sources, as they stand in the log. */
async function eventsOf({ log }, domain = 'default') {
  const { entries } = await log.read(domain, { after: 0, limit: 10_000 });
  const all = entries.filter(({ erased }) => !erased).map(({ body }) => JSON.parse(body));
  return all.filter(({ id }) => id.startsWith('mongodb/'));
}

/** Orders, in whose execution is told what becomes of them. */
const ORDERS = {
  collection: 'orders',
  version: 'version',
  time: 'changed',
  events: [
    {
      type: 'x:order',
      data: { order: '_id', total: 'amounts.total', 'by.shop': { value: 'main' } },
      rooms: { executionid: 'execution', userid: 'of' },
    },
    { type: 'x:order-gone', on: ['delete'], data: { order: '_id' }, rooms: { userid: '_id' } },
  ],
};

test('what is inserted, updated, replaced and deleted comes to a socket, in that order', async () => {
  const { db, env } = await openDatabase([ORDERS]);
  const gateway = await startFollowing(env);
  await gateway.untilFollowing();
  await gateway.publish('default', [
    {
      source: 'test',
      id: '1',
      type: 'execution:created',
      time: new Date().toISOString(),
      data: { executionId: 'e1', title: 'e1', participants: ['o1'] },
    },
  ]);
  const socket = await gateway.plain('o1');
  await socket.timeout(5000).emitWithAck('join-execution', 'e1');
  const heard = [];
  socket.on('order', (data, { type, time }) => heard.push([type, data.total, data, time]));
  socket.on('order-gone', (data, { type }) => heard.push([type, data]));
  const orders = db.collection('orders');
  const changed = new Date();
  await orders.insertOne({
    _id: 'o1',
    version: 1,
    changed,
    execution: 'e1',
    amounts: { total: 1 },
    secret: 's',
  });
  await until(() => heard.length).toBe(1);
  await orders.updateOne({ _id: 'o1' }, { $set: { 'amounts.total': 2, version: 2 } });
  await until(() => heard.length).toBe(2);
  await orders.replaceOne({ _id: 'o1' }, { version: 3, changed, execution: 'e1', amounts: { total: 3 } });
  await until(() => heard.length).toBe(3);
  await orders.deleteOne({ _id: 'o1' });
  await until(() => heard.length).toBe(4);
  const told = (total) => [
    'x:order',
    total,
    { order: 'o1', total, by: { shop: 'main' } },
    changed.toISOString(),
  ];
  expect(heard).toEqual([told(1), told(2), told(3), ['x:order-gone', { order: 'o1' }]]);
  expect(gateway.warnings()).toEqual([]);
});

/** An order in its first version, or in a later one. */
const order = (_id, version = 1) => ({
  _id,
  version,
  changed: new Date(),
  execution: 'e1',
  of: 'alice',
  amounts: { total: version },
});

/** What is told of orders: their numbers and totals, in order. */
const told = async (gateway) => (await eventsOf(gateway)).map(({ data }) => `${data.order}: ${data.total}`);
const orders = (from, to) => Array.from({ length: to - from }, (_, n) => `${from + n}: 1`);

/** How far a source was read, as whoever has it next would find it. */
async function leaseOf({ log }) {
  const [row] = await log.rows(OWN_DOMAIN, ['lease/mongodb/orders']);
  return row && JSON.parse(row.body).data;
}

/** Waits until it is written down that the stream was read up to here. */
async function untilWritten(gateway) {
  const before = (await leaseOf(gateway)).renewed;
  await until(async () => (await leaseOf(gateway)).renewed > before).toBe(true);
}

test('what was there before is read at the first start, and again where the server has said no resume point, and is told once', async () => {
  const { db, env } = await openDatabase([
    ORDERS,
    {
      collection: 'payments',
      time: 'at',
      events: [
        {
          type: 'payment:status',
          data: { paymentId: '_id', status: 'status', amount: 'cents', currency: { value: 'EUR' } },
        },
      ],
    },
  ]);
  const log = await openLog();
  const long = 8 * 86_400_000;
  await db.collection('orders').insertMany([
    ...Array.from({ length: 1100 }, (_, n) => order(n)),
    // Of so long ago nobody could tell whether it is known.
    { ...order('old'), changed: new Date(Date.now() - long) },
  ]);
  const { insertedId } = await db
    .collection('payments')
    .insertOne({ status: 'initiated', cents: 12, at: new Date(Date.now() - long) });
  const whole = async (gateway) => {
    await until(async () => (await gateway.log.head('default')).seq).toBe(1102);
    await db.collection('orders').insertOne(order('next'));
    await until(async () => (await gateway.log.head('default')).seq).toBe(1103);
  };
  const first = await startFollowing(env, { log });
  await whole(first);
  await first.close();
  await db.collection('orders').deleteOne({ _id: 'next' });
  const payment = { status: 'succeeded', at: new Date() };
  await db.collection('payments').updateOne({ _id: insertedId }, { $set: payment });

  const again = await startFollowing(env, { log });
  await until(async () => (await log.head('default')).seq).toBe(1106);
  const all = await eventsOf(again);
  expect(all.filter(({ type }) => type === 'x:order').map(({ data }) => data.order)).toEqual([
    ...Array.from({ length: 1100 }, (_, n) => n),
    'next',
  ]);
  expect(all.filter(({ type }) => type.startsWith('payment:')).map(({ type }) => type)).toEqual([
    'payment:initiated',
    'payment:status',
    'payment:confirmed',
    'payment:status',
  ]);
  expect(again.warnings()).toEqual([]);
}, 60_000);

/** A database whose first reading waits for a word. */
function heldDatabase(url) {
  const database = createDatabase(url);
  onTestFinished(() => database.close());
  const asked = Promise.withResolvers();
  const word = Promise.withResolvers();
  const instead = (of, name, call) =>
    new Proxy(of, {
      get(target, wanted) {
        const own = Reflect.get(target, wanted, target);
        if (wanted === name) return call;
        return typeof own === 'function' ? own.bind(target) : own;
      },
    });
  const held = (collection) =>
    instead(collection, 'find', (...question) => ({
      async toArray() {
        asked.resolve();
        await word.promise;
        return collection.find(...question).toArray();
      },
    }));
  const db = async () => {
    const real = await database.db();
    return instead(real, 'collection', (name) => held(real.collection(name)));
  };
  return { database: { ...database, db }, asked: asked.promise, release: word.resolve };
}

test('what is written while the collection is read for the first time is told, and no document goes back', async () => {
  const { db, env } = await openDatabase([ORDERS]);
  const all = db.collection('orders');
  await all.insertMany([order(0), order(1)]);
  const { database, asked, release } = heldDatabase(env.MONGODB_URL);
  const gateway = await startFollowing(env, { database });
  // The stream is open by then, and has what comes now; so has the reading.
  await asked;
  await all.insertMany([order(2), order(3)]);
  for (const _id of [0, 2]) await all.updateOne({ _id }, { $set: { version: 2, 'amounts.total': 2 } });
  await all.deleteOne({ _id: 3 });
  release();
  await until(async () => (await told(gateway)).length).toBeGreaterThanOrEqual(4);
  await all.insertOne(order('last'));
  await until(async () => (await told(gateway)).at(-1)).toBe('last: 1');
  expect(await told(gateway)).toEqual(['0: 2', '1: 1', '2: 2', '3: undefined', 'last: 1']);
});

test('a reading that was cut off goes on at the key that it had come to', async () => {
  const { db, env } = await openDatabase([ORDERS]);
  const changes = db.collection('orders').watch();
  await changes.tryNext();
  await db.collection('orders').insertOne(order(0));
  const { _id: token } = await changes.next();
  await db.collection('orders').insertMany([1, 2, 3, 4].map((n) => order(n)));
  // What a node leaves that is killed in it; the server of the tests says no resume point that early.
  const log = await openLog();
  const reached = JSON.stringify({ token, reading: { after: 2 }, isBehind: true });
  const left = { name: 'mongodb/orders', holder: null, reached };
  const time = new Date().toISOString();
  await createPublish(log)(OWN_DOMAIN, [{ source: 'dead', id: '1', type: 'lease:taken', time, data: left }]);
  const gateway = await startFollowing(env, { log });
  await until(async () => (await told(gateway)).length).toBe(4);
  expect(await told(gateway)).toEqual(['3: 1', '4: 1', '1: 1', '2: 1']);
});

test('a gateway that is killed in the middle of 2,000 changes goes on where it was: each is told once, in order', async () => {
  const { db, env } = await openDatabase([ORDERS]);
  const settings = {
    PORT: '0',
    DATA_DIR: path.join(folder, 'data'),
    JWT_SECRET: 'a secret for tests of 32 bytes or more',
    ...env,
  };
  const start = () => startGateway({ env: settings, log: path.join(folder, 'gateway.txt') });
  let gateway = await start();
  onTestFinished(() => gateway.stop());
  const headers = {
    authorization: `Bearer ${tokenOf(settings.JWT_SECRET, { user: 'alice', domain: 'default' })}`,
  };
  /** The number of the newest order that alice could see. */
  const newest = async () => {
    const answer = await fetch(`${gateway.url}/v1/events?room=user:alice`, { headers });
    return (await answer.json()).events.at(-1)?.data.order ?? -1;
  };
  const inserting = (async () => {
    for (let n = 0; n < 2000; n += 100)
      await db.collection('orders').insertMany(Array.from({ length: 100 }, (_, i) => order(n + i)));
  })();
  // The second time it writes down how far it has come, from where the third goes on.
  for (const [part, signal] of [
    [100, 'SIGKILL'],
    [500, 'SIGTERM'],
    [1000, 'SIGKILL'],
  ]) {
    await expect.poll(newest, PATIENT).toBeGreaterThan(part);
    gateway.kill(signal);
    await gateway.exited;
    gateway = await start();
  }
  await inserting;
  await expect.poll(newest, PATIENT).toBe(1999);
  await gateway.stop();
  const log = await openSqliteLog({ directory: settings.DATA_DIR });
  onTestFinished(() => log.close());
  expect(await told({ log })).toEqual(orders(0, 2000));
}, 120_000);

test('a server that is killed and started again is followed on', async () => {
  const { db, env } = await openDatabase([ORDERS]);
  const gateway = await startFollowing(env);
  await gateway.untilFollowing();
  await db.collection('orders').insertMany([0, 1, 2].map((n) => order(n)));
  await until(async () => (await told(gateway)).length).toBe(3);
  await db.collection('orders').insertMany([3, 4, 5].map((n) => order(n)));
  server.kill('SIGKILL');
  await server.exited;
  server = await startServer(server.port);
  await db.collection('orders').insertMany([6, 7, 8].map((n) => order(n)));
  await until(() => told(gateway)).toEqual(orders(0, 9));
}, 60_000);

test('a resume point that the server has forgotten is said, and all is read again', async () => {
  const { db, env } = await openDatabase([ORDERS]);
  const log = await openLog();
  const first = await startFollowing(env, { log });
  await first.untilFollowing();
  await db.collection('orders').insertMany([0, 1, 2].map((n) => order(n)));
  await until(async () => (await told(first)).length).toBe(3);
  await first.close();
  await db.collection('orders').updateOne({ _id: 1 }, { $set: { version: 2, 'amounts.total': 2 } });
  await db.collection('orders').insertOne(order(3));
  await db.client.db('local').collection('oplog.rs').deleteMany({});

  const again = await startFollowing(env, { log });
  await until(() => told(again)).toEqual([...orders(0, 3), '1: 2', '3: 1']);
  expect(again.warnings()).toMatchObject([
    { msg: 'what has happened in the collection since can not be told: all of it is read again' },
  ]);
  await db.collection('orders').insertOne(order(4));
  await until(async () => (await told(again)).at(-1)).toBe('4: 1');
  const figures = await (await fetch(`${again.url}/metrics`)).text();
  expect(figures).toMatch(/^netbuild_mongodb_readings_total\{.*why="lost".*\} 1$/m);
});

test('a collection that is dropped is followed on when it is made again', async () => {
  const { db, env } = await openDatabase([ORDERS]);
  const gateway = await startFollowing(env);
  await gateway.untilFollowing();
  await db.collection('orders').insertOne(order(0));
  await until(() => told(gateway)).toEqual(orders(0, 1));
  await db.collection('orders').drop();
  await db.collection('orders').insertMany([order(1), order(2)]);
  await until(() => told(gateway)).toEqual(orders(0, 3));
});

test('of two nodes on one Redis one follows a collection, and the other when that one has ended', async () => {
  const { db, env } = await openDatabase([ORDERS]);
  const redis = await startRedis();
  onTestFinished(() => redis[Symbol.asyncDispose]());
  const start = async (INSTANCE_ID) =>
    startFollowing({ ...env, INSTANCE_ID }, { log: await openRedisLog({ url: redis.url }) });
  const nodes = { one: await start('one'), two: await start('two') };
  const holder = async () => (await leaseOf(nodes.one))?.holder?.split('/')[0];
  await until(holder).toBeTruthy();
  await db.collection('orders').insertMany([0, 1, 2].map((n) => order(n)));
  await until(async () => (await told(nodes.one)).length).toBe(3);
  const has = await holder();
  await untilWritten(nodes.one);
  expect(await holder()).toBe(has);
  const other = has === 'one' ? 'two' : 'one';
  await nodes[has].close();
  await db.collection('orders').insertMany([3, 4, 5].map((n) => order(n)));
  await until(() => told(nodes[other])).toEqual(orders(0, 6));
  expect(await holder()).toBe(other);
});

test('a log that has lost its end is told again what it has lost, and nothing else', async () => {
  const { db, env } = await openDatabase([ORDERS]);
  const { log, keep, rewind } = await openRewindable();
  const gateway = await startFollowing(env, { log });
  await gateway.untilFollowing();
  await db.collection('orders').insertMany([0, 1, 2].map((n) => order(n)));
  await until(async () => (await told(gateway)).length).toBe(3);
  await untilWritten(gateway);
  await keep();
  await db.collection('orders').insertMany([3, 4, 5].map((n) => order(n)));
  await until(async () => (await told(gateway)).length).toBe(6);
  await untilWritten(gateway);
  await rewind();
  expect(await told(gateway)).toEqual(orders(0, 3));
  await until(() => told(gateway)).toEqual(orders(0, 6));
});

test('what can not be taken is kept aside, and the rest goes on', async () => {
  const { db, env } = await openDatabase([ORDERS]);
  const gateway = await startFollowing(env);
  await gateway.untilFollowing();
  const { execution: _, of: __, ...homeless } = order('homeless');
  await db.collection('orders').insertMany([order(0), homeless, order(1)]);
  await until(() => told(gateway)).toEqual(orders(0, 2));
  await until(gateway.warnings).toMatchObject([
    { engine: 'mongodb/orders', reason: 'refused_fact', about: ['x:order orders/"homeless"'] },
  ]);
  const headers = { authorization: `Bearer ${PUBLISH_KEY}` };
  const letters = async (more = '', method = 'GET') =>
    (await fetch(`${gateway.url}/v1/dead-letters${more}`, { headers, method })).json();
  const [{ letter, error }] = (await letters()).letters;
  expect(error).toMatch(/^invalid: A custom event needs a room/);
  expect(await letters(`/${letter}/replay`, 'POST')).toMatchObject({ status: 'kept', why: error });
  await db.collection('orders').updateOne({ _id: 'homeless' }, { $set: { of: 'alice', version: 2 } });
  await until(async () => (await told(gateway)).length).toBe(3);
  expect(await letters(`/${letter}/replay`, 'POST')).toEqual({ letter, status: 'replayed' });
  expect(await letters()).toEqual({ letters: [] });
  expect(await told(gateway)).toEqual([...orders(0, 2), 'homeless: 1']);
});

test('the example of the page on MongoDB comes to what stands below it', async () => {
  const page = await readFile(at('docs/mongodb.md'), 'utf8');
  const [sources, events] = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, json]) =>
    JSON.parse(json),
  );
  const [, code] = /^```js\n([\s\S]*?)^```$/m.exec(page);
  const [, command] = /^```sh\n([\s\S]*?)^```$/m.exec(page);
  const { env } = await openDatabase(sources);
  const gateway = await startFollowing(env);
  const run = promisify(execFile);
  await run(bin('node'), ['--input-type=module', '--eval', code], {
    env: { ...process.env, ...env },
    cwd: at(),
  });
  await until(async () => (await gateway.log.head('default')).seq).toBe(events.length);
  const shell = { ...process.env, GATEWAY: gateway.url, TOKEN: await gateway.token('alice') };
  const answer = JSON.parse((await run('sh', ['-c', command], { env: shell })).stdout);
  // Two collections are two streams, in an order of their own.
  const shown = answer.events.sort((one, other) => (one.type < other.type ? -1 : 1));
  expect(shown).toMatchObject(events);
  expect(gateway.warnings()).toEqual([]);
});
