import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createDatabase } from '../packages/gateway/src/database.ts';
import { startMongodb } from '../scripts/stack/mongodb.mjs';

test('what the MongoDB server of the tests has acknowledged outlives its kill, in the collection and in the oplog', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'mongodb-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const start = (port) => startMongodb({ log: path.join(folder, 'mongodb.txt'), folder, port });
  let server = await start();
  onTestFinished(() => server.stop());
  const database = createDatabase(server.address());
  onTestFinished(() => database.close());
  const things = (await database.db()).collection('things');

  const changes = things.watch();
  expect(await changes.tryNext()).toBe(null);
  await things.insertMany([1, 2, 3].map((_id) => ({ _id })));
  expect(await changes.next()).toMatchObject({ operationType: 'insert', fullDocument: { _id: 1 } });
  server.kill('SIGKILL');
  await server.exited;
  server = await start(server.port);

  expect(await things.countDocuments({})).toBe(3);
  await things.insertOne({ _id: 4 });
  for (const _id of [2, 3, 4])
    expect(await changes.next()).toMatchObject({ operationType: 'insert', fullDocument: { _id } });
});
