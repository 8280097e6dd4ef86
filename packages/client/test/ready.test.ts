import { expect, test } from 'vitest';
import { clientIn, live, until } from './helpers/connected.ts';
import { EXECUTION, message, task } from './helpers/happenings.ts';
import { startServer } from './helpers/scripted-server.ts';

const elsewhere = { ...task('t9'), rooms: ['execution:elsewhere' as const] };

test('what is here is ready', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  server.append(message('m1', 'one'));
  await expect.poll(() => client.position?.seq).toBe(1);
  await client.ready({ epoch: 'life1', seq: 1 });
  expect(server.subscribes.filter(({ since }) => since)).toEqual([]);
});

test('a position where nothing of ours stands is asked for, and not waited for', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  server.append(message('m1', 'one'), elsewhere);
  await client.ready({ epoch: 'life1', seq: 2 });
  expect(client.history(EXECUTION).getSnapshot()).toHaveLength(1);
  expect(client.position).toEqual({ epoch: 'life1', seq: 2 });
});

test('a command can be read when the position that it gave is ready', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  server.handle = (input) => {
    server.append(task('t1', { assignee: 'alice' }), elsewhere);
    return {
      success: true,
      commandId: String(input.commandId),
      epoch: server.epoch,
      seq: server.seq,
      result: { taskId: 't1' },
    };
  };
  await client.ready(await client.command('task:claim', { taskId: 't1' }));
  expect(client.view('tasks').getSnapshot()[0]?.data.assignee).toBe('alice');
});

test('a break in between does no harm', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  client.disconnect();
  server.append(message('m1', 'one'));
  const ready = client.ready({ epoch: 'life1', seq: 1 });
  client.connect();
  await ready;
  expect(client.history(EXECUTION).getSnapshot()).toHaveLength(1);
});

test('a position that does not come is given up in time', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  await expect(client.ready({ epoch: 'life1', seq: 5 }, 20)).rejects.toMatchObject({
    code: 'timeout',
    retryable: true,
  });
});

test('another life is no place to wait for', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  const waiting = client.ready({ epoch: 'life1', seq: 9 }).catch((thrown) => thrown);
  await expect.poll(() => server.subscribes.at(-1)?.since).toBe('life1:0');
  server.beginLife('life2');
  server.checkpoint();
  expect(await waiting).toMatchObject({ code: 'life_changed', retryable: false });
  await expect(client.ready({ epoch: 'life1', seq: 0 })).rejects.toMatchObject({ code: 'life_changed' });
});

test('the life that the server is in already is caught up with', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  server.beginLife('life2');
  server.append(elsewhere);
  await client.ready({ epoch: 'life2', seq: 1 });
  expect(client.position).toEqual({ epoch: 'life2', seq: 1 });
});

test('a client that is refused waits for nothing', async () => {
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  const waiting = client.ready({ epoch: 'life1', seq: 9 }).catch((thrown) => thrown);
  server.refuseConnections = { code: 'forbidden', message: 'no', retryable: false };
  server.cut();
  await until(client.status, ({ state }) => state === 'refused');
  expect(await waiting).toMatchObject({ code: 'forbidden' });
  server.refuseConnections = undefined;
  client.connect();
  await live(client);
});
