import { createHash } from 'node:crypto';
import { foldFact, knownRow } from '../../packages/gateway/src/ingest/folding.ts';
import { openSqliteLog } from '../../packages/log/src/index.ts';
import { serveParent } from '../../scripts/lib/child.mjs';
import { batchesOf } from './load.mjs';

const DOMAIN = 'default';

let log;
let callers;
let rounds = 0;

/**
 * The same events in the same groups, appended to a log that nothing stands before: what a gateway could come to if
 * HTTP, checking and folding cost nothing. The groups are made before the clock starts.
 */
serveParent({
  async open({ directory, atOnce }) {
    log = await openSqliteLog({ directory });
    callers = atOnce;
  },
  /** Events a second, from the first append to the last acknowledgement. */
  async round(events) {
    const batches = batchesOf(`bare-${++rounds}`, events).map((batch) => batch.map(groupOf));
    const left = batches.values();
    const answers = [];
    const work = async () => {
      for (const groups of left) answers.push(await log.append(DOMAIN, groups));
    };
    const begun = performance.now();
    await Promise.all(Array.from({ length: callers }, work));
    const seconds = (performance.now() - begun) / 1000;
    const taken = answers.flatMap(({ groups }) => groups).filter(({ status }) => status === 'new').length;
    if (taken !== events) throw new Error(`Of ${events} events the log took ${taken}.`);
    return events / seconds;
  },
  close: () => log.close(),
});

/** As the gateway makes it: none of the messages is there yet. */
function groupOf(event, index) {
  const { source, id, type, data } = event;
  const digest = createHash('sha256').update(JSON.stringify(event)).digest('base64url');
  const fact = { source: `http/${source}`, id, type, data, time: new Date().toISOString(), digest };
  return foldFact(DOMAIN, fact, index, () => knownRow(undefined)).group;
}
