import { expect, test } from 'vitest';
import type { RealtimeClient } from '../src/index.ts';
import { live, liveClient, until } from './helpers/connected.ts';
import { HandClock } from './helpers/hand-clock.ts';
import { type ScriptedServer, startServer } from './helpers/scripted-server.ts';

/** A source of tokens that a test answers by hand. */
function source() {
  const asked: PromiseWithResolvers<string>[] = [];
  const self = {
    asked,
    /** Whether one is being asked for; a second one then is a fault. */
    isOpen: false,
    getToken: async () => {
      expect(self.isOpen, 'two questions at once').toBe(false);
      self.isOpen = true;
      const answer = Promise.withResolvers<string>();
      asked.push(answer);
      return answer.promise.finally(() => {
        self.isOpen = false;
      });
    },
    /** Answers the newest question, once there are so many. */
    async answer(count: number, token = 'alice'): Promise<void> {
      await expect.poll(() => asked.length).toBe(count);
      asked.at(-1)!.resolve(token);
    },
  };
  return self;
}

async function connected(server: ScriptedServer, tokens: ReturnType<typeof source>, clock?: HandClock) {
  const coming = liveClient(server, { getToken: tokens.getToken }, clock);
  await tokens.answer(1);
  return coming;
}

const expiring = (server: ScriptedServer) => {
  for (const socket of server.connections) socket.emit('token:expiring', { expires: 1_800_000_000 });
};
const sent = (server: ScriptedServer) =>
  server.commands.filter(({ name }) => name === 'token').map(({ input }) => input.token);
const takes = (server: ScriptedServer) => {
  server.handle = () => ({ success: true, expires: 1_800_000_060 }) as never;
};
const state = (client: RealtimeClient) => client.status.getSnapshot().state;

test('a token that is about to end is replaced by a fresh one, on the same connection', async () => {
  const server = await startServer();
  takes(server);
  const tokens = source();
  const client = await connected(server, tokens);
  expiring(server);
  await tokens.answer(2, 'fresh');
  await expect.poll(() => sent(server)).toEqual(['fresh']);
  expect(server.handshakes).toHaveLength(1);
  expect(state(client)).toBe('live');
  // And once more, when that one ends.
  expiring(server);
  await tokens.answer(3, 'fresher');
  await expect.poll(() => sent(server)).toEqual(['fresh', 'fresher']);
});

test('a fresh token is asked for once, however often it is said', async () => {
  const server = await startServer();
  takes(server);
  const tokens = source();
  await connected(server, tokens);
  for (let i = 0; i < 3; i++) expiring(server);
  await tokens.answer(2, 'fresh');
  await expect.poll(() => sent(server)).toEqual(['fresh']);
  expect(tokens.asked).toHaveLength(2);
});

test('one that is being asked for when the connection breaks is that of the next one', async () => {
  const server = await startServer();
  const tokens = source();
  const client = await connected(server, tokens);
  expiring(server);
  await expect.poll(() => tokens.asked.length).toBe(2);
  server.cut();
  await until(client.status, (status) => status.state === 'connecting');
  await tokens.answer(2, 'fresh');
  await live(client);
  expect(server.handshakes.map(({ token }) => token)).toEqual(['alice', 'fresh']);
  expect(sent(server)).toEqual([]);
});

test('a token that is refused for this connection is tried on another one', async () => {
  const server = await startServer();
  const error = { code: 'token_invalid' as const, message: 'of somebody else', retryable: false };
  server.handle = () => ({ success: false, error });
  const tokens = source();
  const client = await connected(server, tokens);
  expiring(server);
  await tokens.answer(2, 'bob');
  await tokens.answer(3, 'bob');
  await until(client.identity, (identity) => identity?.userId === 'bob');
  expect(server.handshakes.map(({ token }) => token)).toEqual(['alice', 'bob']);
});

test('without a fresh token the connection lasts until the server ends it, and the next one asks again', async () => {
  const server = await startServer();
  const tokens = source();
  const client = await connected(server, tokens);
  expiring(server);
  await expect.poll(() => tokens.asked.length).toBe(2);
  tokens.asked[1]!.reject(new Error('the provider is away'));
  await tokens.asked[1]!.promise.catch(() => undefined);
  expect(state(client)).toBe('live');
  server.closeWith({ code: 'token_expired', reason: '', comeBack: true, retryAfter: 0 });
  await tokens.answer(3, 'fresh');
  await live(client);
  expect(server.handshakes.map(({ token }) => token)).toEqual(['alice', 'fresh']);
});

test('after sleep a socket that was silent too long is made anew, with a fresh token', async () => {
  const server = await startServer();
  const clock = new HandClock();
  const tokens = source();
  const client = await connected(server, tokens, clock);
  // The machine sleeps, and the server gives the socket up meanwhile.
  server.cut();
  await until(client.status, (status) => status.state === 'offline');
  clock.sleep(3_600_000);
  clock.pass(0);
  await tokens.answer(2, 'fresh');
  await live(client);
  expect(server.handshakes.map(({ token }) => token)).toEqual(['alice', 'fresh']);
});

test('who signs out while a token is asked for does not come back with it', async () => {
  const server = await startServer();
  takes(server);
  const tokens = source();
  const client = await connected(server, tokens);
  expiring(server);
  await expect.poll(() => tokens.asked.length).toBe(2);
  client.disconnect();
  tokens.isOpen = false;
  client.connect();
  await tokens.answer(3, 'bob');
  await live(client);
  tokens.asked[1]!.resolve('old');
  await client.command('message:send', { executionId: 'e1', content: 'bob is here' });
  expect(sent(server)).toEqual([]);
  expect(server.handshakes.map(({ token }) => token)).toEqual(['alice', 'bob']);
});

test('a token that does not change is not asked for, and not sent again', async () => {
  const server = await startServer();
  takes(server);
  const client = await liveClient(server, { token: 'alice' });
  expiring(server);
  await client.command('message:send', { executionId: 'e1', content: 'after it' });
  expect(sent(server)).toEqual([]);
});
