import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildApp, buildEngine } from '../scripts/lib/build.mjs';
import { CACHE } from '../scripts/lib/paths.mjs';
import { percentile } from '../scripts/lib/percentile.mjs';
import { require } from '../scripts/lib/requirements.mjs';
import { step } from '../scripts/lib/step.mjs';
import { engineRest } from '../scripts/stack/engine.mjs';
import { startStack } from '../scripts/stack/stack.mjs';
import { workOnce } from './commit-to-screen/engine-work.mjs';
import { openExecutions } from './commit-to-screen/execution.mjs';
import { HOPS, readProbe, wayOf } from './commit-to-screen/hops.mjs';
import { openWatcher } from './commit-to-screen/watcher.mjs';

export const about =
  "from the engine's commit to the DOM of a browser that watches the execution, and hop by hop";

/** Rounds of three commands each, in executions of this many rounds, so that no timeline is longer than usual. */
const ROUNDS = 25;
const EXECUTIONS = 4;

/** Rounds before the measurement: engine, gateway and page compile what they run often. */
const WARM_UP = 200;

/** Between two commands, so that nothing of the last one is still under way, in milliseconds. */
const PAUSE = 15;

const SCENARIO = 'quiet machine, one engine command at a time';

export async function run() {
  require('java', 'maven');
  await buildApp();
  await buildEngine();
  const dir = `${CACHE}/bench`;
  rmSync(dir, { recursive: true, force: true });
  const probe = fileURLToPath(new URL('./commit-to-screen/probe.mjs', import.meta.url));
  const probeFile = `${dir}/probe`;
  const stack = await startStack({
    dir,
    engineFlags: [],
    gatewayEnv: { NODE_OPTIONS: `--import=${probe}`, PROBE_FILE: probeFile },
  });
  const { gateway, engine, account, secrets } = stack;
  const rest = engineRest(engine.url, account);
  const executions = await openExecutions(gateway.url, secrets.demoPassword);
  const watcher = await openWatcher({ url: gateway.url, password: secrets.demoPassword });
  const untilShown = async (key) => {
    await watcher.untilShown(key);
    await sleep(PAUSE);
  };
  const rounds = async (count) => {
    const executionId = await executions.create('A measurement', account.user);
    await watcher.watch(executionId);
    const keys = [];
    for (let i = 0; i < count; i++) keys.push(...(await workOnce(rest, executionId, untilShown)));
    return keys;
  };
  await step(`Warming up: ${WARM_UP} rounds`, () => rounds(WARM_UP));
  const keys = await step(`Measuring ${ROUNDS * EXECUTIONS * 3} commands of the engine`, async () => {
    const all = [];
    for (let i = 0; i < EXECUTIONS; i++) all.push(...(await rounds(ROUNDS)));
    return all;
  });
  const { lines, arrived } = await watcher.record();
  await sleep(300); // the probe writes five times a second
  const times = { ...readProbe(probeFile), arrived };
  executions.close();
  await watcher.close();
  await stack.stop();
  return results(keys, lines, times);
}

function results(keys, lines, times) {
  const measured = keys.map((key) => lines.find(({ id }) => id.startsWith(key)));
  const ways = measured.map((line) => wayOf(line, times)).filter((way) => way !== undefined);
  const row = (metric, ours) => ({
    scenario: SCENARIO,
    metric,
    unit: 'ms',
    ours: round(ours),
    peers: {},
    ratio: null,
  });
  const both = (name, values) => [
    row(`${name} p50`, percentile(values, 0.5)),
    row(`${name} p99`, percentile(values, 0.99)),
  ];
  return {
    samples: { commands: measured.length, 'followed through every hop': ways.length },
    results: [
      ...both(
        'commit to screen',
        measured.map((line) => line.at - line.committedAt),
      ),
      ...HOPS.flatMap(([name, from, to]) =>
        both(
          name,
          ways.map((way) => way[to] - way[from]),
        ),
      ),
    ],
  };
}

const round = (value) => Math.round(value * 100) / 100;
