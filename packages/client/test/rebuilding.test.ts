import { expect, test } from 'vitest';
import { clientIn, live, until } from './helpers/connected.ts';
import { EXECUTION } from './helpers/happenings.ts';
import { startServer } from './helpers/scripted-server.ts';

test('that a log is being rebuilt stands beside the state, until a checkpoint says that it is over', async () => {
  const server = await startServer();
  server.rebuilding = true;
  const client = await clientIn(server, EXECUTION);
  expect(client.status.getSnapshot()).toEqual({ state: 'live', rebuilding: true });
  server.rebuilding = false;
  server.checkpoint();
  await until(client.status, ({ rebuilding }) => !rebuilding);
  expect(client.status.getSnapshot()).toEqual({ state: 'live' });
});

test('a log that fails over under a connection that stands is told by the next checkpoint', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  server.beginLife('life2');
  server.rebuilding = true;
  server.checkpoint();
  await until(client.status, ({ rebuilding }) => rebuilding === true);
  await live(client);
  server.checkpoint();
  expect(client.status.getSnapshot()).toEqual({ state: 'live', rebuilding: true });
  server.cut();
  await until(client.status, ({ state }) => state === 'offline');
  expect(client.status.getSnapshot()).not.toHaveProperty('rebuilding');
  server.rebuilding = false;
  await live(client);
  expect(client.status.getSnapshot()).toEqual({ state: 'live' });
});
