import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { createPublish, readConfig, startGateway } from '../../packages/gateway/src/index.ts';
import { linesOf } from '../../packages/gateway/test/support/lines.ts';
import { openSqliteLog } from '../../packages/log/src/index.ts';
import { deployModel, engineRest, startEngine } from '../../scripts/stack/engine.mjs';
import { deployVaried } from './engine-model.mjs';
import { differences } from './engine-state.mjs';

const ACCOUNT = { user: 'gateway', password: 'a password for tests' };
export const PUBLISH_KEY = 'a-publish-key-for-tests';

/** Starts a real engine with the process `varied`, and a folder that goes with it. */
export async function startVariedEngine(env, kind = 'camunda') {
  const dir = await mkdtemp(path.join(tmpdir(), 'reconcile-'));
  const start = (more) =>
    startEngine({
      engine: kind,
      log: path.join(dir, 'engine.log'),
      env: {
        PORT: '0',
        ENGINE_DATA_DIR: path.join(dir, 'engine'),
        CAMUNDA_USER: ACCOUNT.user,
        CAMUNDA_PASSWORD: ACCOUNT.password,
        PUBLISH_KEY,
        ...env,
        ...more,
      },
    });
  let engine = await start();
  await deployVaried(engine.url, ACCOUNT);
  return {
    dir,
    get url() {
      return engine.url;
    },
    rest: (...question) => engineRest(engine.url, ACCOUNT)(...question),
    /** Deploys another model. */
    deploy: (name, bpmn) => deployModel(engine.url, ACCOUNT, name, bpmn),
    /** Starts it again on the same data, with other settings. */
    async again(more) {
      await engine.stop();
      engine = await start(more);
    },
    async stop() {
      await engine.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A gateway that looks after the engine, on a log of its own in the engine's folder. */
export async function startNode(engine, name, environment = {}) {
  const log = await openSqliteLog({ directory: path.join(engine.dir, name) });
  const { logger, lines } = linesOf();
  const config = readConfig({
    PORT: '0',
    JWT_SECRET: 'a secret for tests of 32 bytes or more',
    PUBLISH_KEY,
    CAMUNDA_URL: engine.url,
    CAMUNDA_USER: ACCOUNT.user,
    CAMUNDA_PASSWORD: ACCOUNT.password,
    POLL_INTERVAL_MS: '100',
    SWEEP_INTERVAL_MS: '2000',
    ...environment,
  });
  const gateway = await startGateway({ config, log, publish: createPublish(log), engine: undefined, logger });
  let isOpen = true;
  const stop = async () => {
    if (!isOpen) return;
    isOpen = false;
    await gateway.close();
    await log.close();
  };
  onTestFinished(stop);
  return {
    log,
    url: gateway.url,
    lines,
    stop,
    untilSame: () =>
      expect
        .poll(() => differences(engine.rest, log, 'default'), { timeout: 120_000, interval: 500 })
        .toEqual([]),
    /** All events of the log, in order. */
    async events() {
      const { entries, more } = await log.read('default', { after: 0, limit: 100_000 });
      expect(more).toBe(false);
      return entries.map(({ subject, body }) => ({ subject, ...JSON.parse(body) }));
    },
  };
}

/** What the engine's history knows of tasks and instances, and the log does not have exactly once. */
export async function notOnce(engine, events) {
  const count = new Map();
  for (const { subject, type } of events) {
    const [kind, verb] = type.split(':');
    const what = /completed|cancelled/.test(verb) ? 'ended' : /created|started/.test(verb) ? 'begun' : verb;
    const key = `${what} ${subject}`;
    if (kind === 'task' || kind === 'process') count.set(key, (count.get(key) ?? 0) + 1);
  }
  const wrong = [];
  for (const [kind, list] of [
    ['task', '/history/task'],
    ['process', '/history/process-instance'],
  ]) {
    for (const { id, endTime } of await engine.rest('GET', `${list}?maxResults=100000`)) {
      for (const [what, times] of [
        ['begun', 1],
        ['ended', endTime ? 1 : 0],
      ]) {
        const found = count.get(`${what} ${kind}/${id}`) ?? 0;
        if (found !== times) wrong.push(`${what} ${kind}/${id}: ${found} instead of ${times}`);
      }
    }
  }
  return wrong;
}
