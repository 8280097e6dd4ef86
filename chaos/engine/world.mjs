import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../scripts/lib/ports.mjs';
import { Problem } from '../../scripts/lib/problem.mjs';
import { randomOf } from '../../scripts/lib/random.mjs';
import { tokenOf } from '../../scripts/lib/token.mjs';
import { engineRest, startEngine } from '../../scripts/stack/engine.mjs';
import { onNetwork, onNode } from '../faults/injector.mjs';
import { nodeOf } from '../faults/node.mjs';
import { openProxy } from '../faults/proxy.mjs';
import { isOfEngine, mutantOfEngine } from '../mutants/engine.mjs';
import { ours } from '../targets/ours.mjs';
import { ENGINES } from './engines.mjs';
import { DOMAINS, setStage } from './load/cast.mjs';
import { createLoad } from './load/load.mjs';

/** Milliseconds after which a job that an engine had taken before it was killed may be taken again. */
const JOB_LOCK = 5000;

/** Milliseconds that the engine may take for what it does by itself. */
const CALM_WITHIN = 120_000;

/**
 * What a gateway says of a sweep that is done, the milliseconds between two, and how many there have to be after the
 * last event: they take longer than the ten looks until one goes back as far as any does.
 */
const SWEPT = 'all that is open was compared';
const SWEEP_EVERY = 3000;
const SWEEPS = 5;

/** The last event of all is a task of this one's. */
const FINALE = 'chaos-finale';

/** The engine's account for the gateway. */
const SERVICE = 'gateway';

/**
 * Starts an engine with its plugin and a gateway, each way between them through a network of its own, and sets the
 * stage.
 */
export async function openEngineWorld({ plan, at, engine: name, capture, database, mutant }) {
  const secret = randomBytes(32).toString('hex');
  const key = randomBytes(16).toString('hex');
  const password = randomBytes(12).toString('hex');
  const ports = { gateway: await freePort(), engine: await freePort() };
  const relay = await openProxy(ports.gateway);
  relay.delay(capture.lag ?? 0);
  const rest = await openProxy(ports.engine);
  if (capture.late) rest.hold(latenessOf(plan.seed, capture.late));
  const desk = await openProxy(ports.engine);
  const restOf = ({ port }) => `http://127.0.0.1:${port}/engine-rest`;

  const tables = await database.open(at);
  const args = isOfEngine(mutant) ? await mutantOfEngine(mutant, at('mutant')) : undefined;

  /** The engine as the gateway asks it. */
  const asked = {
    ...{ name: 'default', url: restOf(rest), user: SERVICE, password },
    capture: capture.hasPlugin ? 'both' : 'rest',
  };
  const gateway = nodeOf('gateway', () =>
    ours.start({
      id: 'ws-1',
      port: ports.gateway,
      secret,
      key,
      mutant: args ? undefined : mutant,
      env: { DATA_DIR: at('data'), ...(capture.isAsked ? reconciling(asked) : {}) },
      output: at('gateway.txt'),
    }),
  );
  const engine = nodeOf('engine', () =>
    startEngine({
      engine: name,
      args,
      log: at('engine.txt'),
      env: {
        PORT: String(ports.engine),
        ...tables.env,
        CAMUNDA_USER: SERVICE,
        CAMUNDA_PASSWORD: password,
        DEMO_PASSWORD: password,
        GATEWAY_URL: `http://127.0.0.1:${relay.port}`,
        PUBLISH_KEY: key,
        NETBUILD_REALTIME_ENABLED: String(capture.hasPlugin),
        [`${ENGINES[name].settings}_JOBEXECUTION_LOCKTIMEINMILLIS`]: String(JOB_LOCK),
      },
    }),
  );
  await Promise.all([gateway.begin(), engine.begin()]);
  // One that has asked in vain for long asks again when the load is over.
  if (capture.isAsked) await gateway.replace();
  const account = (user) => ({ user, password });
  const ask = engineRest(restOf({ port: ports.engine }), account(SERVICE));
  await setStage(restOf({ port: ports.engine }), account(SERVICE));
  const load = createLoad({
    ...plan,
    url: () => restOf(desk),
    accounts: { gateway: account(SERVICE), alice: account('alice'), bob: account('bob') },
  });

  return {
    rest: ask,
    nodes: [gateway, engine],
    targets: new Map([
      ['gateway', onNode(gateway)],
      ['engine', prefixed('engine', onNode(engine))],
      ['relay', onNetwork(relay, capture.lag)],
      ['rest', onNetwork(rest)],
      ['desk', onNetwork(desk)],
      ['database', prefixed('database', tables.plays)],
    ]),
    play: load.play,
    done: load.done,
    progress: () =>
      Object.entries(load.counts)
        .map(([name, count]) => `${count} ${name}`)
        .join(', '),
    /** Nothing has a fault left to suffer, nor is late, and the engine has nothing left to do by itself. */
    async atRest() {
      rest.hold(() => 0);
      await Promise.all([gateway.settled(), engine.settled()]);
      const end = Date.now() + CALM_WITHIN;
      for (let quiet = 0; quiet < 2; ) {
        if (Date.now() > end) throw new Problem('The engine did not come to rest.');
        quiet = (await dueJobs(ask)) === 0 ? quiet + 1 : 0;
        await sleep(250);
      }
    },
    /**
     * The last event of all, and until the log has it, in each domain, and reconcile has compared everything since;
     * answers with what had not happened in time.
     */
    async settled(within) {
      for (const domain of DOMAINS)
        await ask('POST', '/task/create', {
          id: `${FINALE}-${domain}`,
          name: 'The finale',
          assignee: FINALE,
          ...(domain === DOMAINS[0] ? {} : { tenantId: domain }),
        });
      const end = Date.now() + within;
      const url = `http://127.0.0.1:${ports.gateway}`;
      const late = await stillFalse(
        end,
        DOMAINS.map((domain) => [domain, () => hasFinale(url, secret, domain)]),
      );
      if (!capture.isAsked || late.length > 0) return late;
      const sweeps = () => readFileSync(at('gateway.txt'), 'utf8').split(SWEPT).length - 1;
      const before = sweeps();
      return stillFalse(end, [['reconcile', () => sweeps() >= before + SWEEPS]]);
    },
    async end() {
      await Promise.all([gateway.end(), engine.end()]);
      await tables.end();
      for (const proxy of [relay, rest, desk]) proxy.close();
    },
  };
}

/** How late each answer is that follows; the seed decides, as far as they come in the same order. */
function latenessOf(seed, { oneIn, least, most }) {
  const random = randomOf(`${seed}/answers`);
  return () => (random.below(oneIn) === 0 ? random.between(least, most) : 0);
}

/** What can be done to something, under names of its own. */
const prefixed = (name, plays) =>
  Object.fromEntries(Object.entries(plays).map(([kind, play]) => [`${name}-${kind}`, play]));

/** Jobs that the engine is about to do; those that have failed too often, or stand still, it leaves alone. */
async function dueJobs(rest) {
  const soon = new Date(Date.now() + 300_000).toISOString().replace('Z', '%2B0000');
  const asked = ['executable=true&active=true', `dueDates=lt_${soon}&withRetriesLeft=true&active=true`];
  const counts = await Promise.all(asked.map((query) => rest('GET', `/job/count?${query}`)));
  return counts.reduce((sum, { count }) => sum + count, 0);
}

/** A gateway that asks an engine, and says of each sweep when it is done. */
const reconciling = (asked) => ({
  ENGINES: JSON.stringify([asked]),
  SWEEP_INTERVAL_MS: String(SWEEP_EVERY),
  // Behind a relay it looks ten times less often.
  ...(asked.capture === 'both' ? { POLL_INTERVAL_MS: '100' } : {}),
  LOG_LEVEL: 'debug',
});

/** Waits until each is true, or the time is over; answers with the names of the others. */
async function stillFalse(end, conditions) {
  let open = conditions;
  for (; open.length > 0 && Date.now() < end; await sleep(100)) {
    const are = await Promise.all(open.map(([, isTrue]) => isTrue()));
    open = open.filter((_, i) => !are[i]);
  }
  return open.map(([name]) => name);
}

async function hasFinale(url, secret, domain) {
  const token = tokenOf(secret, { user: FINALE, groups: [], domain });
  const answer = await fetch(`${url}/v1/state?room=user:${FINALE}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!answer.ok) return false;
  const { rows } = await answer.json();
  return rows.length > 0;
}
