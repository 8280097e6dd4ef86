import path from 'node:path';
import { buildMongodb } from '../lib/build.mjs';
import { MONGODB_JAR } from '../lib/paths.mjs';
import { freePort } from '../lib/ports.mjs';
import { java } from '../lib/requirements.mjs';
import { startService } from './service.mjs';

/** It has little to do, and lives for a short time. 100,000 messages and their oplog are 300 MB in it. */
const QUICK = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx768m'];

/**
 * Starts a server that speaks MongoDB's protocol on the loopback, and builds it before, where that was not done. It is
 * back when it takes connections.
 *
 * No server of MongoDB's own can be had from where this project takes its parts; this one is
 * `de.bwaldvogel:mongo-java-server` on the JVM, with its oplog. Against a replica set of MongoDB 6 to 8
 *
 * - it says that it is a server by itself, of MongoDB 3.6 to 4.0 (wire version 8): the driver has to be 6.x;
 * - it has no sessions, no transactions, no retryable writes (hence `retryWrites=false` in its address), no majority
 *   to wait for, no accounts and no TTL;
 * - change streams are those of one collection: a database's has nothing. A change has no `ns`, the `documentKey` of
 *   an update is none, `fullDocument` is what the update said where the document is gone meanwhile, and a replacement
 *   is an update. A drop of any collection of the database is told in the stream of each;
 * - a change stream has no `postBatchResumeToken` and no `operationTime`: a stream has its first token with its first
 *   change. It does not wait for changes before it answers, and never says that a resume point is lost;
 * - it has no indexes but unique ones: but by `_id` and `subject`, a question looks at the whole collection.
 *
 * @param {{ log: string, port?: number, folder?: string }} options
 *   `port`: default a free one; `folder`: of its data, which are then there after it was killed; default in memory
 */
export async function startMongodb({ log, port, folder }) {
  await buildMongodb();
  const chosen = port ?? (await freePort());
  const file = folder === undefined ? [] : [path.join(folder, 'mongodb.h2')];
  const server = await startService(
    'MongoDB server',
    java(),
    [...QUICK, '-jar', MONGODB_JAR, String(chosen), ...file],
    {
      env: {},
      log,
      ready: /listening on (mongodb:\S+)/,
      timeout: 120_000,
    },
  );
  return {
    ...server,
    port: chosen,
    /**
     * Where it listens, as a driver wants it.
     * @param {string} [database]
     */
    address: (database = 'netbuild') => `${server.url}/${database}?retryWrites=false`,
  };
}
