import { createWriteStream } from 'node:fs';
import { Agent, request } from 'node:http';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveParent } from '../lib/child.mjs';
import { randomOf } from '../lib/random.mjs';
import { DOMAIN } from './cast.mjs';
import { laneOf } from './lane.mjs';

/** How long a publisher waits for an acknowledgement before it sends the same again. */
const PATIENCE = 3000;

/** Facts of a list that are under way at once. */
const AT_ONCE = 24;

/** One in so many acknowledged facts is sent once more, as by a source that was restarted. */
const RESENT = 25;

let agent;
let target;

serveParent({
  /** Sends a list of facts, some at a time. */
  async all(call) {
    target = call;
    agent ??= new Agent({ keepAlive: true, maxSockets: 64 });
    const queue = [...call.facts];
    const work = async () => {
      for (let fact = queue.shift(); fact; fact = queue.shift()) await publish(fact);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  },
  /** Plays the lanes at a pace until each has sent its share; writes down what was acknowledged. */
  async lanes(call) {
    target = call;
    const notes = createWriteStream(call.file);
    const counts = { acknowledged: 0, retried: 0, resent: 0 };
    const timer = setInterval(() => process.send({ counts }), 500);
    const begun = Date.now();
    await Promise.all(call.lanes.map((share, lane) => play(call, share, lane, begun, notes, counts)));
    clearInterval(timer);
    notes.end();
    await finished(notes);
    return counts;
  },
});

async function play({ seed, pace }, share, lane, begun, notes, counts) {
  const next = laneOf(seed, lane);
  const random = randomOf(`${seed}/resent-${lane}`);
  for (let i = 0; i < share; i++) {
    const wait = begun + i * pace - Date.now();
    if (wait > 0) await sleep(wait);
    const { n, fact, rooms, left } = next();
    const sent = Date.now();
    const time = new Date().toISOString();
    const body = { ...fact, time, ...(target.withRooms ? { rooms, left } : {}) };
    const answer = await publish(body, counts);
    counts.acknowledged++;
    notes.write(`${JSON.stringify([lane, n, answer.status, answer.seq, sent, answer.refused])}\n`);
    if (random.below(RESENT) > 0) continue;
    counts.resent++;
    const again = await publish(body, counts);
    notes.write(`${JSON.stringify([lane, n, again.status, again.seq, sent, again.refused, 'resent'])}\n`);
  }
}

/** Sends one fact, the same each time, until somebody answers for it. */
async function publish(fact, counts) {
  const body = JSON.stringify({
    specversion: '1.0',
    domain: DOMAIN,
    time: new Date().toISOString(),
    ...fact,
  });
  for (;;) {
    try {
      const { status, answer } = await post(body);
      if (status < 300) return answer;
      if (status < 500 && status !== 429 && status !== 409) return { refused: answer.error ?? status };
      if (status === 409 && !answer.error?.retryable) return { refused: answer.error };
    } catch {
      // Cut, refused or too late: whether it has entered is not known, so it is sent again.
    }
    if (counts) counts.retried++;
    await sleep(50 + Math.random() * 150);
  }
}

function post(body) {
  return new Promise((resolve, reject) => {
    const call = request(
      `${target.url}/v1/events`,
      {
        agent,
        method: 'POST',
        headers: {
          'content-type': 'application/cloudevents+json',
          'content-length': Buffer.byteLength(body),
          authorization: `Bearer ${target.key}`,
        },
        signal: AbortSignal.timeout(PATIENCE),
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () => {
          try {
            resolve({ status: response.statusCode, answer: JSON.parse(text) });
          } catch (error) {
            reject(error);
          }
        });
        response.on('close', () => reject(new Error('cut')));
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}
