import { setTimeout as sleep } from 'node:timers/promises';
import { serveParent } from '../lib/child.mjs';
import { openPlainClient } from './plain.mjs';
import { openSdkClient } from './sdk.mjs';
import { openStockClient } from './stock.mjs';

const clients = [];

serveParent({
  open(calls) {
    for (const call of calls) {
      const open = call.isStock
        ? openStockClient
        : call.spec.kind.startsWith('sdk')
          ? openSdkClient
          : openPlainClient;
      clients.push({ index: call.spec.index, ...wrapped(open(call)) });
    }
  },
  /** Waits until all are whole; answers with those that are not in time. */
  async whole(within) {
    const end = Date.now() + within;
    while (Date.now() < end && clients.some(({ isWhole }) => !isWhole())) await sleep(25);
    return clients.filter(({ isWhole }) => !isWhole()).map(({ index }) => index);
  },
  async end() {
    await Promise.all(clients.map(({ end }) => end()));
  },
});

const wrapped = (client) => ({ isWhole: () => client.isWhole, end: () => client.end() });
