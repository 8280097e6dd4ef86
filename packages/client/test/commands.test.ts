import { expect, test } from 'vitest';
import { RealtimeError } from '../src/index.ts';
import { clientOf, live, liveClient } from './helpers/connected.ts';
import { startServer } from './helpers/scripted-server.ts';

const done = (input: Record<string, unknown>) => ({
  success: true as const,
  commandId: String(input.commandId),
  epoch: 'life1',
  seq: 7,
  result: { taskId: String(input.taskId) },
});

test('a command gives its result and where it can be seen', async () => {
  const server = await startServer();
  server.handle = done;
  const client = await liveClient(server);
  const answer = await client.command('task:claim', { taskId: 't1' });
  expect(answer).toEqual({ commandId: expect.any(String), epoch: 'life1', seq: 7, result: { taskId: 't1' } });
});

test('a refusal is thrown, with its code and field', async () => {
  const server = await startServer();
  const error = {
    code: 'invalid' as const,
    message: 'content must not be empty',
    retryable: false,
    field: 'content',
  };
  server.handle = () => ({ success: false, error });
  const client = await liveClient(server);
  const refusal = await client
    .command('message:send', { executionId: 'e1', content: '' })
    .catch((thrown) => thrown);
  expect(refusal).toBeInstanceOf(RealtimeError);
  expect(refusal.details).toEqual(error);
});

test('a command that was cut off before its answer is sent again under the same id', async () => {
  const server = await startServer();
  const client = await liveClient(server);
  server.handle = (input) => {
    if (server.commands.length > 1) return done(input);
    server.cut();
    return undefined;
  };
  await client.command('task:claim', { taskId: 't1' });
  const ids = server.commands.map(({ input }) => input.commandId);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test('commands that were given before the connection are sent in their order', async () => {
  const server = await startServer();
  server.handle = done;
  const client = clientOf(server);
  const all = ['t1', 't2', 't3'].map((taskId) => client.command('task:claim', { taskId }));
  client.connect();
  await Promise.all(all);
  expect(server.commands.map(({ input }) => input.taskId)).toEqual(['t1', 't2', 't3']);
});

test('a command without an answer fails in time', async () => {
  const server = await startServer();
  const client = clientOf(server, { commandTimeout: 50 });
  client.connect();
  await live(client);
  await expect(client.command('task:claim', { taskId: 't1' })).rejects.toMatchObject({
    code: 'timeout',
    retryable: true,
  });
});
