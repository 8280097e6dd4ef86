import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { ask, heard, JWT_SECRET, startBench } from './support/gateway.ts';

const key = new TextEncoder().encode(JWT_SECRET);
const soon = () => Math.floor(Date.now() / 1000) + 60;
const sign = (claims: object, secret = key, alg = 'HS256') =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg }).sign(secret);

describe('The handshake refuses', () => {
  test.each<[string, string, () => unknown | Promise<unknown>]>([
    ['no token', 'token_missing', () => undefined],
    ['an empty one', 'token_missing', () => ''],
    ['what is no text', 'token_invalid', () => ({ a: 1 })],
    ['what is no JWT', 'token_invalid', () => 'abc.def.ghi'],
    [
      'one of another secret',
      'token_invalid',
      () => sign({ sub: 'alice', domain: 'default', exp: soon() }, new Uint8Array(32)),
    ],
    [
      'one of another algorithm',
      'token_invalid',
      () => sign({ sub: 'alice', domain: 'default', exp: soon() }, new Uint8Array([...key, ...key]), 'HS512'),
    ],
    [
      'one without a signature',
      'token_invalid',
      () => 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSIsImRvbWFpbiI6ImRlZmF1bHQiLCJleHAiOjk5OTk5OTk5OTl9.',
    ],
    [
      'one that has expired',
      'token_expired',
      () => sign({ sub: 'alice', domain: 'default', exp: soon() - 120 }),
    ],
    ['one that never ends', 'token_invalid', () => sign({ sub: 'alice', domain: 'default' })],
    ['one without a user', 'token_invalid', () => sign({ domain: 'default', exp: soon() })],
    ['one without a domain', 'token_invalid', () => sign({ sub: 'alice', exp: soon() })],
  ])('%s with %s', async (_what, code, token) => {
    const bench = await startBench();
    const socket = await bench.plain('alice', { auth: { token: await token() } });
    const [error] = await heard(socket, 'connect_error');
    expect(error).toMatchObject({ data: { code, retryable: false, message: expect.any(String) } });
  });

  test('a page of a foreign origin, and not one that is allowed', async () => {
    const bench = await startBench({ CLIENT_URL: 'https://app.example' });
    const from = (origin: string) => bench.plain('alice', { extraHeaders: { origin } });
    await heard(await from('https://evil.example'), 'connect_error');
    await heard(await from('https://app.example'), 'ready');
    await heard(await from(bench.url), 'ready');
  });
});

test('The older names of the claims are understood', async () => {
  const bench = await startBench();
  const token = await sign({ userId: 'alice', domainId: 'acme', exp: soon() });
  const socket = await bench.plain('x', { auth: { token } });
  expect((await heard(socket, 'ready'))[0]).toMatchObject({ userId: 'alice', domainId: 'acme' });
});

test('A connection ends with its token, and says so', async () => {
  const bench = await startBench();
  const token = await sign({ sub: 'alice', domain: 'default', exp: Math.ceil(Date.now() / 1000) + 1 });
  const socket = await bench.plain('alice', { auth: { token } });
  const [closing] = await heard(socket, 'closing');
  expect(closing).toMatchObject({ code: 'token_expired', comeBack: true });
  await expect.poll(() => socket.connected).toBe(false);
});

test('Domains do not see each other', async () => {
  const bench = await startBench();
  const ours = await bench.plain('alice', { domain: 'ours' });
  const theirs = await bench.plain('alice', { domain: 'theirs' });
  await Promise.all([heard(ours, 'ready'), heard(theirs, 'ready')]);
  const said: string[] = [];
  theirs.on('message:new', ({ content }) => said.push(content));
  for (const socket of [ours, theirs]) {
    expect(await ask(socket, 'execution:create', { executionId: 'same', title: 'Same' })).toMatchObject({
      success: true,
      seq: 1,
    });
    await ask(socket, 'join-execution', 'same');
  }
  await ask(ours, 'message:send', { executionId: 'same', content: 'ours' });
  await ask(theirs, 'message:send', { executionId: 'same', content: 'theirs' });
  await expect.poll(() => said).toEqual(['theirs']);
});
