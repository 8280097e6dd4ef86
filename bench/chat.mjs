import { randomBytes } from 'node:crypto';
import { io } from 'socket.io-client';
import { createPublish } from '../packages/gateway/src/ingest/publish.ts';
import { openSqliteLog } from '../packages/log/src/index.ts';
import { percentile } from '../scripts/lib/percentile.mjs';
import { freePort } from '../scripts/lib/ports.mjs';
import { Problem } from '../scripts/lib/problem.mjs';
import { step } from '../scripts/lib/step.mjs';
import { tokenOf } from '../scripts/lib/token.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';
import { openFolder } from './lib/folder.mjs';

/** Messages of the long execution, and of the short one beside it, which its last page must cost no more than. */
const LONG = 100_000;
const SHORT = 300;

/** Messages that are published at once while the executions are filled. */
const BATCH = 1000;

/** Times that each is opened, one after the other in turn; those that go before let the gateway compile what it needs. */
const ROUNDS = 300;
const FORERUNNERS = 50;

const DOMAIN = 'bench';
const PEOPLE = ['alice', 'bob'];

export const about = `opening the last page of an execution with ${LONG} messages, and the page before it, beside one with ${SHORT}`;

export async function run() {
  const folder = openFolder('chat');
  await step(`Filling an execution with ${LONG} messages`, () => fill(`${folder}/data`));
  const secret = randomBytes(32).toString('hex');
  const token = tokenOf(secret, { user: 'alice', groups: [], domain: DOMAIN });
  const gateway = await startGateway({
    env: {
      PORT: String(await freePort()),
      JWT_SECRET: secret,
      DATA_DIR: `${folder}/data`,
      LOG_LEVEL: 'warn',
      AUDIT: 'off',
      // One person asks all the time here.
      LIMIT_HTTP_REQUESTS: 'off',
      LIMIT_ROOM_REQUESTS: 'off',
      LIMIT_PACKETS: 'off',
    },
    log: `${folder}/gateway.txt`,
  });
  const socket = io(gateway.url, { auth: { token, client: 'sdk', wire: 1 }, transports: ['websocket'] });
  await new Promise((resolve) => socket.once('ready', resolve));

  const took = { long: [], short: [], longBack: [], shortBack: [] };
  await step(`Opening each of them ${ROUNDS} times`, async () => {
    for (let round = -FORERUNNERS; round < ROUNDS; round++)
      for (const name of ['long', 'short']) {
        const opened = await timed(() => openRoom(socket, name));
        const back = await timed(() => pageBack(gateway.url, token, name, opened.answer));
        if (round < 0) continue;
        took[name].push(opened.milliseconds);
        took[`${name}Back`].push(back.milliseconds);
      }
  });
  socket.disconnect();
  await gateway.stop();
  const results = ['p50', 'p99'].flatMap((metric) => [
    resultOf('the last page, over a socket', metric, took.long, took.short),
    resultOf('the page before it, over HTTP', metric, took.longBack, took.shortBack),
  ]);
  return { samples: { 'openings of each': ROUNDS }, results };
}

async function fill(directory) {
  const log = await openSqliteLog({ directory });
  const publish = createPublish(log);
  const fact = (type, id, data) => ({ source: 'bench', id, type, time: new Date().toISOString(), data });
  for (const [executionId, count] of [
    ['short', SHORT],
    ['long', LONG],
  ]) {
    await publish(DOMAIN, [
      fact('execution:created', executionId, { executionId, title: executionId, participants: PEOPLE }),
    ]);
    for (let first = 0; first < count; first += BATCH)
      await publish(
        DOMAIN,
        Array.from({ length: Math.min(BATCH, count - first) }, (_, i) => {
          const messageId = `${executionId}-${first + i}`;
          const content = `message ${first + i}: ${'as people write them, a line or two. '.repeat(3)}`;
          return fact('message:new', messageId, { messageId, executionId, userId: PEOPLE[i % 2], content });
        }),
      );
  }
  await log.close();
}

/** Afresh, as a browser does that has just come. */
async function openRoom(socket, name) {
  const answer = await socket.timeout(20_000).emitWithAck('subscribe', { rooms: [`execution:${name}`] });
  if (!answer.success || answer.events.length === 0) throw new Problem(`No page: ${JSON.stringify(answer)}`);
  return answer;
}

async function pageBack(url, token, name, { epoch, events }) {
  const query = new URLSearchParams({ room: `execution:${name}`, before: `${epoch}:${events[0].seq}` });
  const answer = await fetch(`${url}/v1/events?${query}`, { headers: { authorization: `Bearer ${token}` } });
  const page = await answer.json();
  if (!answer.ok || page.events.length === 0) throw new Problem(`No page: ${JSON.stringify(page)}`);
  return page;
}

async function timed(work) {
  const begun = performance.now();
  const answer = await work();
  return { answer, milliseconds: performance.now() - begun };
}

function resultOf(scenario, metric, long, short) {
  const at = (values) => Number(percentile(values, metric === 'p50' ? 0.5 : 0.99).toFixed(1));
  const [ours, peer] = [at(long), at(short)];
  return {
    scenario,
    metric,
    unit: 'ms',
    ours,
    peers: { [`with ${SHORT} messages`]: peer },
    ratio: Number((ours / peer).toFixed(2)),
    spread: { ours: [Math.min(...long), Math.max(...long)].map((value) => Number(value.toFixed(1))) },
  };
}
