import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildEngine } from '../scripts/lib/build.mjs';
import { memoryOf } from '../scripts/lib/memory.mjs';
import { CACHE } from '../scripts/lib/paths.mjs';
import { Problem } from '../scripts/lib/problem.mjs';
import { require } from '../scripts/lib/requirements.mjs';
import { step } from '../scripts/lib/step.mjs';
import { engineRest, startEngine } from '../scripts/stack/engine.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';
import { openTasks, SHARES } from './first-sync/tasks.mjs';

export const about =
  'how a gateway with an empty log takes over an engine full of open tasks, beside one that may not read its report';

/** Open tasks; another number by `--tasks`. */
const TASKS = 20_000;

/** Megabytes that the gateway may have for what it keeps: what does not stay below this ends it. */
const HEAP = 256;

const ACCOUNT = { user: 'gateway', password: 'a password of the measurement' };

/** What a gateway says when its sweep is through. */
const SWEPT = /\{[^\n]*all that is open was compared[^\n]*\}/;

export async function run({ tasks = TASKS }) {
  require('java', 'maven');
  await buildEngine();
  const dir = `${CACHE}/first-sync`;
  rmSync(dir, { recursive: true, force: true });
  const engine = await startEngine({
    flags: [],
    log: `${dir}/engine.log`,
    env: {
      PORT: '0',
      ENGINE_DATA_DIR: `${dir}/engine`,
      CAMUNDA_USER: ACCOUNT.user,
      CAMUNDA_PASSWORD: ACCOUNT.password,
      NETBUILD_REALTIME_ENABLED: 'false',
    },
  });
  const made = await step(`Making ${tasks} tasks`, () =>
    openTasks(engine.url, ACCOUNT, engineRest(engine.url, ACCOUNT), Number(tasks)),
  );
  const sync = (name, env) =>
    step(`First synchronisation, ${name}`, () => syncOnce(`${dir}/${name}`, engine.url, env));
  const ours = await sync('many at once', {});
  const peer = await sync('one by one', { PROBE_REFUSES: '/task/report/' });
  await engine.stop();
  rmSync(dir, { recursive: true, force: true });
  const scenario = `${made} open tasks, ${SHARES}`;
  const row = (metric, unit, of) => ({
    scenario,
    metric,
    unit,
    ours: of(ours),
    peers: { 'one by one': of(peer) },
    ratio: Number((of(ours) / of(peer)).toFixed(3)),
  });
  return {
    samples: { 'open tasks': made, 'megabytes of heap at most': HEAP },
    results: [
      row('until all that is open was compared', 's', ({ seconds }) => Math.round(seconds * 10) / 10),
      row('requests', 'requests', ({ requests }) => requests),
      row('of them about one task', 'requests', ({ single }) => single),
      row('memory at its peak', 'MB', ({ peak }) => Math.round(peak)),
    ],
  };
}

async function syncOnce(dir, url, env) {
  const probe = fileURLToPath(new URL('./first-sync/probe.mjs', import.meta.url));
  const gateway = await startGateway({
    log: `${dir}/gateway.log`,
    env: {
      PORT: '0',
      DATA_DIR: `${dir}/data`,
      JWT_SECRET: 'a secret of the measurement, long enough',
      PUBLISH_KEY: 'a-publish-key-of-the-measurement',
      CAMUNDA_URL: url,
      CAMUNDA_USER: ACCOUNT.user,
      CAMUNDA_PASSWORD: ACCOUNT.password,
      CAMUNDA_CAPTURE: 'rest',
      LOG_LEVEL: 'debug',
      NODE_OPTIONS: `--import=${probe} --max-old-space-size=${HEAP}`,
      PROBE_FILE: `${dir}/probe.json`,
      ...env,
    },
  });
  const swept = new Promise((resolve) => {
    let text = '';
    gateway.hear((chunk) => {
      text = `${text}${chunk}`.slice(-100_000);
      const [line] = SWEPT.exec(text) ?? [];
      if (line !== undefined) resolve(JSON.parse(line));
    });
  });
  const ended = gateway.exited.then(() => {
    throw new Problem('The gateway ended before it was through.', { tail: gateway.tail.text });
  });
  const { seconds } = await Promise.race([swept, ended]);
  const peak = memoryOf(gateway.pid, 'VmHWM');
  ended.catch(() => {});
  await gateway.stop();
  return { seconds, peak: peak / 2 ** 20, ...JSON.parse(readFileSync(`${dir}/probe.json`, 'utf8')) };
}
