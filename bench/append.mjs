import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { startChild } from '../chaos/lib/child.mjs';
import { mustEnd } from '../scripts/lib/cleanup.mjs';
import { CACHE } from '../scripts/lib/paths.mjs';
import { step } from '../scripts/lib/step.mjs';
import { startRedis } from './append/redis.mjs';
import { inTurn, resultOf } from './lib/rounds.mjs';

export const about =
  "the log's append (compared groups, rows, index, keys) beside bare storage that writes the same rows";

const STORAGES = ['sqlite', 'redis'];
const IDS = ['time-ordered ids', 'random ids'];
const SIZES = [1, 10, 100];

/** Events of a round, rounds of a scenario, and events before them: what runs often is compiled by then. */
const EVENTS = 12_000;
const ROUNDS = 5;
const WARM_UP = 8_000;

export async function run() {
  mkdirSync(CACHE, { recursive: true });
  // On the disk, and not on what /tmp may be: it is the disk that is measured.
  const folder = mkdtempSync(`${CACHE}/append-`);
  mustEnd({
    name: 'folder of the measurement',
    stop: async () => rmSync(folder, { recursive: true, force: true }),
    kill: () => {},
  });
  const results = [];
  for (const storage of STORAGES) {
    for (const ids of IDS) {
      for (const size of SIZES) {
        const scenario = `${storage}, groups of ${size}, ${ids}`;
        results.push(await step(scenario, () => measure({ scenario, storage, ids, size, folder })));
      }
    }
  }
  const samples = { 'events a round': EVENTS, 'rounds a scenario, each of ours beside one of bare': ROUNDS };
  return { samples, results };
}

async function measure({ scenario, storage, ids, size, folder }) {
  const here = mkdtempSync(`${folder}/`);
  const redis = storage === 'redis' ? await startRedis(here) : undefined;
  const open = async (name) => {
    const directory = mkdtempSync(`${here}/${name}-`);
    const child = startChild(`process of ${name}`, new URL('./append/process.mjs', import.meta.url));
    await child.ask('open', { isOurs: name === 'ours', storage, ids, size, directory, url: redis?.url });
    await child.ask('round', WARM_UP);
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
