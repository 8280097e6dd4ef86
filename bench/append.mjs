import { mkdtempSync, rmSync } from 'node:fs';
import { startChild } from '../scripts/lib/child.mjs';
import { step } from '../scripts/lib/step.mjs';
import { startRedis } from './append/redis.mjs';
import { openFolder } from './lib/folder.mjs';
import { inTurn, resultOf } from './lib/rounds.mjs';

export const about =
  "the log's append (compared groups, rows, index, keys) beside bare storage that writes the same rows";

const IDS = ['time-ordered ids', 'random ids'];

/** Callers that append to our log at the same time, as people and publishers do. */
const CALLERS = 128;

/** Events of a round, rounds of a scenario, and events before them: what runs often is compiled by then. */
const EVENTS = 12_000;
const ROUNDS = 5;
const WARM_UP = 8_000;

/** Events of a log that has been in use: random ids then touch pages all over a large file. */
const LONG = 500_000;

const SCENARIOS = [
  ...['sqlite', 'redis'].flatMap((storage) =>
    IDS.flatMap((ids) => [1, 10, 100].map((size) => ({ storage, ids, size, before: WARM_UP }))),
  ),
  ...IDS.map((ids) => ({ storage: 'sqlite', ids, size: 100, before: LONG })),
];

export async function run() {
  const folder = openFolder('append');
  const results = [];
  for (const one of SCENARIOS) {
    const { storage, ids, size, before } = one;
    const length = before === LONG ? `, in a log of ${LONG} events` : '';
    const scenario = `${storage}, groups of ${size}, ${ids}${length}`;
    results.push(await step(scenario, () => measure({ ...one, scenario, folder })));
  }
  const samples = {
    'callers at once': CALLERS,
    'events a round': EVENTS,
    'rounds a scenario, each of ours beside one of bare': ROUNDS,
  };
  return { samples, results };
}

async function measure({ scenario, storage, ids, size, before, folder }) {
  const here = mkdtempSync(`${folder}/`);
  const redis = storage === 'redis' ? await startRedis(here) : undefined;
  const open = async (name) => {
    const directory = mkdtempSync(`${here}/${name}-`);
    const child = startChild(`process of ${name}`, new URL('./append/process.mjs', import.meta.url));
    await child.ask('open', {
      isOurs: name === 'ours',
      storage,
      ids,
      size,
      callers: CALLERS,
      directory,
      url: redis?.url,
    });
    await child.ask('round', before);
    return child;
  };
  const sides = { ours: await open('ours'), bare: await open('bare') };
  const figures = await inTurn(
    Object.fromEntries(
      Object.entries(sides).map(([name, child]) => [name, () => child.ask('round', EVENTS)]),
    ),
    ROUNDS,
  );
  for (const child of Object.values(sides)) {
    await child.ask('close');
    await child.stop();
  }
  await redis?.stop();
  rmSync(here, { recursive: true, force: true });
  return resultOf({ scenario, metric: 'events appended', unit: '/s' }, figures);
}
