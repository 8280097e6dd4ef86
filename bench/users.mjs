import { readFileSync } from 'node:fs';
import { Problem } from '../scripts/lib/problem.mjs';
import { say } from '../scripts/lib/say.mjs';
import { step } from '../scripts/lib/step.mjs';
import { openFolder } from './lib/folder.mjs';
import { resultOf } from './lib/rounds.mjs';
import { USERS } from './users/cast.mjs';
import { PACE, playRound, SDKS, SECONDS } from './users/round.mjs';

export const about = `${USERS} people on one gateway at ${PACE} events a second, and all of them back after a kill; beside stock Socket.IO`;

const ROUNDS = 3;

/** What is measured of a round: how it is called, in what, and with how many digits. */
const METRICS = {
  p50: ['posted → at the client, p50', 'ms', 1],
  p99: ['posted → at the client, p99', 'ms', 1],
  all: ['posted → at the last of all clients', 'ms', 0],
  cpu: ['processor of the server', '% of a core', 0],
  memory: ['memory a connection', 'KB', 1],
  back50: ['killed → half of them back', 'ms', 0],
  back: ['killed → all of them back', 'ms', 0],
  away: ['of that, until the server listens again', 'ms', 0],
  attempts: ['attempts to connect, a client', '', 2],
  lost: ['deliveries lost by the kill', '', 0],
};

export async function run() {
  const files = openFiles();
  if (files < USERS + 500) {
    throw new Problem(
      `${USERS} connections need as many open files, and a process may have ${files}: \`ulimit -n ${USERS + 500}\`.`,
    );
  }
  say(
    `A process may have ${files} open files here; clients and publisher share the machine with the server.`,
  );
  const folder = openFolder('users');
  const rounds = { ours: [], 'socket.io': [] };
  for (let n = 0; n < ROUNDS; n++) {
    for (const side of n % 2 === 0 ? ['ours', 'socket.io'] : ['socket.io', 'ours']) {
      rounds[side].push(
        await step(`Round ${n + 1}, ${side}`, () => playRound({ isStock: side === 'socket.io', folder })),
      );
    }
  }
  const scenario = `${USERS} people, ${PACE} events/s`;
  const results = Object.entries(METRICS).map(([key, [metric, unit, digits]]) =>
    resultOf(
      { scenario, metric, unit, digits },
      Object.fromEntries(
        Object.entries(rounds).map(([side, list]) => [side, list.map((round) => round[key])]),
      ),
    ),
  );
  const [first] = rounds.ours;
  return {
    samples: {
      'rounds, each of ours beside one of stock Socket.IO': ROUNDS,
      'seconds of load measured in each': SECONDS,
      'deliveries in the first': first.deliveries,
      [`clients (${SDKS} of them real SDKs) that had each event once and in order, across the kill`]:
        first.whole,
      'of ours that had to start afresh after it': rounds.ours.reduce((sum, { fresh }) => sum + fresh, 0),
    },
    results,
  };
}

/** How many files, and so connections, a process may have open. */
function openFiles() {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  return Number(/Max open files\s+(\d+)/.exec(limits)[1]);
}
