import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '../../scripts/lib/child.mjs';
import { percentile } from '../../scripts/lib/percentile.mjs';
import { freePort } from '../../scripts/lib/ports.mjs';
import { Problem } from '../../scripts/lib/problem.mjs';
import { tokenOf } from '../../scripts/lib/token.mjs';
import { DOMAIN, openingFacts, personOf, USERS } from './cast.mjs';
import { now } from './clock.mjs';
import { createPublisher } from './publisher.mjs';
import { startServer } from './server.mjs';

/** Events a second, and for how many seconds they are measured once the load is steady. */
export const PACE = 200;
export const SECONDS = 15;

/** Events that go to everybody, one after the other, with nothing beside them. */
const ANNOUNCEMENTS = 5;

/** Processes of light clients, and real SDK clients beside them. */
const HOMES = 2;
export const SDKS = 12;

/** Who comes and goes before memory is measured: what a server makes once is there by then. */
const FORERUNNERS = 300;

/** How long everybody may take to be whole again, in milliseconds. */
const PATIENCE = 300_000;

/** The life of one server: everybody comes, is served, loses it by SIGKILL, and comes back. */
export async function playRound({ isStock, folder: parent }) {
  const folder = mkdtempSync(`${parent}/`);
  const port = await freePort();
  const call = {
    isStock,
    folder,
    port,
    secret: randomBytes(32).toString('hex'),
    key: randomBytes(16).toString('hex'),
  };
  let server = await startServer(call);
  const publisher = createPublisher({ url: server.url, key: call.key, isStock });
  await publisher.all(openingFacts());
  const homes = Array.from({ length: HOMES }, () =>
    startChild('light clients', new URL('./clients.mjs', import.meta.url)),
  );
  const sdks = isStock ? undefined : startChild('SDK clients', new URL('./sdk-clients.mjs', import.meta.url));
  const ask = (what, value) => Promise.all(homes.map((home) => home.ask(what, value)));

  await homes[0].ask('open', people(call, FORERUNNERS));
  await homes[0].ask('close');
  await sleep(2000);
  const before = await server.memory();
  const everybody = people(call, USERS);
  await Promise.all(
    homes.map((home, n) =>
      home.ask(
        'open',
        everybody.filter((_, i) => i % HOMES === n),
      ),
    ),
  );
  await sleep(2000);
  const memory = (await server.memory()) - before;
  await sdks?.ask('open', sdkPeople(server.url, call));

  let load = publisher.play(PACE);
  await sleep(3000);
  await ask('listen');
  const [cpu, since] = [server.cpu(), now()];
  await sleep(SECONDS * 1000);
  const busy = (server.cpu() - cpu) / ((now() - since) / 1000);
  const latencies = (await ask('heard')).flat();
  await load.stop();

  const spreads = [];
  for (let n = 0; n < ANNOUNCEMENTS; n++) {
    await ask('listen');
    await publisher.announce();
    await sleep(1000);
    spreads.push((await ask('heard')).flat());
  }

  load = publisher.play(PACE);
  await sleep(1000);
  await ask('expect');
  await server.crash();
  const killed = now();
  server = await startServer(call);
  const restarted = now();
  const arrivals = (await ask('back', PATIENCE)).flat().map((at) => at - killed);
  await load.stop();
  if (arrivals.length < USERS) throw new Problem(`${USERS - arrivals.length} people were not back in time.`);
  const whole = isStock
    ? undefined
    : await verify({ call, url: server.url, homes, sdks, expected: publisher.expected });
  if (isStock) await sleep(1000);

  const told = await toldBy(homes, 0);
  for (const child of [...homes, ...(sdks ? [sdks] : [])]) await child.stop();
  publisher.close();
  await server.crash();
  rmSync(folder, { recursive: true, force: true });
  return {
    deliveries: latencies.length,
    lost: told.reduce((sum, { events }, n) => sum + Math.max(0, publisher.expected[n] - events), 0),
    fresh: told.reduce((sum, { fresh }) => sum + fresh - 1, 0),
    whole,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    all: percentile(
      spreads.map((times) => Math.max(...times)),
      0.5,
    ),
    cpu: busy * 100,
    memory: memory / USERS / 1024,
    away: restarted - killed,
    back50: percentile(arrivals, 0.5),
    back: Math.max(...arrivals),
    attempts: told.reduce((sum, { attempts }) => sum + attempts, 0) / USERS,
  };
}

function people({ isStock, secret, port }, count) {
  return Array.from({ length: count }, (_, n) => {
    const { userId, groups, rooms } = personOf(n);
    const said = isStock
      ? { rooms }
      : { token: tokenOf(secret, { user: userId, groups, domain: DOMAIN }), client: 'sdk', wire: 1 };
    return { auth: { port, said }, rooms, isStock };
  });
}

function sdkPeople(url, { secret }) {
  return Array.from({ length: SDKS }, (_, n) => {
    const { userId, groups, executionId } = personOf(n);
    return { url, executionId, token: tokenOf(secret, { user: userId, groups, domain: DOMAIN }) };
  });
}

/** In the order of people again. */
async function toldBy(homes, seq) {
  const parts = await Promise.all(homes.map((home) => home.ask('told', { seq, within: PATIENCE })));
  return Array.from({ length: USERS }, (_, n) => parts[n % HOMES][Math.floor(n / HOMES)]);
}

/**
 * Every client, light or SDK, must have had each event of its rooms once and in order, across the kill.
 * @throws {Problem} where one has not
 */
async function verify({ call, url, homes, sdks, expected }) {
  const seq = await headOf(url, call);
  const told = await toldBy(homes, seq);
  const seen = await sdks.ask('told', { seq, within: PATIENCE });
  const wrong = [
    ...told.filter(
      ({ events, disordered, miscounted }, n) => events !== expected[n] || disordered + miscounted > 0,
    ),
    ...seen.filter((one, n) => one.events !== expected[n] || one.disordered > 0 || !one.isWhole),
  ];
  if (wrong.length > 0) {
    throw new Problem(`${wrong.length} clients were not told what they should: ${JSON.stringify(wrong[0])}.`);
  }
  return told.length + seen.length;
}

/** Where the log stands, as any client can ask. */
async function headOf(url, { secret }) {
  const { userId, groups, rooms } = personOf(0);
  const token = tokenOf(secret, { user: userId, groups, domain: DOMAIN });
  const answer = await fetch(`${url}/v1/state?room=${rooms[0]}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return (await answer.json()).seq;
}
