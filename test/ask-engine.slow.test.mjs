import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tokenOf } from '../scripts/lib/token.mjs';
import { engineRest } from '../scripts/stack/engine.mjs';
import { startStack } from '../scripts/stack/stack.mjs';
import { IS_LONG } from './support/long.mjs';

let dir;
let stack;
let rest;
const sockets = [];

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'ask-engine-'));
  stack = await startStack({
    dir,
    gatewayEnv: { ASK_ENGINE: '1' },
    engineEnv: {
      CAMUNDA_BPM_AUTHORIZATION_ENABLED: 'true',
      // With it the engine gives its group of administrators, which the gateway's account is in, all there is.
      CAMUNDA_BPM_ADMINUSER_ID: 'boss',
      CAMUNDA_BPM_ADMINUSER_PASSWORD: 'a password of the test',
    },
  });
  rest = engineRest(stack.engine.url, stack.account);
}, 240_000);

afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await stack?.stop();
  await rm(dir, { recursive: true, force: true });
});

function connect(user) {
  const token = tokenOf(stack.secrets.jwtSecret, { user, groups: [], domain: 'default' });
  const socket = io(stack.gateway.url, {
    auth: { token, client: 'sdk', wire: 1 },
    transports: ['websocket'],
  });
  sockets.push(socket);
  return socket;
}

const subscribe = (socket, room) => socket.timeout(15_000).emitWithAck('subscribe', { rooms: [room] });

test.runIf(IS_LONG)(
  'the engine lets into a process whom it would show it, and takes that back when it is asked again',
  async () => {
    const key = 'microservice-delivery';
    const { id } = await rest('POST', `/process-definition/key/${key}/start`, { businessKey: 'ask-1' });
    const allow = (who, permissions, resourceType, resourceId) =>
      rest('POST', '/authorization/create', { type: 1, permissions, ...who, resourceType, resourceId });
    const [alice, bob, carol] = ['alice', 'bob', 'carol'].map(connect);
    // The models of the demo give alice's and bob's groups tasks, so the tokens here name none.
    expect(await subscribe(alice, `process:${id}`)).toMatchObject({ error: { code: 'forbidden' } });
    const own = await allow({ userId: 'alice' }, ['READ'], 8, id);
    await allow({ groupId: 'leads' }, ['READ_INSTANCE', 'READ'], 6, key);
    await expect
      .poll(async () => (await subscribe(alice, `process:${id}`)).success, { timeout: 15_000 })
      .toBe(true);
    expect(await subscribe(bob, `process:${id}`)).toMatchObject({ success: true });
    expect(await subscribe(bob, `definition:${key}`)).toMatchObject({ success: true });
    for (const room of [`process:${id}`, `definition:${key}`, 'process:none'])
      expect(await subscribe(carol, room)).toMatchObject({ error: { code: 'forbidden' } });

    // Through her group alice may still see it; so that one is taken from her, too.
    const left = new Promise((resolve) => alice.once('room:left', resolve));
    await rest('DELETE', `/authorization/${own.id}`);
    await rest('DELETE', '/group/leads/members/alice');
    expect(await left).toMatchObject({ rooms: [`process:${id}`] });
    expect(await subscribe(alice, `process:${id}`)).toMatchObject({ error: { code: 'forbidden' } });
  },
  90_000,
);
