import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createPublish, readConfig, startGateway } from '../packages/gateway/src/index.ts';
import { openSqliteLog } from '../packages/log/src/index.ts';
import { engineRest, startEngine } from '../scripts/stack/engine.mjs';
import { workInEngine } from './support/engine-load.mjs';
import { deployVaried } from './support/engine-model.mjs';
import { differences } from './support/engine-state.mjs';

const ACCOUNT = { user: 'gateway', password: 'a password for tests' };
const KEY = 'a publish key for tests';

let dir;
let engine;
let rest;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'reconcile-'));
  engine = await startEngine({
    log: path.join(dir, 'engine.log'),
    env: {
      PORT: '0',
      ENGINE_DATA_DIR: path.join(dir, 'engine'),
      CAMUNDA_USER: ACCOUNT.user,
      CAMUNDA_PASSWORD: ACCOUNT.password,
      NETBUILD_REALTIME_ENABLED: 'false',
    },
  });
  await deployVaried(engine.url, ACCOUNT);
  rest = engineRest(engine.url, ACCOUNT);
}, 240_000);

afterAll(async () => {
  await engine?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** A gateway that captures the engine over REST alone, on a log of its own. */
async function startNode(name, { timing, ...environment } = {}) {
  const log = await openSqliteLog({ directory: path.join(dir, name) });
  const config = readConfig({
    PORT: '0',
    JWT_SECRET: 'a secret for tests of 32 bytes or more',
    PUBLISH_KEY: KEY,
    CAMUNDA_URL: engine.url,
    CAMUNDA_USER: ACCOUNT.user,
    CAMUNDA_PASSWORD: ACCOUNT.password,
    CAMUNDA_CAPTURE: 'rest',
    POLL_INTERVAL_MS: '100',
    SWEEP_INTERVAL_MS: '2000',
    ...environment,
  });
  const lines = [];
  const logger = pino({ level: 'debug' }, { write: (line) => lines.push(JSON.parse(line)) });
  const gateway = await startGateway({
    config,
    log,
    publish: createPublish(log),
    engine: undefined,
    logger,
    capture: timing,
  });
  let isOpen = true;
  const stop = async () => {
    if (!isOpen) return;
    isOpen = false;
    await gateway.close();
    await log.close();
  };
  onTestFinished(stop);
  return { log, gateway, lines, stop };
}

const untilSame = (log) =>
  expect.poll(() => differences(rest, log, 'default'), { timeout: 90_000, interval: 500 }).toEqual([]);

/** The events of a log by their ids. */
async function idsOf(log) {
  const { entries, more } = await log.read('default', { after: 0, limit: 100_000 });
  expect(more).toBe(false);
  return entries.map(({ body }) => JSON.parse(body));
}

test('over REST alone the rows become what the engine has, while it works and after the gateway was away', async () => {
  let node = await startNode('alone');
  await workInEngine(rest, { seed: 1, steps: 150 });
  await untilSame(node.log);
  await node.stop();
  await workInEngine(rest, { seed: 2, steps: 100 });
  node = await startNode('alone');
  await untilSame(node.log);
  const events = await idsOf(node.log);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(node.lines.filter(({ level }) => level >= 40)).toEqual([]);
}, 400_000);
