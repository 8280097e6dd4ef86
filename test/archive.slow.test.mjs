import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openRedisLog } from '@netbuild/realtime-log';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createMongoStore } from '../packages/gateway/src/archive/mongo-store.ts';
import { createDatabase } from '../packages/gateway/src/database.ts';
import { createPublish } from '../packages/gateway/src/ingest/publish.ts';
import { describeArchiveStore } from '../packages/gateway/test/support/archive-contract.ts';
import { expectStoreLikeLog } from '../packages/gateway/test/support/archive-like-log.ts';
import { createMemoryArchive } from '../packages/gateway/test/support/memory-archive.ts';
import { startRedis, whyNoRedis } from '../packages/log/test/redis-server.ts';
import { at, bin } from '../scripts/lib/paths.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';
import { startMongodb } from '../scripts/stack/mongodb.mjs';
import { startStorage } from './support/failing-storage.mjs';
import { IS_LONG } from './support/long.mjs';

const [MESSAGES, KILLS] = IS_LONG ? [100_000, 20] : [5000, 5];
const BATCH = 250;

let folder;
let mongo;
let database;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'archive-'));
  mongo = await startMongodb({ log: path.join(folder, 'mongodb.txt') });
  database = createDatabase(mongo.address());
}, 240_000);
afterAll(async () => {
  await database?.close();
  await mongo?.stop();
  await rm(folder, { recursive: true, force: true });
}, 120_000);

describe('A store of messages in MongoDB', () => describeArchiveStore(() => createMongoStore(database)));
describe('One in memory, as other tests have it', () => describeArchiveStore(createMemoryArchive));

/** Two who store messages, each in a process of its own, one at a time. */
function startArchiving(storage, name) {
  const children = new Set();
  let said = '';
  const start = () => {
    const child = spawn(bin('node'), [at('test/support/archiving.mjs'), storage.url, mongo.address(name)]);
    child.stderr.on('data', (text) => {
      said += text;
    });
    child.stdout.on('data', () => {
      child.isWorking = true;
    });
    children.add(child);
  };
  const kill = async (child) => {
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
    children.delete(child);
  };
  start();
  start();
  onTestFinished(() => Promise.all([...children].map(kill)));
  return {
    said: () => said,
    /** Kills the one whose turn it is, and starts another one that waits for its own. */
    async killWorking() {
      const working = await vi.waitFor(
        () => {
          const found = [...children].find(({ isWorking }) => isWorking);
          expect(found).toBeDefined();
          return found;
        },
        { timeout: 120_000, interval: 5 },
      );
      await kill(working);
      start();
    },
  };
}

/** What MongoDB has, without asking whoever stores it. */
async function storeOf(name) {
  const own = createDatabase(mongo.address(name));
  onTestFinished(() => own.close());
  const db = await own.db();
  return {
    own,
    all: (domain) => db.collection('realtime_messages').find({ domain }).toArray(),
    reached: async (domain) => {
      const found = await db.collection('realtime_archive').findOne({ _id: domain });
      return { epoch: found?.epoch, seq: found?.seq ?? 0 };
    },
  };
}

let ids = 0;
const fact = (type, data) => ({ source: 'test', id: `${++ids}`, type, time: new Date().toISOString(), data });

/** Says so many things, of which some are edited, deleted and erased afterwards. */
async function say(publish, from, count, wait = async () => {}) {
  for (let n = from; n < from + count; n += BATCH) {
    const facts = [];
    for (let m = n; m < Math.min(n + BATCH, from + count); m++) {
      const of = { messageId: `m${m}`, executionId: `e${m % 7}`, userId: 'alice' };
      facts.push(fact('message:new', { ...of, content: `word ${m}` }));
      const earlier = { messageId: `m${Math.floor(m / 2)}` };
      if (m % 20 === 1) facts.push(fact('message:edited', { ...earlier, content: `word ${m} anew` }));
      if (m % 50 === 2) facts.push(fact('message:deleted', earlier));
      if (m % 100 === 3) facts.push(fact('data:erased', earlier));
    }
    await publish('default', facts);
    await wait(n);
  }
}

async function trim(log) {
  for (let more = true; more; ) ({ more } = await log.trim('default', { events: { count: 500 } }));
}

describe.skipIf(whyNoRedis())('What is said in a log in Redis', () => {
  test(`is stored whole, ${MESSAGES} messages, by processes of which ${KILLS} are killed in the midst of it`, {
    timeout: 900_000,
  }, async () => {
    const storage = await startStorage();
    const log = await openRedisLog({ url: storage.url });
    onTestFinished(() => log.close());
    const store = await storeOf('killed');
    const archiving = startArchiving(storage, 'killed');
    let kills = 0;
    // So that there is something to be stored at each of them.
    const inTime = (n) =>
      vi.waitFor(() => expect(kills).toBeGreaterThanOrEqual(Math.floor((n * KILLS) / MESSAGES)), {
        timeout: 120_000,
        interval: 5,
      });
    const saying = say(createPublish(log), 0, MESSAGES, inTime);
    while (kills < KILLS) {
      // From the first to the last message.
      const from = (kills * MESSAGES) / KILLS;
      await vi.waitFor(async () => expect((await store.reached('default')).seq).toBeGreaterThan(from), {
        timeout: 120_000,
        interval: 5,
      });
      await archiving.killWorking();
      kills++;
      await trim(log);
    }
    await saying;
    const compared = await vi.waitFor(
      async () => {
        // It waits for what is not stored.
        await trim(log);
        const { epoch, seq, floor } = await log.head('default');
        expect(await store.reached('default')).toEqual({ epoch, seq });
        const found = await expectStoreLikeLog(log, store, 'default');
        expect(found.messages - found.away).toBeLessThan(501);
        expect(floor).toBe(seq - 500);
        return found;
      },
      { timeout: 600_000, interval: 200 },
    );
    expect(compared.messages).toBeGreaterThan(MESSAGES * 0.98);
    if (IS_LONG)
      console.log({ ...compared, kills, events: (await log.head('default')).seq }, archiving.said());
  });

  test('is stored as the log is, after a failover that took back what was stored already', {
    timeout: 120_000,
  }, async () => {
    const storage = await startStorage();
    const log = await openRedisLog({ url: storage.url });
    onTestFinished(() => log.close());
    const store = await storeOf('failover');
    startArchiving(storage, 'failover');
    const publish = createPublish(log);
    const stored = () =>
      vi.waitFor(
        async () => {
          const { epoch, seq } = await log.head('default');
          expect(await store.reached('default')).toEqual({ epoch, seq });
          return { epoch, seq };
        },
        { timeout: 120_000, interval: 20 },
      );
    await say(publish, 0, 300);
    await stored();
    await storage.replicated();
    storage.hold();
    // Among what is lost are edits and erasures of what stays.
    await say(publish, 300, 300);
    const before = await stored();
    expect(JSON.stringify(await store.all('default'))).toContain('word 599');
    await storage.failOver();
    const after = await stored();
    expect(after.epoch).not.toBe(before.epoch);
    expect(after.seq).toBeLessThan(before.seq);
    await vi.waitFor(() => expectStoreLikeLog(log, store, 'default'), { timeout: 120_000 });
    expect(JSON.stringify(await store.all('default'))).not.toContain('word 599');
    // What is sent again comes to the places that others had.
    await say(publish, 300, 300);
    await stored();
    await vi.waitFor(() => expectStoreLikeLog(log, store, 'default'), { timeout: 120_000 });
  });

  test('is stored by a gateway that has both settings, and is gone from there before an erasure is answered', {
    timeout: 120_000,
  }, async () => {
    const redis = await startRedis();
    onTestFinished(() => redis[Symbol.asyncDispose]());
    const key = 'a key for who publishes here';
    const gateway = await startGateway({
      env: {
        PORT: '0',
        JWT_SECRET: 'a secret for tests of 32 bytes or more',
        PUBLISH_KEY: key,
        REDIS_URL: redis.url,
        MONGODB_URL: mongo.address('served'),
      },
      log: path.join(folder, 'gateway.txt'),
    });
    onTestFinished(() => gateway.stop());
    const store = await storeOf('served');
    const post = async (type, data) => {
      const event = { specversion: '1.0', source: 'shop', id: `${++ids}`, type, data };
      const answer = await fetch(`${gateway.url}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/cloudevents+json' },
        body: JSON.stringify(event),
      });
      expect(answer.ok).toBe(true);
    };
    await post('message:new', { messageId: 'm', executionId: 'e', userId: 'alice', content: 'a word' });
    await expect
      .poll(async () => (await store.all('default')).map(({ subject }) => subject), { timeout: 60_000 })
      .toEqual(['message/m']);
    await post('data:erased', { messageId: 'm' });
    expect(await store.all('default')).toEqual([]);
  });
});
