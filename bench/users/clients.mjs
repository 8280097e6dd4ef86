import { setTimeout as sleep } from 'node:timers/promises';
import { serveParent } from '../../scripts/lib/child.mjs';
import { now } from './clock.mjs';
import { createLightClient } from './light-client.mjs';

/** Connections that are being made at once in the beginning; after a kill all come as they like. */
const AT_ONCE = 64;

let clients = [];
let latencies;
let arrivals = [];

serveParent({
  /** Lets people in, some at a time; back when all are in their rooms. */
  async open(people) {
    const queue = [...people];
    clients = [];
    const work = async () => {
      for (let person = queue.shift(); person; person = queue.shift()) {
        const { promise, resolve } = Promise.withResolvers();
        const client = createLightClient(person, {
          whole() {
            arrivals.push(now());
            resolve();
          },
          latency: (milliseconds) => latencies?.push(milliseconds),
        });
        clients.push(client);
        client.open();
        await promise;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  },
  /** Measures from now on. */
  listen() {
    latencies = [];
  },
  heard() {
    const all = latencies;
    latencies = undefined;
    return all;
  },
  /** From now on everybody is to come back; `back` answers with when each did, as soon as all have. */
  expect() {
    arrivals = [];
  },
  async back(within) {
    const end = Date.now() + within;
    while (arrivals.length < clients.length && Date.now() < end) await sleep(20);
    return arrivals;
  },
  /** What each was told, once all have everything up to a place, or not in time. */
  async told({ seq, within }) {
    const end = Date.now() + within;
    while (clients.some((client) => client.seq < seq) && Date.now() < end) await sleep(50);
    return clients.map(({ told }) => told);
  },
  close() {
    for (const client of clients) client.close();
  },
});
