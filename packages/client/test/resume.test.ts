import { expect, test } from 'vitest';
import { live, liveClient, until } from './helpers/connected.ts';
import { EXECUTION, message, task } from './helpers/happenings.ts';
import { startServer } from './helpers/scripted-server.ts';

const isOffline = (status: { state: string }) => status.state !== 'live';

test('a client shows what was there, and what comes', async () => {
  const server = await startServer();
  server.append(task('t1'));
  const client = await liveClient(server);
  const tasks = client.view('tasks', { room: EXECUTION, open: true });
  client.room(EXECUTION).hold();
  await until(tasks, (rows) => rows.length === 1);
  server.append(task('t2'));
  const rows = await until(tasks, (all) => all.length === 2);
  expect(rows.map((row) => row.data.taskId)).toEqual(['t1', 't2']);
});

test('a client enters its own rooms by its first subscribe, and names its wire', async () => {
  const server = await startServer();
  await liveClient(server);
  expect(server.handshakes).toEqual([{ token: 'alice', client: 'sdk', wire: 1 }]);
  expect(server.subscribes).toEqual([{ rooms: ['user:alice'] }]);
});

test('what happened during a break is told once and in order, from the last proof on and without a snapshot', async () => {
  const server = await startServer();
  const client = await liveClient(server);
  const heard: number[] = [];
  client.on('*', (event) => heard.push(event.seq));
  client.room(EXECUTION).hold();
  await until(client.room(EXECUTION), (room) => room.state === 'whole');
  server.append(message('m1', 'before'));
  await expect.poll(() => heard).toEqual([1]);
  client.disconnect();
  server.append(message('m2', 'while away'), message('m3', 'while away'));
  client.connect();
  await live(client);
  server.append(message('m4', 'after'));
  await expect.poll(() => heard).toEqual([1, 2, 3, 4]);
  expect(server.subscribes.at(-1)).toEqual({ rooms: ['user:alice', EXECUTION], since: 'life1:0' });
});

test('a connection that breaks is made again by itself', async () => {
  const server = await startServer();
  const client = await liveClient(server);
  client.room(EXECUTION).hold();
  await until(client.room(EXECUTION), (room) => room.state === 'whole');
  const broken = until(client.status, isOffline);
  server.cut();
  await broken;
  server.append(message('m1', 'while away'));
  await live(client);
  expect(
    client
      .history(EXECUTION)
      .getSnapshot()
      .map((event) => event.seq),
  ).toEqual([1]);
});

test('a position that is lost replaces the rows, those that went meanwhile too', async () => {
  const server = await startServer();
  server.append(task('gone'), task('kept'), task('moved'));
  const client = await liveClient(server);
  client.room(EXECUTION).hold();
  const tasks = client.view('tasks', { room: EXECUTION, open: true });
  await until(tasks, (rows) => rows.length === 3);
  client.disconnect();
  server.append(
    task('gone', { state: 'completed' }),
    { ...task('moved'), rooms: ['execution:other'] },
    task('new'),
  );
  server.trimmedTo = server.seq;
  client.connect();
  await live(client);
  expect(tasks.getSnapshot().map((row) => row.data.taskId)).toEqual(['kept', 'new']);
});

test('a log with another life replaces everything, even what has a higher number', async () => {
  const server = await startServer();
  server.append(task('t1'), task('t1', { assignee: 'alice' }));
  const client = await liveClient(server);
  client.room(EXECUTION).hold();
  const tasks = client.view('tasks', { room: EXECUTION });
  await until(tasks, (rows) => rows.length === 1);
  client.disconnect();
  server.beginLife('life2', 1);
  server.append(task('t1'));
  client.connect();
  await live(client);
  expect(tasks.getSnapshot().map((row) => row.data.assignee)).toEqual([undefined]);
  expect(client.history(EXECUTION).getSnapshot()).toHaveLength(1);
  expect(client.position).toEqual({ epoch: 'life2', seq: 1 });
});

test('a room whose snapshot was cut off is asked for afresh, after the others were resumed', async () => {
  const server = await startServer();
  server.append(task('a'), task('b'), task('c'));
  const client = await liveClient(server);
  server.pageSize = 1;
  server.beforePage = () => {
    server.beforePage = () => {};
    server.append(task('b', { assignee: 'bob' }));
    server.cut();
  };
  client.room(EXECUTION).hold();
  await until(client.status, isOffline);
  await live(client);
  expect(server.subscribes.slice(2)).toEqual([
    { rooms: ['user:alice'], since: expect.stringMatching(/^life1:/) },
    { rooms: [EXECUTION] },
  ]);
  const rows = client.view('tasks', { room: EXECUTION }).getSnapshot();
  expect(Object.fromEntries(rows.map((row) => [row.data.taskId, row.data.assignee]))).toEqual({
    a: undefined,
    b: 'bob',
    c: undefined,
  });
});

test('what happens between two pages wins over the pages', async () => {
  const server = await startServer();
  server.append(task('a'), task('b'), task('c'));
  server.pageSize = 1;
  const client = await liveClient(server);
  server.beforePage = () => {
    server.beforePage = () => {};
    server.append(task('a', { assignee: 'bob' }), { ...task('c'), rooms: ['execution:other'] });
  };
  client.room(EXECUTION).hold();
  await until(client.room(EXECUTION), (room) => room.state === 'whole');
  const rows = client.view('tasks').getSnapshot();
  expect(rows.map((row) => row.data.taskId).sort()).toEqual(['a', 'b']);
});

test('a task that is reassigned leaves the screen that it was on', async () => {
  const server = await startServer();
  server.append({ ...task('t1', { assignee: 'alice' }), rooms: ['user:alice'] });
  const client = await liveClient(server);
  const mine = client.view('tasks', { room: 'user:alice' });
  await until(mine, (rows) => rows.length === 1);
  server.append({ ...task('t1', { assignee: 'bob' }), rooms: ['user:bob'] });
  await until(mine, (rows) => rows.length === 0);
});

test('pages that were read in another life are no part of a snapshot', async () => {
  const server = await startServer();
  server.append(task('a'), task('b'), task('lost'));
  server.pageSize = 1;
  const client = await liveClient(server);
  server.beforePage = () => {
    server.beforePage = () => {};
    server.beginLife('life2', 1);
    server.append(task('b'), task('c'));
  };
  const states: string[] = [];
  client.status.subscribe(() => states.push(client.status.getSnapshot().state));
  client.room(EXECUTION).hold();
  await until(client.room(EXECUTION), (room) => room.state === 'whole');
  await live(client);
  const rows = client.view('tasks').getSnapshot();
  expect(rows.map((row) => row.data.taskId)).toEqual(['b', 'c']);
  expect(client.position?.epoch).toBe('life2');
  // While nothing was shown any more it did not call itself live.
  expect(states).toEqual(['catching-up', 'live']);
});

test('what a room under way has brought in a life that was lost is not shown in the next one', async () => {
  const server = await startServer();
  server.append(task('t1'), task('t2'), task('t3', { assignee: 'alice' }, ['user:alice']));
  server.pageSize = 1;
  const client = await liveClient(server);
  server.beforePage = () => {
    server.beforePage = () => {};
    server.append(task('t2'), task('lost'), task('t1', { assignee: 'bob' }));
    // Nobody has these but who was in the room, and that was not whole yet.
    server.closeWith({ code: 'draining', message: 'Come back.', comeBack: true });
    server.beginLife('life2', 4);
  };
  client.room(EXECUTION).hold();
  await until(client.room(EXECUTION), (room) => room.state === 'whole');
  await live(client);
  const rows = client.view('tasks').getSnapshot();
  expect(rows.map((row) => [row.data.taskId, row.seq])).toEqual([
    ['t1', 1],
    ['t2', 2],
    ['t3', 3],
  ]);
  expect(client.position).toEqual({ epoch: 'life2', seq: 3 });
});
