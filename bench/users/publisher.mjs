import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { DOMAIN, USERS } from './cast.mjs';
import { stampedId } from './clock.mjs';
import { announcement, traffic } from './traffic.mjs';

/** Requests under way at once; what is due beyond them waits, as in an outbox. */
const AT_ONCE = 64;

/** Milliseconds until what nobody has answered for is sent again. */
const AGAIN = 200;

/** Publishes over HTTP, one request an event, each until somebody has answered for it. */
export function createPublisher({ url, key, isStock }) {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const expected = new Array(USERS).fill(0);
  const source = traffic();
  /** The last step of each task that is under way. */
  const steps = new Map();
  let published = 0;

  async function publish({ id, fact, rooms }) {
    const text = JSON.stringify({
      specversion: '1.0',
      domain: DOMAIN,
      source: 'bench',
      id,
      time: new Date().toISOString(),
      ...fact,
      ...(isStock ? { rooms } : {}),
    });
    for (;;) {
      const status = await post(text).catch(() => 0);
      if (status >= 200 && status < 300) return;
      if (status >= 400 && status < 500) throw new Error(`Refused with ${status}: ${text}`);
      await sleep(AGAIN);
    }
  }

  function post(text) {
    return new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/cloudevents+json',
        'content-length': Buffer.byteLength(text),
        authorization: `Bearer ${key}`,
      };
      const options = { agent, method: 'POST', headers, timeout: 5000 };
      const call = request(`${url}/v1/events`, options, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
        response.on('close', () => reject(new Error('cut')));
      });
      call.on('timeout', () => call.destroy());
      call.on('error', reject);
      call.end(text);
    });
  }

  const atOnce = (work) => Promise.all(Array.from({ length: AT_ONCE }, work));

  async function tell({ fact, rooms, to }) {
    await publish({ id: stampedId(++published), fact, rooms });
    for (const person of to) expected[person]++;
  }

  return {
    /** How many events each person must have by now. */
    expected,

    /** Publishes a list as fast as it goes. */
    async all(facts) {
      const queue = [...facts];
      await atOnce(async () => {
        for (let fact = queue.shift(); fact; fact = queue.shift())
          await publish({ id: fact.id, fact, rooms: [] });
      });
    },

    /** Publishes one event for everybody. */
    announce: () => tell(announcement()),

    /** Publishes so many events a second until it is told to stop; resolves then when the last one is in. */
    play(perSecond) {
      const begun = performance.now();
      let started = 0;
      let isOn = true;
      const working = atOnce(async () => {
        while (isOn) {
          const event = source.next().value;
          const wait = begun + (started++ * 1000) / perSecond - performance.now();
          const before = steps.get(event.task);
          const turn = Promise.withResolvers();
          if (event.task) steps.set(event.task, turn.promise);
          if (wait > 0) await sleep(wait);
          await before;
          await tell(event);
          turn.resolve();
        }
      });
      return {
        stop() {
          isOn = false;
          return working;
        },
      };
    },
    close: () => agent.destroy(),
  };
}
