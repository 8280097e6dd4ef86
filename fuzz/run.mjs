import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { openFolder } from '../chaos/folder.mjs';
import { COMMANDS } from '../packages/protocol/src/index.ts';
import { randomOf } from '../scripts/lib/random.mjs';
import { say } from '../scripts/lib/say.mjs';
import { tokenOf } from '../scripts/lib/token.mjs';
import { createFormAttacker } from './attackers/forms.mjs';
import { createHttpAttacker, exchange } from './attackers/http.mjs';
import { createPollingAttacker } from './attackers/polling.mjs';
import { createWebSocketAttacker } from './attackers/websocket.mjs';
import { createEars } from './ears.mjs';
import { formsOf } from './inputs/forms.mjs';
import { framesOf } from './inputs/frames.mjs';
import { packetsOf } from './inputs/packets.mjs';
import { requestsOf } from './inputs/requests.mjs';
import { schemaOf } from './inputs/schema.mjs';
import { valuesOf } from './inputs/values.mjs';
import { webhooksOf } from './inputs/webhooks.mjs';
import { prepare } from './scene.mjs';
import { createTenant } from './tenants.mjs';
import { openWorld } from './world.mjs';

/** Attackers at once, of each kind. */
const LANES = { websocket: 4, polling: 2, http: 6, form: 1 };

/** Findings of one kind that are told; the rest is counted. */
const MOST_TOLD = 20;

/** How long the gateway may take to answer that it lives, in milliseconds. */
const PATIENCE = 10_000;

/** The part of a run after which the gateway is weighed first, and what it may hold more in the end, in megabytes. */
const WARM = 0.3;
const GROWTH = 60;

/**
 * Hostile input for so long, or so many: frames, packets, bodies and requests that are malformed, oversized, half, out
 * of order, and almost right, with and without a token; while two tenants work, who must notice nothing, and of whom
 * nobody else may hear.
 *
 * @param {{ seed: number, seconds: number, inputs?: number, keep?: string, mutant?: string, untilFound?: boolean }} call
 *   `inputs`: ends the run instead of the seconds; `mutant`: a part that is broken on purpose, to test the oracle; `untilFound`: ends the run
 *   with the first finding
 */
export async function runFuzz({ seed, seconds, inputs: most, keep, mutant, untilFound = false }) {
  const { folder, at, drop } = await openFolder(keep);
  const world = await openWorld(at, mutant);
  const counts = { leaked: 0, internal: 0, broken: 0, crashed: 0 };
  const violations = [];
  function report(kind, what) {
    counts[kind]++;
    if (counts[kind] <= MOST_TOLD) violations.push(`${kind}: ${what}`);
  }
  const { url, port, secret } = world;
  const tenants = ['red', 'blue'].map((domain) => createTenant({ url, secret, domain, report }));
  for (const tenant of tenants) await tenant.begin();

  // One who has something here: what is refused to all others lets her through to what lies behind.
  const insider = tokenOf(secret, { user: 'eve', domain: 'red', groups: [] });
  const mine = await prepare(world, LANES.form);

  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const openApi = await readOpenApi(url);
  const ears = createEars(
    tenants.map(({ canary }) => canary),
    report,
  );
  const tokens = [
    undefined,
    'not-a-token',
    tokenOf('another-secret-of-32-bytes-or-more', { user: 'ann-red', domain: 'red', groups: [] }),
    ...tenants.flatMap(({ domain }) => [
      tokenOf(secret, { user: 'mallory', domain, groups: ['thieves'] }),
      tokenOf(secret, { user: 'mallory', domain, groups: [] }),
    ]),
    insider,
  ];
  const authorizations = [
    undefined,
    'Basic eDp4',
    'Bearer',
    ...tokens.filter((token) => token !== undefined).map((token) => `Bearer ${token}`),
    `Bearer ${world.publishKey}`,
  ];
  const schemas = Object.fromEntries(
    Object.entries(COMMANDS).map(([name, schema]) => [name, schemaOf(schema)]),
  );
  const begun = performance.now();
  let inputs = 0;
  let isWarm = false;
  let heldWarm;
  let highest = 0;
  const elapsed = () => (performance.now() - begun) / 1000;
  const isOver = () =>
    world.crash !== undefined ||
    (untilFound && violations.length > 0) ||
    (most === undefined ? elapsed() >= seconds : inputs >= most);

  function attackerOf(kind, lane) {
    const random = randomOf(`${seed}/${kind}/${lane}`);
    // Who has the key of publishers may do as it likes in a room that it knows; those who only have a token may not.
    const values = valuesOf(
      random,
      kind === 'http'
        ? [...mine, 'mallory', 'user:mallory']
        : [...mine, ...tenants.flatMap(({ known }) => known)],
    );
    const packets = packetsOf(random, values, schemas);
    const listen = (about) => ears.open(`${kind} ${lane}`, about);
    const tools = { agent, port, random, values, packets, tokens, authorizations, listen, isOver };
    if (kind === 'websocket')
      return createWebSocketAttacker({ ...tools, wrongFrame: framesOf(random, values) });
    if (kind === 'polling') return createPollingAttacker(tools);
    if (kind === 'form')
      return createFormAttacker({
        ...tools,
        forms: formsOf(random, values),
        engine: world.engine,
        insider,
        lane,
      });
    const passes = { token: `Bearer ${insider}`, publisherKey: `Bearer ${world.publishKey}` };
    const webhook = webhooksOf(random, values);
    return createHttpAttacker({ ...tools, passes, request: requestsOf(random, values, openApi, webhook) });
  }

  async function attack(visit) {
    while (!isOver()) {
      const brought = await visit();
      inputs += brought;
    }
    // What others still wait for will not come.
    agent.destroy();
  }

  say(
    `Hostile input for ${most === undefined ? `${seconds} s` : `${most} inputs`}, seed ${seed} (${folder})`,
  );
  const watching = setInterval(() => {
    highest = Math.max(highest, world.memory);
    const share = most === undefined ? elapsed() / seconds : inputs / most;
    if (!isWarm && share >= WARM) {
      isWarm = true;
      world.held().then((held) => {
        heldWarm = held;
      });
    }
    say(`  ${inputs} inputs, ${Math.round(inputs / elapsed())} a second, ${world.memory} MB`);
  }, 5000);
  await Promise.all(
    Object.entries(LANES).flatMap(([kind, count]) =>
      Array.from({ length: count }, (_, lane) => attack(attackerOf(kind, lane))),
    ),
  );
  clearInterval(watching);
  const isAlive = world.crash === undefined && (await lives(port));
  if (world.crash === undefined && !isAlive) report('crashed', 'the gateway does not answer any more');
  const messages = (await Promise.all(tenants.map((tenant) => tenant.end()))).reduce((a, b) => a + b);
  const held = isAlive ? await heldAtRest(world) : undefined;
  if (world.crash !== undefined) report('crashed', world.crash);
  await world.end();
  for (const line of await world.errors()) report('internal', `the gateway's log says: ${line}`);
  if (held - heldWarm > GROWTH)
    report('broken', `the gateway held ${heldWarm} MB, and ${held} MB in the end`);
  await drop();
  return {
    seed,
    inputs,
    crashes: counts.crashed + counts.internal,
    leaks: counts.leaked,
    broken: counts.broken,
    violations,
    messages,
    memory: { warm: heldWarm ?? null, end: held ?? null, highest },
    seconds: Math.round(elapsed() * 10) / 10,
  };
}

async function readOpenApi(url) {
  const answer = await fetch(`${url}/v1/openapi.json`);
  return answer.json();
}

async function lives(port) {
  const agent = new Agent();
  const until = Date.now() + PATIENCE;
  while (Date.now() < until) {
    const answer = await exchange(agent, port, { method: 'GET', path: '/live', headers: {} }, () => {});
    if (answer?.status === 200) return true;
    await sleep(100);
  }
  return false;
}

/** The least that it holds within two seconds: what was under way has ended by then. */
async function heldAtRest(world) {
  let least;
  for (let look = 0; look < 5; look++) {
    const held = await world.held();
    if (held === undefined) break;
    least = Math.min(held, least ?? held);
    await sleep(400);
  }
  return least;
}
