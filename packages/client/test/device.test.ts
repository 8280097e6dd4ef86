import { afterEach, expect, test, vi } from 'vitest';
import type { RealtimeClient } from '../src/index.ts';
import { clientIn, live } from './helpers/connected.ts';
import { HandClock } from './helpers/hand-clock.ts';
import { EXECUTION, message } from './helpers/happenings.ts';
import { type ScriptedServer, startServer } from './helpers/scripted-server.ts';

afterEach(() => void vi.unstubAllGlobals());

/** A page and a network that a test switches. */
function device() {
  const target = new EventTarget();
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('document', page);
  vi.stubGlobal('addEventListener', target.addEventListener.bind(target));
  vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target));
  const tell = (name: string) => target.dispatchEvent(new Event(name));
  return {
    tell,
    show: (state: string) => {
      page.visibilityState = state;
      page.dispatchEvent(new Event('visibilitychange'));
    },
  };
}

const state = (client: RealtimeClient) => client.status.getSnapshot().state;

async function waiting(server: ScriptedServer, clock: HandClock, closing?: object): Promise<RealtimeClient> {
  const client = await clientIn(server, EXECUTION, clock);
  if (closing) server.closeWith(closing);
  else server.cut();
  await expect.poll(() => state(client)).toBe('offline');
  return client;
}

test('the network of the device is a fact beside the connection', async () => {
  const { tell } = device();
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  tell('offline');
  expect(client.status.getSnapshot()).toEqual({ state: 'live', deviceOffline: true });
  server.append(message('m1', 'comes all the same'));
  await expect.poll(() => client.position?.seq).toBe(1);
  tell('online');
  expect(client.status.getSnapshot()).toEqual({ state: 'catching-up' });
  await live(client);
});

test('a network that is back does not wait for the next attempt', async () => {
  const { tell } = device();
  const server = await startServer();
  const clock = new HandClock();
  const client = await waiting(server, clock);
  tell('online');
  clock.pass(0);
  await live(client);
});

test('nor does a page that is shown again', async () => {
  const { show } = device();
  const server = await startServer();
  const clock = new HandClock();
  const client = await waiting(server, clock);
  show('hidden');
  clock.pass(0);
  expect(state(client)).toBe('offline');
  show('visible');
  clock.pass(0);
  await live(client);
});

test('but never before the time that the server named', async () => {
  const { tell } = device();
  const server = await startServer();
  const clock = new HandClock();
  const closing = { code: 'stopping', reason: 'soon', comeBack: true, retryAfter: 3_000 };
  const client = await waiting(server, clock, closing);
  tell('online');
  clock.pass(2_999);
  expect(state(client)).toBe('offline');
  clock.pass(1);
  await live(client);
});

test('a page that is shown again asks only if nothing was heard meanwhile', async () => {
  const { show } = device();
  const server = await startServer();
  const clock = new HandClock();
  const client = await clientIn(server, EXECUTION, clock);
  show('hidden');
  show('visible');
  expect(state(client)).toBe('live');
  clock.sleep(0);
  server.append(message('m1', 'one'));
  await expect.poll(() => client.position?.seq).toBe(1);
  expect(server.subscribes).toHaveLength(2);
});

test('after sleep a client catches up at once, on a connection that outlived it', async () => {
  const server = await startServer();
  const clock = new HandClock();
  const client = await clientIn(server, EXECUTION, clock);
  server.loses = () => true;
  server.append(message('m1', 'while asleep'));
  clock.sleep(60_000);
  expect(state(client)).toBe('catching-up');
  await live(client);
  expect(client.history(EXECUTION).getSnapshot()).toHaveLength(1);
  expect(server.handshakes).toHaveLength(1);
});

test('after sleep a connection that did not outlive it is replaced, with a fresh token', async () => {
  const server = await startServer();
  const clock = new HandClock();
  const client = await clientIn(server, EXECUTION, clock);
  server.isDeaf = true;
  clock.sleep(60_000);
  await expect.poll(() => server.subscribes).toHaveLength(3);
  clock.pass(clock.interval);
  expect(state(client)).toBe('offline');
  server.isDeaf = false;
  clock.pass(40);
  await live(client);
  expect(server.handshakes).toHaveLength(2);
});

test('a wait that was slept through is over', async () => {
  const server = await startServer();
  const clock = new HandClock();
  const closing = { code: 'stopping', reason: 'soon', comeBack: true, retryAfter: 20_000 };
  const client = await waiting(server, clock, closing);
  clock.sleep(19_000);
  clock.pass(1_000);
  await live(client);
});

test('a closed client listens to no device', async () => {
  const { tell } = device();
  const server = await startServer();
  const client = await clientIn(server, EXECUTION);
  client.disconnect();
  tell('offline');
  expect(client.status.getSnapshot()).toEqual({ state: 'closed', reason: 'by-hand' });
});
