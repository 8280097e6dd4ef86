import { setTimeout as sleep } from 'node:timers/promises';
import { serveParent } from '../../scripts/lib/child.mjs';
import { openPlainClient } from './plain.mjs';
import { openSdkClient } from './sdk.mjs';
import { openStockClient } from './stock.mjs';
import { openStream } from './stream.mjs';

const OPEN = { sdk: openSdkClient, plain: openPlainClient, sse: openStream };

const clients = [];

serveParent({
  open(calls) {
    for (const call of calls) {
      const [kind] = call.spec.kind.split('-');
      const open = call.isStock ? openStockClient : OPEN[kind];
      clients.push({ index: call.spec.index, ...open(call) });
    }
  },
  /** Waits until all have everything up to the last event; answers with those that have not in time. */
  async whole({ within, seq }) {
    const end = Date.now() + within;
    const behind = () => clients.filter(({ isWhole }) => !isWhole(seq));
    while (Date.now() < end && behind().length > 0) await sleep(25);
    return behind().map(({ index }) => index);
  },
  async end() {
    await Promise.all(clients.map(({ end }) => end()));
  },
});
