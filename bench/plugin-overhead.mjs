import { buildBenchEngine } from '../scripts/lib/build.mjs';
import { startChild } from '../scripts/lib/child.mjs';
import { BENCH_ENGINE_JAR, CACHE } from '../scripts/lib/paths.mjs';
import { start } from '../scripts/lib/processes.mjs';
import { java, require } from '../scripts/lib/requirements.mjs';
import { step } from '../scripts/lib/step.mjs';
import { startPostgres } from '../scripts/stack/postgres.mjs';
import { openFolder } from './lib/folder.mjs';
import { intervalOf, resultOf } from './lib/rounds.mjs';

export const about =
  'what the plugin costs an engine, on H2 and on PostgreSQL, beside two engines without it: their difference is noise';

/** Turns of each engine, and those before them: what runs often is compiled by then. Multiples of the six orders of three engines. */
const ROUNDS = 18;
const WARM_UP = 18;

/** Process instances of a turn, each of five commands that write. */
const INSTANCES = 300;

const KEY = 'the-key-of-the-measurement';

const METRICS = [
  { metric: 'cpu', unit: 'µs an instance', of: ({ cpu }) => cpu },
  {
    metric: 'cpu of the threads that run the commands',
    unit: 'µs an instance',
    of: ({ loadCpu }) => loadCpu,
  },
  { metric: 'wal_bytes', unit: 'bytes an instance', of: ({ wal }) => wal },
  { metric: 'throughput', unit: 'instances/s', digits: 1, of: ({ rate }) => rate },
  { metric: 'complete a task, p99', unit: 'ms', digits: 2, of: ({ p99 }) => p99 },
];

export async function run() {
  require('java', 'maven');
  await buildBenchEngine();
  const folder = openFolder('plugin-overhead');
  const sink = startChild('acknowledging server', new URL('./plugin-overhead/sink.mjs', import.meta.url));
  const gatewayUrl = `http://127.0.0.1:${await sink.ask('listen')}`;
  const results = [];
  for (const [database, open] of Object.entries({ h2: openH2, postgresql: openPostgres })) {
    const { settings, stop } = await open(folder);
    const turns = await step(`${ROUNDS} turns of each engine on ${database}`, () =>
      play({
        ...settings,
        gatewayUrl,
        publishKey: KEY,
        rounds: ROUNDS,
        warmUp: WARM_UP,
        instances: INSTANCES,
      }),
    );
    await stop();
    results.push(...resultsOf(database, turns));
  }
  await sink.stop();
  const samples = {
    'turns of each engine on each database': ROUNDS,
    'process instances a turn, of five commands that write': INSTANCES,
  };
  return { samples, results };
}

async function openH2(folder) {
  return {
    settings: { jdbcUrl: `jdbc:h2:file:${folder}/h2`, user: 'sa', password: '' },
    stop: async () => {},
  };
}

async function openPostgres() {
  const { jdbcUrl, user, password, discard } = await startPostgres({
    log: `${CACHE}/plugin-overhead-postgres.txt`,
    // No checkpoint may fall into a turn: after it each page is written whole once more, whoever touches it.
    settings: { checkpoint_timeout: '1h', max_wal_size: '16GB', autovacuum: 'off' },
  });
  return { settings: { jdbcUrl, user, password }, stop: discard };
}

/** @returns {Promise<object[]>} what each turn has cost, as the engines' process says it */
async function play(settings) {
  const properties = { ...settings, 'org.slf4j.simpleLogger.defaultLogLevel': 'error' };
  const lines = [];
  const child = start(
    java(),
    [
      '-Xms1g',
      '-Xmx1g',
      ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`),
      '-jar',
      BENCH_ENGINE_JAR,
    ],
    { name: 'engines of the measurement' },
  );
  child.hear((chunk) => lines.push(chunk));
  const { code } = await child.exited;
  const said = Buffer.concat(lines).toString();
  if (code !== 0) throw new Error(`The engines of the measurement ended with ${code}:\n${said.slice(-4000)}`);
  return said
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

function resultsOf(database, turns) {
  const rounds = turns.filter(({ round }) => round >= 0);
  const figures = (side, of) => rounds.filter((turn) => turn.side === side).map(of);
  const results = METRICS.filter(({ of }) => of(rounds[0]) > 0).flatMap(({ of, ...metric }) => {
    const without = figures('without', of);
    return [
      [database, figures('with', of)],
      [`${database}, noise of the measurement`, figures('noise', of)],
    ].map(([scenario, ours]) => ({
      ...resultOf({ scenario, ...metric }, { ours, 'without the plugin': without }),
      interval: intervalOf(ours.map((value, round) => value / without[round])),
    }));
  });
  return [...results, statementsOf(database, turns)];
}

/** Counted, not measured: the same in each run. */
function statementsOf(database, turns) {
  const counted = (side) => turns.find((turn) => turn.side === side && turn.statements !== undefined);
  const [ours, without] = [counted('with'), counted('without')];
  const a = (turn) => turn.statements / turn.commands;
  return {
    scenario: database,
    metric: 'statements',
    unit: 'a command',
    ours: a(ours),
    peers: { 'without the plugin': a(without) },
    ratio: Number((a(ours) / a(without)).toFixed(3)),
    more: a(ours) - a(without),
  };
}
