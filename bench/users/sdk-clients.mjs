import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '../../packages/client/src/index.ts';
import { serveParent } from '../../scripts/lib/child.mjs';

let clients = [];

/** Real SDK clients beside the light ones, in the same rooms: what they are told has to agree. */
serveParent({
  async open(people) {
    clients = people.map(({ url, token, executionId }) => {
      const client = createClient({ url, token, transports: ['websocket'] });
      const told = { events: 0, disordered: 0, last: 0 };
      client.on('*', ({ seq }) => {
        told.events++;
        if (seq <= told.last) told.disordered++;
        told.last = seq;
      });
      client.room(`execution:${executionId}`).hold();
      client.connect();
      return { client, told, isWhole: () => isWhole(client, executionId) };
    });
    while (!clients.every(({ isWhole }) => isWhole())) await sleep(50);
  },
  /** What each was told, once all are whole up to a place, or not in time. */
  async told({ seq, within }) {
    const end = Date.now() + within;
    const behind = ({ client, isWhole }) => !isWhole() || seqOf(client) < seq;
    while (clients.some(behind) && Date.now() < end) await sleep(50);
    return clients.map(({ told, isWhole }) => ({ ...told, isWhole: isWhole() }));
  },
  close() {
    for (const { client } of clients) client.disconnect();
  },
});

const isWhole = (client, executionId) =>
  client.status.getSnapshot().state === 'live' &&
  client.room(`execution:${executionId}`).getSnapshot().state === 'whole';

const seqOf = (client) => client.position?.seq ?? 0;
