import { SignJWT } from 'jose';
import type { Socket } from 'socket.io-client';
import { describe, expect, test } from 'vitest';
import {
  ask,
  type Bench,
  execution,
  fact,
  heard,
  JWT_SECRET,
  message,
  PUBLISH_KEY,
  startBench,
} from './support/gateway.ts';
import { inSeconds } from './support/issuer.ts';

const key = new TextEncoder().encode(JWT_SECRET);
const sign = (claims: object = {}) =>
  new SignJWT({ sub: 'alice', domain: 'default', iat: inSeconds(0), exp: inSeconds(600), ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(key);

const connect = async (bench: Bench, kind: 'plain' | 'sdk', claims: object): Promise<Socket> => {
  const auth = { token: await sign(claims), ...(kind === 'sdk' ? { client: 'sdk', wire: 1 } : {}) };
  const socket = await bench.plain('', { auth });
  await heard(socket, 'ready');
  return socket;
};

describe('A fresh token in the place of the old one', () => {
  test('lets the connection outlive that one, which has said that it is about to end', async () => {
    const bench = await startBench();
    // A fresh one has to come within the last quarter.
    const expires = inSeconds(4);
    const socket = await connect(bench, 'plain', { exp: expires });
    const closings: unknown[] = [];
    socket.on('closing', (closing) => closings.push(closing));
    expect(await heard(socket, 'token:expiring')).toEqual([{ expires }]);
    const fresh = inSeconds(3);
    expect(await ask(socket, 'token', { token: await sign({ exp: fresh }) })).toEqual({
      success: true,
      expires: fresh,
    });
    expect(await heard(socket, 'token:expiring')).toEqual([{ expires: fresh }]);
    expect(Date.now() / 1000).toBeGreaterThan(expires);
    expect(closings).toEqual([]);
    // The connection stands on the new one as on the old: it ends with it.
    expect(await heard(socket, 'closing')).toMatchObject([{ code: 'token_expired', comeBack: true }]);
  });

  test('is refused if it is of somebody else, or valid no more, and the old one goes on', async () => {
    const bench = await startBench();
    const headers = { authorization: `Bearer ${PUBLISH_KEY}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ token: 'stolen' });
    await fetch(`${bench.url}/v1/revocations`, { method: 'POST', headers, body });
    await execution(bench, 'e1', ['alice']);
    const socket = await connect(bench, 'plain', {});
    await ask(socket, 'join-execution', 'e1');
    for (const [code, claims] of [
      ['token_invalid', { sub: 'bob' }],
      ['token_invalid', { domain: 'acme' }],
      ['token_expired', { exp: inSeconds(-10) }],
      ['token_revoked', { jti: 'stolen' }],
    ] as const) {
      const answer = await ask(socket, 'token', { token: await sign(claims) });
      expect(answer).toMatchObject({ success: false, error: { code } });
      const said = await ask(socket, 'message:send', { executionId: 'e1', content: 'still here' });
      expect(said).toMatchObject({ success: true });
    }
  });

  test('is refused if it is none', async () => {
    const bench = await startBench();
    const socket = await connect(bench, 'plain', {});
    for (const [request, code] of [
      [{}, 'invalid'],
      [{ token: '' }, 'token_missing'],
      [{ token: 7 }, 'token_invalid'],
      [{ token: 'a.b.c' }, 'token_invalid'],
      ['text', 'invalid'],
    ] as const)
      expect(await ask(socket, 'token', request)).toMatchObject({ success: false, error: { code } });
    expect(socket.connected).toBe(true);
  });

  test('takes an SDK socket out of the rooms that it opens no more, and says up to where it was in them', async () => {
    const bench = await startBench();
    await bench.publish('default', [
      fact('task:created', { taskId: 't1', candidates: { addGroups: ['dev'] } }),
    ]);
    await execution(bench, 'e1', ['alice']);
    const socket = await connect(bench, 'sdk', { groups: ['dev', 'ops'] });
    const rooms = ['user:alice', 'group:dev', 'group:ops', 'execution:e1'];
    const { revision } = await ask(socket, 'subscribe', { rooms });
    const left = heard(socket, 'room:left');
    const answer = await ask(socket, 'token', { token: await sign({ groups: ['ops'] }) });
    expect(answer).toMatchObject({ success: true });
    const { epoch, seq } = await bench.log.head('default');
    expect(await left).toEqual([{ rooms: ['group:dev'], revision: revision + 1, epoch, seq }]);
    const events: { rooms: string[] }[] = [];
    socket.on('events', (batch) => events.push(...batch));
    await bench.publish('default', [
      fact('task:created', { taskId: 't2', candidates: { addGroups: ['dev'] } }),
      message('e1', 'the last'),
    ]);
    await expect.poll(() => events.length).toBe(1);
    expect(events).toMatchObject([{ type: 'message:new' }]);
    const refused = await ask(socket, 'subscribe', { rooms: ['group:dev'] });
    expect(refused).toMatchObject({ success: false, error: { code: 'forbidden' } });
  });

  test('takes a plain socket out of groups and into others, as a connect with it would', async () => {
    const bench = await startBench();
    const socket = await connect(bench, 'plain', { groups: ['dev'] });
    const left = heard(socket, 'room:left');
    await ask(socket, 'token', { token: await sign({ groups: ['ops'] }) });
    expect(await left).toEqual([{ rooms: ['group:dev'] }]);
    const task = heard(socket, 'task:created');
    await bench.publish('default', [
      fact('task:created', { taskId: 't1', candidates: { addGroups: ['dev'] } }),
      fact('task:created', { taskId: 't2', candidates: { addGroups: ['ops'] } }),
    ]);
    expect((await task)[0]).toMatchObject({ taskId: 't2' });
  });

  test('that opens more rooms has an SDK come back, which hears of its rooms at its connect alone', async () => {
    const bench = await startBench();
    const socket = await connect(bench, 'sdk', { groups: ['dev'] });
    const closing = heard(socket, 'closing');
    const answer = await ask(socket, 'token', { token: await sign({ groups: ['dev', 'ops'] }) });
    expect(answer).toMatchObject({ success: true });
    expect(await closing).toMatchObject([{ code: 'renewed', comeBack: true, retryAfter: 0 }]);
  });

  test('is what the next command is done as', async () => {
    const bench = await startBench();
    await bench.publish('default', [
      fact('task:created', { taskId: 't1', candidates: { addGroups: ['dev'] } }),
    ]);
    const socket = await connect(bench, 'plain', {});
    expect(await ask(socket, 'task:claim', { taskId: 't1' })).toMatchObject({ success: false });
    const token = ask(socket, 'token', { token: await sign({ groups: ['dev'] }) });
    const claim = ask(socket, 'task:claim', { taskId: 't1' });
    expect(await token).toMatchObject({ success: true });
    expect(await claim).toMatchObject({ error: { code: expect.not.stringMatching('forbidden') } });
  });
});
