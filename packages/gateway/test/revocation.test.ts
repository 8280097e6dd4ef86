import { setTimeout as sleep } from 'node:timers/promises';
import { type Log, LogError, openRedisLog } from '@netbuild/realtime-log';
import { SignJWT } from 'jose';
import type { Socket } from 'socket.io-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startRedis, whyNoRedis } from '../../log/test/redis-server.ts';
import { createRevocations, type RevocationTools } from '../src/auth/revocations.ts';
import { createTail } from '../src/delivery/tail.ts';
import { createPublish } from '../src/ingest/publish.ts';
import { OWN_DOMAIN } from '../src/own-domain.ts';
import { type Bench, heard, JWT_SECRET, PUBLISH_KEY, startBench } from './support/gateway.ts';
import { inSeconds } from './support/issuer.ts';
import { openLog } from './support/log.ts';
import { openRewindable } from './support/rewindable.ts';
import { openStream } from './support/stream.ts';

const key = new TextEncoder().encode(JWT_SECRET);
const sign = (claims: object = {}) =>
  new SignJWT({ sub: 'alice', domain: 'default', iat: inSeconds(-10), exp: inSeconds(600), ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(key);

async function revoke(bench: Bench, body: object, publishKey = PUBLISH_KEY) {
  const answer = await fetch(`${bench.url}/v1/revocations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${publishKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of every shape.
  return { status: answer.status, body: (await answer.json()) as any };
}

async function me(bench: Bench, token: string) {
  const answer = await fetch(`${bench.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  const { error, userId } = (await answer.json()) as { error?: { code: string }; userId?: string };
  return error?.code ?? userId;
}

const connected = async (bench: Bench, token: string): Promise<Socket> => {
  const socket = await bench.plain('', { auth: { token } });
  await heard(socket, 'ready');
  return socket;
};

describe('A revocation', () => {
  test('of one token ends its connections with a code, and lets in nobody with it; others live on', async () => {
    const bench = await startBench();
    const [stolen, other] = [await sign({ jti: 'stolen' }), await sign({ jti: 'other' })];
    const [gone, stays] = [await connected(bench, stolen), await connected(bench, other)];
    const stream = await openStream(bench, 'room=user:alice', stolen);
    const closing = heard(gone, 'closing');
    const ended = heard(gone, 'disconnect');
    const { status, body } = await revoke(bench, { token: 'stolen' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ domain: 'default', token: 'stolen', seq: expect.any(Number) });
    expect((await closing)[0]).toMatchObject({ code: 'revoked', comeBack: false });
    // A stock client stays away as well.
    expect((await ended)[0]).toBe('io server disconnect');
    await stream.ended;
    expect(stream.named('closing')[0]?.data).toMatchObject({ code: 'revoked' });
    expect(await me(bench, stolen)).toBe('token_revoked');
    const back = await bench.plain('', { auth: { token: stolen } });
    expect((await heard(back, 'connect_error'))[0]).toMatchObject({ data: { code: 'token_revoked' } });
    expect(await me(bench, other)).toBe('alice');
    expect(stays.connected).toBe(true);
  });

  test('of a user is of what was issued to them so far, in this domain', async () => {
    const bench = await startBench();
    const old = await sign();
    const silent = await sign({ iat: undefined });
    const bob = await sign({ sub: 'bob' });
    const elsewhere = await sign({ domain: 'acme' });
    const gone = await connected(bench, old);
    const closing = heard(gone, 'closing');
    await revoke(bench, { user: 'alice' });
    expect((await closing)[0]).toMatchObject({ code: 'revoked' });
    expect(await me(bench, old)).toBe('token_revoked');
    // Of one that does not say when it was issued nobody could tell.
    expect(await me(bench, silent)).toBe('token_revoked');
    expect(await me(bench, await sign({ iat: inSeconds(1) }))).toBe('alice');
    expect(await me(bench, bob)).toBe('bob');
    expect(await me(bench, elsewhere)).toBe('alice');
  });

  test('of what was issued before a time is of all in the domain; an earlier time takes nothing back', async () => {
    const bench = await startBench();
    const [old, young] = [await sign({ iat: inSeconds(-100) }), await sign({ iat: inSeconds(-10) })];
    await revoke(bench, { before: inSeconds(-50) });
    await revoke(bench, { before: inSeconds(-500) });
    expect(await me(bench, old)).toBe('token_revoked');
    expect(await me(bench, young)).toBe('alice');
    expect(await me(bench, await sign({ iat: inSeconds(-100), domain: 'acme' }))).toBe('alice');
    await revoke(bench, { domain: 'acme', before: inSeconds(0) });
    expect(await me(bench, await sign({ iat: inSeconds(-100), domain: 'acme' }))).toBe('token_revoked');
  });

  test('outlasts a restart, and is listed', async () => {
    const log = await openLog();
    const first = await startBench({}, { log });
    const token = await sign({ jti: 'stolen' });
    await revoke(first, { token: 'stolen' });
    await revoke(first, { user: 'bob' });
    await first.close();
    const second = await startBench({}, { log });
    expect(await me(second, token)).toBe('token_revoked');
    const answer = await fetch(`${second.url}/v1/revocations`, {
      headers: { authorization: `Bearer ${PUBLISH_KEY}` },
    });
    expect(await answer.json()).toEqual({
      revocations: [
        { domain: 'default', token: 'stolen', revoked: expect.any(String) },
        { domain: 'default', user: 'bob', before: expect.any(Number), revoked: expect.any(String) },
      ],
    });
  });

  test('is made by who has the key alone, and says what it is of', async () => {
    const bench = await startBench();
    expect((await revoke(bench, { user: 'alice' }, 'another key of enough characters')).body).toMatchObject({
      error: { code: 'key_invalid' },
    });
    for (const body of [
      {},
      { domain: 'default' },
      { token: 'a', user: 'alice' },
      { token: 'a', before: 1 },
      { user: '' },
      { user: 'alice', before: Date.now() },
      { user: 'alice', befor: 1 },
    ])
      expect((await revoke(bench, body)).body, JSON.stringify(body)).toMatchObject({
        error: { code: 'invalid' },
      });
    // A domain that is no text is nobody's, and breaks nothing.
    expect((await revoke(bench, { domain: '\ud83d', token: 'a' })).status).toBe(201);
    expect(await me(bench, await sign())).toBe('alice');
  });
});

const reason = whyNoRedis();

test.skipIf(reason !== undefined)('Another node has ended the connection within a second', async () => {
  const redis = await startRedis();
  onTestFinished(() => redis[Symbol.asyncDispose]());
  const node = async () => startBench({}, { log: await openRedisLog({ url: redis.url }) });
  const [here, there] = [await node(), await node()];
  const token = await sign({ jti: 'stolen' });
  const socket = await connected(there, token);
  const closing = heard(socket, 'closing');
  await revoke(here, { token: 'stolen' });
  const late = sleep(1000, ['nothing within a second']);
  expect((await Promise.race([closing, late]))[0]).toMatchObject({ code: 'revoked' });
  expect(await me(there, token)).toBe('token_revoked');
});

const tailOf =
  (log: Log): RevocationTools['tail'] =>
  (hear, rewound) =>
    createTail(log, OWN_DOMAIN, hear, { every: 20, rewound });

const alice = {
  ...{ userId: 'alice', domainId: 'default', groups: [], roles: [], rooms: [], expires: inSeconds(600) },
  issuedAt: inSeconds(-10),
  tokenId: 'stolen',
};

test('What a failover has lost is told to the log again by who knows of it', async () => {
  const { log, keep, rewind } = await openRewindable();
  const parts = () => {
    const revocations = createRevocations({ log, publish: createPublish(log), tail: tailOf(log) });
    onTestFinished(() => revocations.close());
    return revocations;
  };
  const revocations = parts();
  await revocations.revoke({ domain: 'default', token: 'kept' });
  await keep();
  await revocations.revoke({ domain: 'default', token: 'stolen' });
  await rewind();
  // Another node, that has never heard of it, finds it in the log.
  await expect
    .poll(async () => (await parts().list('default')).map(({ token }) => token).sort())
    .toEqual(['kept', 'stolen']);
  await expect(revocations.assertStands(alice)).rejects.toMatchObject({ code: 'token_revoked' });
});

test('Revocations are forgotten when no token of theirs can live any more, and there are not more than a number', async () => {
  const log = await openLog();
  const [publish, tail] = [createPublish(log), tailOf(log)];
  const start = (maxLife: number | undefined, most = 3) => {
    const revocations = createRevocations({ log, publish, tail, maxLife, most });
    onTestFinished(() => revocations.close());
    return revocations;
  };
  const first = start(3600);
  await first.revoke({ domain: 'default', user: 'long-ago', before: inSeconds(-7200) });
  await first.revoke({ domain: 'default', user: 'alice', before: inSeconds(0) });
  await first.revoke({ domain: 'default', token: 'a' });
  await expect(first.revoke({ domain: 'default', token: 'b' })).rejects.toMatchObject({ code: 'invalid' });
  const names = async (revocations: typeof first) =>
    (await revocations.list('default')).map(({ user, token }) => user ?? token).sort();
  expect(await names(start(3600))).toEqual(['a', 'alice']);
  // It is over in the log, too, so nobody reads it again.
  expect(await names(start(undefined))).toEqual(['a', 'alice']);
  // And stands again, should it be said again.
  const again = start(undefined);
  await again.revoke({ domain: 'default', user: 'long-ago', before: inSeconds(-7200) });
  expect(await names(again)).toEqual(['a', 'alice', 'long-ago']);
  // One of all that was issued before a time does for each of them, and makes room.
  await again.revoke({ domain: 'default', before: inSeconds(1) });
  expect(await names(again)).toEqual(['a', undefined]);
  await again.revoke({ domain: 'default', token: 'b' });
  await expect(again.assertStands(alice)).rejects.toMatchObject({ code: 'token_revoked' });
});

test('Nobody is let in while nobody can say who is revoked, and everybody once somebody can', async () => {
  const log = await openLog();
  let isBroken = true;
  const broken = new Proxy(log, {
    get(target, name: keyof typeof log) {
      if (name === 'snapshot' && isBroken) return () => Promise.reject(new LogError('failed', 'no answer'));
      return (target[name] as (...args: unknown[]) => unknown).bind(target);
    },
  });
  const bench = await startBench({}, { log: broken });
  const token = await sign();
  expect(await me(bench, token)).toBe('storage_unavailable');
  isBroken = false;
  expect(await me(bench, token)).toBe('alice');
});
