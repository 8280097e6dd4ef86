import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { createMongoStore } from '../packages/gateway/src/archive/mongo-store.ts';
import { createDatabase } from '../packages/gateway/src/database.ts';
import { describeArchiveStore } from '../packages/gateway/test/support/archive-contract.ts';
import { createMemoryArchive } from '../packages/gateway/test/support/memory-archive.ts';
import { startMongodb } from '../scripts/stack/mongodb.mjs';

let folder;
let mongo;
let database;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'archive-'));
  mongo = await startMongodb({ log: path.join(folder, 'mongodb.txt') });
  database = createDatabase(mongo.address());
}, 180_000);
afterAll(async () => {
  await database?.close();
  await mongo?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('A store of messages in MongoDB', () => describeArchiveStore(() => createMongoStore(database)));
describe('One in memory, as other tests have it', () => describeArchiveStore(createMemoryArchive));
