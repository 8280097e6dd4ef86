import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mustEnd } from '../scripts/lib/cleanup.mjs';
import { freePort } from '../scripts/lib/ports.mjs';
import { Problem } from '../scripts/lib/problem.mjs';
import { duration, say } from '../scripts/lib/say.mjs';
import { inject } from './faults/injector.mjs';
import { nodeOf } from './faults/node.mjs';
import { openProxy } from './faults/proxy.mjs';
import { startChild } from './lib/child.mjs';
import { tokenOf } from './lib/token.mjs';
import { DOMAIN, EVERYBODY, openingFacts } from './load/cast.mjs';
import { judge } from './oracle/judge.mjs';
import { planOf } from './plan.mjs';
import { LOGS } from './targets/log.mjs';
import { ours } from './targets/ours.mjs';
import { socketio } from './targets/socketio.mjs';

/** What the load and the faults can be played on. */
export const TARGETS = { ours, socketio };

/** How long after the last fault and the last event everybody may take to be whole, in milliseconds. */
const SETTLE = 15_000;

/**
 * One seeded run: processes, load, faults, and the oracle's word on it.
 *
 * @param {{ seed: number, events: number, faults: number, log?: string, target?: string, mutant?: string, settle?: number, keep?: string }} call
 *   `mutant`: a part that is broken on purpose, to test the oracle; `keep`: a folder for the notes of the run
 */
export async function run({
  seed,
  events,
  faults,
  log = 'sqlite',
  target = 'ours',
  mutant,
  settle = SETTLE,
  keep,
}) {
  const begun = performance.now();
  const plan = planOf({ seed, events, faults });
  const folder = keep ?? (await mkdtemp(path.join(tmpdir(), 'chaos-')));
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new Problem(`${folder} has something in it already.`);
  const forget = keep
    ? () => {}
    : mustEnd({
        name: 'folder of the run',
        stop: () => rm(folder, { recursive: true, force: true }),
        kill: () => {},
      });
  const at = (name) => path.join(folder, name);
  const storage = target === 'ours' ? LOGS[log] : undefined;
  const world = await openWorld({ plan, at, target, storage, mutant });

  say(
    `${events} events and ${faults} faults in ${duration(plan.duration)}, seed ${seed}, ${target} (${folder})`,
  );
  const progress = setInterval(() => say(`  ${world.progress()}`), 5000);
  const injecting = inject(plan.faults, world);
  const counts = await world.publish();
  const played = await injecting;
  await writeFile(at('faults.json'), JSON.stringify(played));
  await world.healthy();
  const late = await world.settled(settle);
  clearInterval(progress);
  await world.end();
  say(`  ${counts.acknowledged} acknowledged after ${counts.retried} retries, ${counts.resent} sent again`);

  const verdict = await judge({ plan, at, played, late, storage, target, node: world.node, say });
  await rm(folder, { recursive: !keep, force: true }).catch(() => {});
  forget();
  return {
    seed,
    events,
    faults,
    ...verdict,
    retried: counts.retried,
    seconds: Math.round((performance.now() - begun) / 100) / 10,
  };
}

/** Starts everything that takes part, and sets the stage. */
async function openWorld({ plan, at, target, storage, mutant }) {
  const port = await freePort();
  const secret = randomBytes(32).toString('hex');
  const key = randomBytes(16).toString('hex');
  const node = nodeOf(() =>
    TARGETS[target].start({
      port,
      secret,
      key,
      mutant,
      logEnv: storage?.env(at('data')),
      output: at('node.txt'),
    }),
  );
  await node.begin();

  const network = await openProxy(port);
  const proxies = [];
  for (const _ of plan.clients) proxies.push(await openProxy(port));
  let counts = { acknowledged: 0, retried: 0 };
  const publishers = startChild('publishers', new URL('./load/publishers.mjs', import.meta.url), (told) => {
    counts = told.counts;
  });
  const origin = { url: `http://127.0.0.1:${network.port}`, key, withRooms: target !== 'ours' };
  for (const facts of openingFacts()) await publishers.ask('all', { ...origin, facts });

  const calls = plan.clients.map((spec) => ({
    spec,
    port: proxies[spec.index].port,
    token: tokenOf(secret, { ...spec, domain: DOMAIN }),
    file: at(`client-${spec.index}.jsonl`),
    isStock: target !== 'ours',
  }));
  const homes = [
    calls.filter(({ spec }) => spec.kind.startsWith('sdk')),
    calls.filter(({ spec }) => !spec.kind.startsWith('sdk')),
  ].map((part) => ({ part, child: startChild('clients', TARGETS[target].clients) }));
  await Promise.all(homes.map(({ part, child }) => child.ask('open', part)));

  return {
    node,
    proxies,
    publishers: network,
    progress: () => `${counts.acknowledged} acknowledged, ${counts.retried} retries`,
    publish() {
      const { seed, lanes, pace } = plan;
      return publishers.ask('lanes', { ...origin, seed, lanes, pace, file: at('publishes.jsonl') });
    },
    /** The node has no fault left to suffer. */
    healthy: () => node.settled(),
    /** The last event of all, and until everybody has it; answers with those that had it not in time. */
    async settled(within) {
      // A stock client has no position: what it must get has to be sent while it is there.
      if (target !== 'ours') await sleep(2000);
      const fact = { source: 'chaos/finale', id: 'finale', type: 'x:finale', groupid: EVERYBODY, data: {} };
      const rooms = [`group:${EVERYBODY}`];
      await publishers.ask('all', {
        ...origin,
        facts: [{ ...fact, ...(origin.withRooms ? { rooms } : {}) }],
      });
      const late = await Promise.all(homes.map(({ child }) => child.ask('whole', within)));
      if (target !== 'ours') await sleep(1000);
      return late.flat();
    },
    async end() {
      await Promise.all(homes.map(({ child }) => child.ask('end')));
      await Promise.all([publishers.stop(), ...homes.map(({ child }) => child.stop())]);
      for (const proxy of [network, ...proxies]) proxy.close();
      await node.end();
    },
  };
}
