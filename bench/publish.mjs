import { Agent, request } from 'node:http';
import { startChild } from '../scripts/lib/child.mjs';
import { Problem } from '../scripts/lib/problem.mjs';
import { step } from '../scripts/lib/step.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';
import { openFolder } from './lib/folder.mjs';
import { inTurn, resultOf } from './lib/rounds.mjs';
import { BATCH, batchesOf, opening } from './publish/load.mjs';

export const about =
  'batches of CloudEvents over HTTP, to a gateway on SQLite, beside the same events appended straight to a log';

const KEY = 'a-publish-key-of-the-measurement';

/** Events of a round, rounds of a scenario, and events before them: what runs often is compiled by then. */
const EVENTS = 20_000;
const ROUNDS = 5;
const WARM_UP = 20_000;

/** Batches that are under way at once: a publisher that waits for each answer, and some together. */
const AT_ONCE = [1, 8];

export async function run() {
  const results = [];
  for (const atOnce of AT_ONCE) {
    const scenario = `batches of ${BATCH} message:new, ${atOnce === 1 ? 'one after the other' : `${atOnce} at once`}`;
    results.push(await step(scenario, () => measure(scenario, atOnce)));
  }
  const samples = {
    'events a round': EVENTS,
    'rounds a scenario, each of ours beside one of the log alone': ROUNDS,
  };
  return { samples, results };
}

async function measure(scenario, atOnce) {
  const folder = openFolder('publish');
  const bare = startChild('process of the log', new URL('./publish/log.mjs', import.meta.url));
  await bare.ask('open', { directory: `${folder}/log`, atOnce });
  const gateway = await startGateway({
    log: `${folder}/gateway.txt`,
    env: {
      PORT: '0',
      DATA_DIR: `${folder}/data`,
      JWT_SECRET: 'a secret of the measurement, long enough',
      PUBLISH_KEY: KEY,
      LIMIT_HTTP_PUBLISHES: 'off',
    },
  });
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const publish = publisherTo(gateway.url, agent);
  await publish([[opening]]);
  let round = 0;
  const ours = async (events) => {
    const texts = batchesOf(`ours-${++round}`, events);
    const begun = performance.now();
    const answers = await publish(texts);
    const seconds = (performance.now() - begun) / 1000;
    assertAllNew(answers, events);
    return events / seconds;
  };
  const straight = (events) => bare.ask('round', events);
  await ours(WARM_UP);
  await straight(WARM_UP);
  const figures = await inTurn(
    { ours: () => ours(EVENTS), 'straight to the log': () => straight(EVENTS) },
    ROUNDS,
  );
  agent.destroy();
  await gateway.stop();
  await bare.ask('close');
  await bare.stop();
  return resultOf({ scenario, metric: 'events published', unit: '/s' }, figures);
}

/** Posts batches, as many at once as the agent has connections; answers with what was answered to each. */
function publisherTo(url, agent) {
  const post = (text) =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${KEY}`,
        'content-type': 'application/cloudevents-batch+json',
        'content-length': Buffer.byteLength(text),
      };
      const call = request(`${url}/v1/events`, { agent, method: 'POST', headers }, (answer) => {
        let said = '';
        answer.setEncoding('utf8').on('data', (part) => {
          said += part;
        });
        answer.on('end', () => resolve(said));
      });
      call.on('error', reject);
      call.end(text);
    });
  return async (batches) => {
    const texts = batches.map((events) => JSON.stringify(events));
    const answers = [];
    const left = texts.values();
    const work = async () => {
      for (const text of left) answers.push(await post(text));
    };
    await Promise.all(Array.from({ length: agent.maxSockets }, work));
    return answers;
  };
}

function assertAllNew(answers, events) {
  const results = answers.flatMap((text) => JSON.parse(text).results ?? []);
  const taken = results.filter(({ status }) => status === 'new').length;
  if (taken !== events)
    throw new Problem(`Of ${events} events the gateway took ${taken}.`, { tail: answers[0]?.slice(0, 500) });
}
