// A process of its own: publishes a late link on the log that it is told of (a folder, or the address of a Redis),
// and prints how many tasks have followed it, a line a write. After about so many as it is told it waits: who is to
// kill it may be slow.
import { openRedisLog, openSqliteLog } from '@netbuild/realtime-log';
import { createPublish } from '../../src/ingest/publish.ts';
import { LATE_LINK } from './late-link.ts';
import { troubled } from './troubled.ts';

const [domain, where, most] = process.argv.slice(2) as [string, string, string];
const log = where.startsWith('redis:')
  ? await openRedisLog({ url: where })
  : await openSqliteLog({ directory: where });
let followed = 0;
log.watch((_domain, entries) => {
  followed += entries.filter(({ subject }) => subject?.startsWith('task/')).length;
  process.stdout.write(`${followed}\n`);
});
const waiting = troubled(log, {
  append:
    (append) =>
    (...call) =>
      followed < Number(most) ? append(...call) : new Promise(() => {}),
});
await createPublish(waiting)(domain, [LATE_LINK]);
