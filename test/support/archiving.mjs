// Stores the messages of a log in Redis until it is killed, and says when its turn has come:
// `archiving.mjs REDIS_URL MONGODB_URL`.
import { randomUUID } from 'node:crypto';
import { openRedisLog } from '@netbuild/realtime-log';
import { createArchive } from '../../packages/gateway/src/archive/archive.ts';
import { createMongoStore } from '../../packages/gateway/src/archive/mongo-store.ts';
import { createDatabase } from '../../packages/gateway/src/database.ts';
import { createPublish } from '../../packages/gateway/src/ingest/publish.ts';
import { createLease } from '../../packages/gateway/src/lease.ts';

const [url, mongodb] = process.argv.slice(2);
const log = await openRedisLog({ url, compareEvery: 100 });
const store = createMongoStore(createDatabase(mongodb));
const say = (what, text) => process.stderr.write(`${text}: ${JSON.stringify(what)}\n`);
const logger = { error: say, warn: say, info: () => undefined };
/** Who looks through a hundred thousand messages must be let finish, so a kill costs two seconds there. */
const lease = process.env.LONG_TESTS ? 700 : 150;
const archive = createArchive({ log, store, logger, timing: { round: 10, look: 200, sweep: 0, lease } });
const holder = randomUUID();
const newLease = (every) => createLease('archive', { log, publish: createPublish(log), holder, every });
setInterval(() => archive.state && process.stdout.write('working\n'), 10).unref();
await archive.run(newLease, new AbortController().signal);
