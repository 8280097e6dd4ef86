import type { CommandAck, RealtimeEvent } from '@netbuild/realtime-protocol';
import { expect, test, vi } from 'vitest';
import { type Expected, optimistic, type RealtimeClient, type View } from '../src/index.ts';
import { clientOf, live, until } from './helpers/connected.ts';
import { HandClock } from './helpers/hand-clock.ts';
import { EXECUTION, message, task } from './helpers/happenings.ts';
import { type ScriptedServer, startServer } from './helpers/scripted-server.ts';

/** A client in the room, whose commands the test answers when it wants to. */
async function scene(options: Parameters<typeof clientOf>[1] = {}, clock?: HandClock) {
  const server = await startServer();
  server.append(task('t1'), message('m1', 'hello', 'alice'));
  const client = clientOf(server, { optimistic: optimistic(), ...options }, ...(clock ? [clock] : []));
  client.room(EXECUTION).hold();
  client.connect();
  await until(client.room(EXECUTION), ({ state }) => state === 'whole');
  await live(client);
  return { server, client, answers: answersOf(server) };
}

/** Answers what the server was sent, in the order of the commands, when it is called. */
function answersOf(server: ScriptedServer) {
  return {
    /** It is done, and its effect stands at this place. */
    done: (seq: number) => answer(server, (commandId) => ack(commandId, seq)),
    refused: (code: 'task_taken' | 'forbidden' = 'task_taken') =>
      answer(server, () => ({ success: false, error: { code, message: code, retryable: false } })),
  };
}

const ack = (commandId: string, seq: number): CommandAck => ({
  success: true,
  commandId,
  epoch: 'life1',
  seq,
  result: { taskId: 't1' },
});

function answer(server: ScriptedServer, by: (commandId: string) => CommandAck): void {
  server.handle = (input) => by(String(input.commandId));
  // What is open is sent again on another connection, and answered there.
  server.cut();
}

/** Everything that a view has shown, in short, each once. */
function shownBy<T>(view: View<T>, short: (item: T) => unknown): string[] {
  const all: string[] = [];
  const note = () => {
    const now = view.getSnapshot().map(short).join(' ');
    if (all.at(-1) !== now) all.push(now);
  };
  view.subscribe(note);
  note();
  return all;
}

const tasksOf = (client: RealtimeClient) => client.view('tasks', { room: EXECUTION, open: true });

const assigneeOf = ({ data, pending }: { data: { assignee?: string | undefined }; pending?: string }) =>
  `${data.assignee ?? '-'}${pending ? '?' : ''}`;

const textOf = ({ data, pending }: RealtimeEvent & { pending?: string }) =>
  `${(data as { content?: string }).content ?? '-'}${pending ? '?' : ''}`;

const messagesOf = (client: RealtimeClient) => {
  const all = client.history(EXECUTION);
  const read = () => all.getSnapshot().filter(({ type }) => type.startsWith('message:'));
  return { subscribe: all.subscribe, getSnapshot: read };
};

test('a claim is shown at once as pending, and stays when its event has come, before the answer', async () => {
  const { server, client, answers } = await scene();
  const shown = shownBy(tasksOf(client), assigneeOf);
  const claim = client.command('task:claim', { taskId: 't1', commandId: 'c1' });
  expect(shown).toEqual(['-', 'alice?']);
  expect(tasksOf(client).getSnapshot()[0]?.pending).toBe('c1');
  server.append({ ...task('t1', { assignee: 'alice' }), commandId: 'c1' });
  await expect.poll(() => shown).toEqual(['-', 'alice?', 'alice']);
  answers.done(3);
  await claim;
  expect(shown).toEqual(['-', 'alice?', 'alice']);
});

test('an answer that is ahead of its event changes nothing: the row is pending until the event is there', async () => {
  const { server, client } = await scene();
  const shown = shownBy(tasksOf(client), assigneeOf);
  server.handle = (input) => ack(String(input.commandId), 3);
  await client.command('task:claim', { taskId: 't1' });
  expect(shown).toEqual(['-', 'alice?']);
  // Not every source names the command: the place that the answer has named will do.
  server.append(task('t1', { assignee: 'alice' }));
  await expect.poll(() => shown).toEqual(['-', 'alice?', 'alice']);
});

test('what is done, and shows nothing of it in our rooms, is pending no longer than to its place', async () => {
  const { server, client } = await scene();
  server.handle = (input) => ack(String(input.commandId), 2);
  await client.command('task:claim', { taskId: 't1' });
  await until(tasksOf(client), ([row]) => row?.pending === undefined);
  expect(tasksOf(client).getSnapshot().map(assigneeOf)).toEqual(['-']);
});

test('a refusal shows again what is confirmed, and that is the newest, not a copy of what was', async () => {
  const { server, client, answers } = await scene();
  const shown = shownBy(tasksOf(client), (row) => `${row.data.taskName}:${assigneeOf(row)}`);
  const claim = client.command('task:claim', { taskId: 't1' }).catch(({ code }) => code);
  server.append(task('t1', { taskName: 'renamed' }));
  await expect.poll(() => shown).toHaveLength(3);
  answers.refused();
  expect(await claim).toBe('task_taken');
  expect(shown).toEqual(['Task t1:-', 'Task t1:alice?', 'renamed:alice?', 'renamed:-']);
});

test('who was faster is shown at once, though the claim has no answer yet', async () => {
  const { server, client, answers } = await scene();
  const shown = shownBy(tasksOf(client), assigneeOf);
  const claim = client.command('task:claim', { taskId: 't1' }).catch(({ code }) => code);
  server.append(task('t1', { assignee: 'bob' }));
  await expect.poll(() => shown).toEqual(['-', 'alice?', 'bob']);
  answers.refused();
  await claim;
  expect(shown).toEqual(['-', 'alice?', 'bob']);
});

test('a refusal that comes after the event takes nothing back that is so', async () => {
  const { server, client, answers } = await scene();
  const claim = client.command('task:claim', { taskId: 't1', commandId: 'c1' }).catch(({ code }) => code);
  server.append({ ...task('t1', { assignee: 'alice' }), commandId: 'c1' });
  await until(tasksOf(client), ([row]) => row?.seq === 3);
  answers.refused('forbidden');
  expect(await claim).toBe('forbidden');
  expect(tasksOf(client).getSnapshot().map(assigneeOf)).toEqual(['alice']);
});

test('offline, one command builds on another, and each is taken back by itself', async () => {
  const { server, client } = await scene();
  client.disconnect();
  const claim = client.command('task:claim', { taskId: 't1', commandId: 'c1' });
  const complete = client
    .command('task:complete', { taskId: 't1', commandId: 'c2' })
    .catch(({ code }) => code);
  const [row] = tasksOf(client).getSnapshot();
  expect(row).toMatchObject({ pending: 'c2', ended: true, data: { assignee: 'alice', state: 'completed' } });
  server.handle = ({ commandId }) =>
    commandId === 'c1'
      ? ack('c1', 3)
      : {
          success: false,
          error: { code: 'engine_refused', message: 'a field is missing', retryable: false },
        };
  server.append({ ...task('t1', { assignee: 'alice' }), commandId: 'c1' });
  client.connect();
  expect([(await claim).commandId, await complete]).toEqual(['c1', 'engine_refused']);
  expect(tasksOf(client).getSnapshot().map(assigneeOf)).toEqual(['alice']);
});

test('a task that is about to be completed stays among the open ones until that is confirmed', async () => {
  const { server, client } = await scene();
  const closed = client.view('tasks', { room: EXECUTION, open: false });
  const shown = shownBy(tasksOf(client), ({ data, pending }) => `${data.state}${pending ? '?' : ''}`);
  void client.command('task:complete', { taskId: 't1', commandId: 'c1' });
  expect([tasksOf(client).getSnapshot().length, closed.getSnapshot().length]).toEqual([1, 0]);
  server.append({ ...task('t1', { state: 'completed' }), commandId: 'c1' });
  await expect.poll(() => shown).toEqual(['open', 'completed?', '']);
  expect(closed.getSnapshot()).toHaveLength(1);
});

test('an event that names the command and is about something else leaves its row pending', async () => {
  const { server, client } = await scene();
  void client.command('task:complete', { taskId: 't1', commandId: 'c1' });
  server.append({ ...message('m2', 'the form'), commandId: 'c1' });
  await until(client.view('messages', { id: 'm2' }), (rows) => rows.length === 1);
  expect(tasksOf(client).getSnapshot()[0]).toMatchObject({ pending: 'c1', data: { state: 'completed' } });
});

test('what is expected to be in other rooms leaves the view, and comes back with the refusal', async () => {
  const { client, answers } = await scene();
  const moved: Expected = { list: 'tasks', id: 't1', change: (row) => row && { rooms: ['user:alice'] } };
  const shown = shownBy(tasksOf(client), ({ subject }) => subject);
  const command = client
    .command('agent:stop', { agentId: 'a1' }, { optimistic: [moved] })
    .catch(({ code }) => code);
  answers.refused('forbidden');
  expect(await command).toBe('forbidden');
  expect(shown).toEqual(['task/t1', '', 'task/t1']);
});

test('a message stands at the end of the history until the real one takes its place, at once and once', async () => {
  const { server, client } = await scene();
  const shown = shownBy(messagesOf(client), textOf);
  for (const [at, content] of ['one', 'two'].entries())
    void client.command('message:send', { executionId: 'e1', content, commandId: `c${at}` });
  server.append(message('m2', 'from bob'));
  await expect.poll(() => shown.at(-1)).toBe('hello from bob one? two?');
  server.append({ ...message('x1', 'one', 'alice'), commandId: 'c0' });
  server.append({ ...message('x2', 'two', 'alice'), commandId: 'c1' });
  await expect.poll(() => shown.at(-1)).toBe('hello from bob one two');
  expect(shown).toEqual([
    'hello',
    'hello one?',
    'hello one? two?',
    'hello from bob one? two?',
    'hello from bob one two?',
    'hello from bob one two',
  ]);
  const places = client.history(EXECUTION).getSnapshot();
  expect(new Set(places.map(({ seq }) => seq)).size).toBe(places.length);
});

test('a message that is refused or expires is gone from the history', async () => {
  const clock = new HandClock();
  const { client } = await scene({ outbox: { expiry: 1_000 } }, clock);
  client.disconnect();
  const sent = client
    .command('message:send', { executionId: 'e1', content: 'late' })
    .catch(({ code }) => code);
  expect(messagesOf(client).getSnapshot().map(textOf)).toEqual(['hello', 'late?']);
  clock.pass(1_000);
  expect(await sent).toBe('expired');
  expect(messagesOf(client).getSnapshot().map(textOf)).toEqual(['hello']);
});

test('an edit and a deletion are shown at once, and neither of a message that is gone', async () => {
  const { server, client } = await scene();
  const row = () => client.view('messages', { id: 'm1' }).getSnapshot()[0];
  void client.command('message:edit', { messageId: 'm1', content: 'hallo', commandId: 'c1' });
  expect(row()).toMatchObject({ pending: 'c1', data: { content: 'hallo', edited: expect.any(String) } });
  expect(messagesOf(client).getSnapshot().map(textOf)).toEqual(['hello', 'hallo?']);
  void client.command('message:delete', { messageId: 'm1', commandId: 'c2' });
  expect(row()?.data).toEqual({
    messageId: 'm1',
    executionId: 'e1',
    userId: 'alice',
    timestamp: expect.any(String),
    deleted: expect.any(String),
    by: 'alice',
  });
  server.append({ type: 'data:erased', rooms: [EXECUTION], ended: true, data: { subjects: ['message/m1'] } });
  await until(client.view('messages', { id: 'm1' }), ([one]) => one === undefined);
  expect(messagesOf(client).getSnapshot()).toEqual([]);
});

test('a room that is taken away takes along what is pending in it', async () => {
  const { server, client } = await scene();
  void client.command('message:send', { executionId: 'e1', content: 'mine' });
  void client.command('task:claim', { taskId: 't1' });
  server.takeAway(EXECUTION);
  await until(client.room(EXECUTION), ({ state }) => state === 'refused');
  expect([client.history(EXECUTION).getSnapshot(), client.view('tasks').getSnapshot()]).toEqual([[], []]);
});

test('somebody else who signs in sees nothing of what was pending', async () => {
  let token = 'alice';
  const { client } = await scene({ getToken: () => token });
  client.disconnect();
  const sent = client
    .command('message:send', { executionId: 'e1', content: 'mine' })
    .catch(({ code }) => code);
  token = 'bob';
  client.connect();
  expect(await sent).toBe('disconnected');
  await until(client.room(EXECUTION), ({ state }) => state === 'whole');
  expect(messagesOf(client).getSnapshot().map(textOf)).toEqual(['hello']);
});

test('in another life of the log what was done in the one before is pending no more', async () => {
  const { server, client } = await scene();
  server.handle = (input) => ack(String(input.commandId), 3);
  await client.command('task:claim', { taskId: 't1' });
  server.beginLife('life2');
  server.cut();
  await until(tasksOf(client), ([row]) => row !== undefined && row.pending === undefined);
  expect(tasksOf(client).getSnapshot().map(assigneeOf)).toEqual(['-']);
});

test('a caller says what is expected, or that nothing is', async () => {
  const { client } = await scene();
  const priority: Expected = {
    list: 'tasks',
    id: 't1',
    change: (row) => row && { data: { ...row.data, priority: 90 } },
  };
  void client.command('agent:stop', { agentId: 'a1' }, { optimistic: [priority] });
  expect(tasksOf(client).getSnapshot()[0]?.data.priority).toBe(90);
  void client.command('task:claim', { taskId: 't1' }, { optimistic: false });
  expect(tasksOf(client).getSnapshot()[0]?.data.assignee).toBeUndefined();
});

test('a client without it shows what is confirmed, and nothing ahead', async () => {
  const server = await startServer();
  server.append(task('t1'));
  const client = clientOf(server);
  client.room(EXECUTION).hold();
  client.connect();
  await until(tasksOf(client), (rows) => rows.length === 1);
  void client.command('task:claim', { taskId: 't1' });
  expect(tasksOf(client).getSnapshot().map(assigneeOf)).toEqual(['-']);
});

test('a change that throws changes nothing, is reported, and stops nobody', async () => {
  const { server, client } = await scene();
  const reported = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => undefined);
  const broken = { list: 'tasks' as const, id: 't1', change: () => JSON.parse('{') };
  void client.command('agent:stop', { agentId: 'a1' }, { optimistic: [broken] });
  expect(reported).toHaveBeenCalled();
  reported.mockRestore();
  server.append(task('t2'));
  await until(tasksOf(client), (rows) => rows.length === 2);
});

test('only what changes is told: other lists are not, and other rows stay the same objects', async () => {
  const { server, client } = await scene();
  server.append(task('t2'));
  await until(tasksOf(client), (rows) => rows.length === 2);
  const others = client.view('messages');
  const told = vi.fn();
  for (const view of [others, client.history(EXECUTION)]) {
    view.getSnapshot();
    view.subscribe(told);
  }
  const before = tasksOf(client).getSnapshot();
  void client.command('task:claim', { taskId: 't1', commandId: 'c1' });
  const after = tasksOf(client).getSnapshot();
  expect([after[0] === before[0], after[1] === before[1]]).toEqual([false, true]);
  // A change elsewhere makes no other row of the one that is expected.
  server.append(message('m2', 'x'));
  await until(others, (rows) => rows.length === 2);
  expect(tasksOf(client).getSnapshot()).toBe(after);
  expect(told).toHaveBeenCalledTimes(2);
});
