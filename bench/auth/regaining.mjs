import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { startChild } from '../../scripts/lib/child.mjs';
import { freePort } from '../../scripts/lib/ports.mjs';
import { Problem } from '../../scripts/lib/problem.mjs';
import { step } from '../../scripts/lib/step.mjs';
import { tokenOf } from '../../scripts/lib/token.mjs';
import { resultOf } from '../lib/rounds.mjs';
import { DOMAIN } from '../users/cast.mjs';
import { now } from '../users/clock.mjs';
import { startServer } from '../users/server.mjs';

/** People in one process's room, each because their group may have its task. */
export const SOCKETS = 5000;

const ROUNDS = 5;
/** Processes of clients. */
const HOMES = 2;
const PATIENCE = 60_000;

const METRICS = {
  lost: 'posted → the last socket was told that it has left',
  regained: 'posted → the last socket is in it again, and has its rows',
  both: 'both',
  cpu: 'processor time of the server for that',
};

/**
 * A task loses the group that may have it, and gets it again: everybody loses the room of its process in the log's
 * order, and asks for it again when the row comes back to the group's room. What happens in the process meanwhile must
 * reach nobody, and what happens after it everybody.
 */
export async function measureRegaining(parent) {
  const folder = mkdtempSync(`${parent}/`);
  const call = {
    folder,
    port: await freePort(),
    secret: randomBytes(32).toString('hex'),
    key: randomBytes(16).toString('hex'),
  };
  const server = await startServer(call);
  const post = poster(server.url, call.key);
  await post('process:started', { processInstanceId: 'p1', processDefinitionKey: 'k' });
  await post('task:created', { taskId: 't1', processInstanceId: 'p1', candidates: { addGroups: ['crew'] } });
  const homes = Array.from({ length: HOMES }, () =>
    startChild('clients', new URL('./room-clients.mjs', import.meta.url)),
  );
  const ask = (what, value) => Promise.all(homes.map((home) => home.ask(what, value)));
  await step(`${SOCKETS} sockets enter`, () =>
    Promise.all(
      homes.map((home, n) =>
        home.ask(
          'open',
          people(call).filter((_, i) => i % HOMES === n),
        ),
      ),
    ),
  );

  const figures = { lost: [], regained: [], both: [], cpu: [] };
  for (let round = 0; round < ROUNDS; round++) {
    await step(`Round ${round + 1}`, async () => {
      const before = server.cpu();
      const lost = await timed(ask, 'left', () =>
        post('task:updated', { taskId: 't1', candidates: { removeGroups: ['crew'] } }),
      );
      await post('process:suspended', { processInstanceId: 'p1' });
      await post('process:resumed', { processInstanceId: 'p1' });
      const regained = await timed(ask, 'back', () =>
        post('task:updated', { taskId: 't1', candidates: { addGroups: ['crew'] } }),
      );
      const used = server.cpu() - before;
      await timed(ask, 'heard', () => post('task:updated', { taskId: 't1', priority: round + 1 }));
      figures.lost.push(lost);
      figures.regained.push(regained);
      figures.both.push(lost + regained);
      figures.cpu.push(used * 1000);
    });
  }
  const seen = (await ask('leaks')).reduce((sum, leaks) => sum + leaks, 0);
  if (seen > 0) throw new Problem(`${seen} events of the room reached sockets that had lost it.`);
  for (const home of homes) await home.stop();
  await server.crash();
  const scenario = `${SOCKETS} sockets lose a room and regain it`;
  return {
    samples: {
      'rounds of a lost and regained room': ROUNDS,
      'events that reached somebody in between': seen,
    },
    results: Object.entries(METRICS).map(([key, metric]) =>
      resultOf({ scenario, metric, unit: 'ms' }, { ours: figures[key] }),
    ),
  };
}

/** Milliseconds from the post until the last of all sockets has come so far. */
async function timed(ask, what, publish) {
  await ask('expect');
  const began = now();
  await publish();
  const times = (await ask('reached', { what, within: PATIENCE })).flat();
  if (times.length < SOCKETS)
    throw new Problem(`${SOCKETS - times.length} sockets were not ${what} in time.`);
  return times.reduce((last, time) => Math.max(last, time), 0) - began;
}

function poster(url, key) {
  let posted = 0;
  return async (type, data) => {
    const event = { specversion: '1.0', domain: DOMAIN, source: 'bench', id: `${++posted}`, type, data };
    const answer = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ ...event, time: new Date().toISOString() }),
    });
    if (!answer.ok) throw new Problem(`The gateway refused an event: ${await answer.text()}`);
  };
}

function people({ secret, port }) {
  return Array.from({ length: SOCKETS }, (_, n) => {
    const user = `user-${n}`;
    const token = tokenOf(secret, { user, groups: ['crew'], domain: DOMAIN });
    return {
      port,
      auth: { token, client: 'sdk', wire: 1 },
      rooms: [`user:${user}`, 'group:crew', 'process:p1'],
    };
  });
}
