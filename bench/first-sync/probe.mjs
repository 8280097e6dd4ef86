/**
 * Loaded into the gateway's process by `--import`: counts what it asks of the engine, from outside the product's code,
 * until its sweep is through, and refuses one kind of question in the engine's place.
 */

import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const { PROBE_FILE, PROBE_REFUSES, CAMUNDA_URL } = process.env;
const counts = { requests: 0, single: 0 };

if (isMainThread) {
  const { fetch } = globalThis;
  globalThis.fetch = async (url, request) => {
    if (!String(url).startsWith(CAMUNDA_URL)) return fetch(url, request);
    counts.requests++;
    if (/\/task\/[^/]+\/identity-links/.test(url)) counts.single++;
    if (PROBE_REFUSES && String(url).includes(PROBE_REFUSES))
      return Response.json({ type: 'AuthorizationException', message: 'refused' }, { status: 403 });
    return fetch(url, request);
  };
  process.on('exit', () => writeFileSync(PROBE_FILE, JSON.stringify(counts)));
}
