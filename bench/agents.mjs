import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startChild } from '../scripts/lib/child.mjs';
import { bin } from '../scripts/lib/paths.mjs';
import { Problem } from '../scripts/lib/problem.mjs';
import { step } from '../scripts/lib/step.mjs';
import { tokenOf } from '../scripts/lib/token.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';
import { startService } from '../scripts/stack/service.mjs';
import { openFolder } from './lib/folder.mjs';

const AGENTS = 50;
const READERS = 200;
const DELTAS_A_SECOND = 200;

/** Seconds that are measured, and those before them: what runs often is compiled by then. */
const SECONDS = 4;
const WARM_UP = 1;

/** Milliseconds between two requests of a kit that has all agents, and from one durable step of a text to the next. */
const CAST_EVERY = 50;
const STEP_EVERY = 2000;

/** Milliseconds from one renewal of a run to the next, as the kit has it. */
const RENEW_EVERY = 5000;

const KEY = 'a-publish-key-of-the-measurement';
const ROOM = 'execution:all';

export const about = `${DELTAS_A_SECOND} pieces of text a second by ${AGENTS} agents to ${READERS} readers in one room: what the server's process takes, beside bare Socket.IO that relays the same`;

/** How the agents send: from one process each, or all by one kit. */
const WAYS = { 'each piece by a request of its own': false, 'all agents of one kit, each 50 ms': true };

export async function run() {
  const results = [];
  for (const [scenario, isGathered] of Object.entries(WAYS)) {
    const ours = await step(`${scenario}: the gateway`, () => measure(openGateway, isGathered, true));
    const stock = await step(`${scenario}: bare Socket.IO`, () => measure(openStock, isGathered, false));
    for (const [metric, unit, of] of [
      ['CPU of the process, user and system', 'cores', ({ cores }) => cores],
      ['from the agent to the reader, p99', 'ms', ({ p99 }) => p99],
      ['heard as it was said, by all readers', '%', ({ share }) => share],
    ])
      results.push({
        scenario,
        metric,
        unit,
        ours: of(ours),
        peers: { 'bare Socket.IO, which keeps nothing': of(stock) },
        ratio: Number((of(ours) / of(stock)).toFixed(2)),
      });
  }
  const samples = {
    'seconds a scenario': SECONDS,
    'pieces of text a second': DELTAS_A_SECOND,
    'durable steps a second, of ours alone': (AGENTS * 1000) / STEP_EVERY,
  };
  return { samples, results };
}

async function measure(open, isGathered, isOurs) {
  const server = await open();
  const readers = startChild('readers', new URL('./agents/readers.mjs', import.meta.url));
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  try {
    const { send } = server;
    const post = (events) => send(events, agent);
    if (isOurs) await begin(post);
    await readers.ask('open', { url: server.url, tokens: server.tokens, room: ROOM });
    const speech = speak(isOurs, isGathered, post);
    await sleep(WARM_UP * 1000);
    await readers.ask('count');
    const [before, from] = [cpuOf(server.pid), performance.now()];
    await sleep(SECONDS * 1000);
    const seconds = (performance.now() - from) / 1000;
    const said = await speech.stop();
    const { heard, p99 } = await readers.ask('told', said * READERS);
    // To the last of what was said in that time, also where other work has kept the server from it.
    const used = cpuOf(server.pid) - before;
    // What a reader who is behind has not heard comes to it by the next step.
    const share = (100 * heard) / (said * READERS);
    if (share > 100) throw new Problem(`Of ${said * READERS} characters the readers have heard ${heard}.`);
    const rounded = (value, digits) => Number(value.toFixed(digits));
    return { cores: rounded(used / seconds, 3), p99: rounded(p99, 1), share: rounded(share, 1) };
  } finally {
    await readers.stop();
    agent.destroy();
    await server.stop();
  }
}

/** Each agent says a piece in its turn, at the pace of all; its text is durable in steps, as the kit makes them. */
function speak(isOurs, isGathered, post) {
  const runs = Array.from({ length: AGENTS }, (_, n) => ({ n, messages: 1, text: '', saved: 0, heard: 0 }));
  const underWay = new Set();
  let said = 0;
  let turn = 0;
  const track = (work) => {
    underWay.add(work);
    work.finally(() => underWay.delete(work));
  };
  const delta = (run) => {
    const text = run.text.slice(run.heard);
    const event = deltaOf(run, run.heard, text);
    run.heard = run.text.length;
    return event;
  };
  const begun = performance.now();
  const talking = setInterval(() => {
    for (; turn < ((performance.now() - begun) / 1000) * DELTAS_A_SECOND; turn++) {
      const run = runs[turn % AGENTS];
      const piece = `@${(performance.timeOrigin + performance.now()).toFixed(1)}@ and some words of it `;
      run.text += piece;
      said += piece.length;
      if (!isGathered) track(post([delta(run)]));
    }
  }, 5);
  const casting = setInterval(() => {
    const due = isGathered ? runs.filter(({ text, heard }) => heard < text.length) : [];
    if (due.length > 0) track(post(due.map(delta)));
  }, CAST_EVERY);
  let steps = 0;
  const saving = setInterval(() => {
    const run = runs[steps++ % AGENTS];
    if (!isOurs || run.saved === run.text.length) return;
    const text = run.text.slice(run.saved);
    track(post([stepOf(run, run.saved, text)]));
    run.saved = run.text.length;
  }, STEP_EVERY / AGENTS);
  let renewals = 0;
  const renewing = setInterval(
    () => isOurs && track(post([thinking(runs[renewals++ % AGENTS])])),
    RENEW_EVERY / AGENTS,
  );
  return {
    /** Resolves with the characters that were said, once all are on their way to the readers. */
    async stop() {
      for (const timer of [talking, casting, saving, renewing]) clearInterval(timer);
      const rest = runs.filter(({ text, heard }) => heard < text.length);
      if (rest.length > 0) track(post(rest.map(delta)));
      await Promise.all(underWay);
      return said;
    },
  };
}

let ids = 0;
const event = (type, data) => ({ specversion: '1.0', source: 'agents', id: `${++ids}`, type, data });
const idOf = ({ n }) => ({ agentId: `run-${n}`, messageId: `message-${n}` });
const deltaOf = (run, offset, text) => event('agent:delta', { ...idOf(run), offset, text });
const stepOf = (run, offset, text) => event('message:appended', { ...idOf(run), offset, text });
// On a machine that is busy with something else nobody is silent for being slow.
const thinking = (run) =>
  event('agent:thinking', {
    agentId: idOf(run).agentId,
    agent: 'summarise',
    executionId: 'all',
    ttl: 60_000,
  });

async function begin(post) {
  const people = Array.from({ length: READERS }, (_, n) => `reader-${n}`);
  await post([event('execution:created', { executionId: 'all', title: 'All', participants: people })]);
  await post(Array.from({ length: AGENTS }, (_, n) => thinking({ n })));
}

async function openGateway() {
  const folder = openFolder('agents');
  const secret = randomBytes(32).toString('hex');
  const gateway = await startGateway({
    log: `${folder}/gateway.txt`,
    env: {
      PORT: '0',
      JWT_SECRET: secret,
      PUBLISH_KEY: KEY,
      DATA_DIR: `${folder}/data`,
      LOG_LEVEL: 'warn',
      AUDIT: 'off',
      // All come from one address here, and all of them at once.
      LIMIT_UNAUTHENTICATED: '0',
      LIMIT_HANDSHAKES_ADDRESS: 'off',
      LIMIT_HANDSHAKES_NODE: 'off',
    },
  });
  const tokens = Array.from({ length: READERS }, (_, n) =>
    tokenOf(secret, { user: `reader-${n}`, groups: [], domain: 'default' }),
  );
  const send = async (events, agent) => {
    const { results } = await postJson(`${gateway.url}/v1/events`, events, agent, {
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/cloudevents-batch+json',
    });
    const refused = results.find(({ status }) => status === 'refused');
    if (refused) throw new Problem(`The gateway has refused ${JSON.stringify(refused.error)}.`);
  };
  return { ...gateway, tokens, send };
}

async function openStock() {
  const folder = openFolder('agents-stock');
  const server = await startService(
    'Socket.IO server',
    bin('node'),
    [fileURLToPath(new URL('./agents/stock-server.mjs', import.meta.url))],
    {
      env: { PORT: '0' },
      log: `${folder}/server.txt`,
      ready: /listening on (http:\/\/[^\s"]+)/,
      timeout: 30_000,
    },
  );
  const tokens = Array.from({ length: READERS }, () => undefined);
  const send = (events, agent) =>
    postJson(
      server.url,
      events.map(({ type, data }) => ({ type, rooms: [ROOM], data })),
      agent,
      { 'content-type': 'application/json' },
    );
  return { ...server, tokens, send };
}

function postJson(url, body, agent, headers) {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const asking = request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(text) } },
      (answer) => {
        let said = '';
        answer.on('data', (chunk) => {
          said += chunk;
        });
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve(JSON.parse(said));
          else reject(new Problem(`${url} answered ${answer.statusCode}: ${said}`));
        });
      },
    );
    asking.on('error', reject);
    asking.end(text);
  });
}

/** Seconds of processor time that a process has taken so far, in its own code and in the kernel's for it. */
function cpuOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  // Linux counts in hundredths, whatever its clock does.
  return (user + system) / 100;
}
