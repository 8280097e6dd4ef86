import { createHash, randomBytes } from 'node:crypto';
import { io } from 'socket.io-client';
import { expect, onTestFinished, test } from 'vitest';
import { ask, heard, startBench } from '../packages/gateway/test/support/gateway.ts';
import { startIssuer } from '../packages/gateway/test/support/issuer.ts';
import { AUDIENCE, startOpenIdProvider } from './support/openid-provider.mjs';

const BACK = 'http://127.0.0.1:9/';

/** A gateway without a secret of its own, that takes the tokens of a real provider. */
async function startBoth() {
  const provider = await startOpenIdProvider({ redirectUris: [BACK] });
  onTestFinished(() => provider.close());
  const claims = { domain: 'tenant' };
  const settings = [{ issuer: provider.issuer, audience: AUDIENCE, domains: ['default', 'acme'], claims }];
  const login = { LOGIN_ISSUER: provider.issuer, LOGIN_CLIENT_ID: 'workstream' };
  const bench = await startBench({ JWT_SECRET: '', ISSUERS: JSON.stringify(settings), ...login });
  return { bench, issuer: provider.issuer };
}

/** Goes through the provider's pages as a browser does; answers with the code, and what it was asked with. */
async function logIn(issuer, user) {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    ...{ client_id: 'workstream', response_type: 'code', scope: 'openid', redirect_uri: BACK, state: 's' },
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const cookies = new Map();
  const visit = async (address, form) => {
    const answer = await fetch(address, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams({ ...form }) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      cookies.set(name, value);
    }
    const next = answer.headers.get('location');
    if (next === null) return address;
    const url = new URL(next, issuer).href;
    return url.startsWith(BACK) ? url : visit(url);
  };
  const login = await visit(`${issuer}/auth?${query}`);
  const consent = await visit(login, { prompt: 'login', login: user, password: 'any' });
  const back = new URL(await visit(consent, { prompt: 'consent' }));
  return { code: back.searchParams.get('code'), verifier };
}

async function tokensFor(issuer, form) {
  const body = new URLSearchParams({ client_id: 'workstream', ...form });
  const answer = await fetch(`${issuer}/token`, { method: 'POST', body });
  return { status: answer.status, body: await answer.json() };
}

const byCode = (issuer, { code, verifier }) =>
  tokensFor(issuer, {
    ...{ grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: BACK },
  });

function connect(bench, token) {
  const socket = io(bench.url, { auth: { token }, reconnection: false, forceNew: true });
  onTestFinished(() => void socket.disconnect());
  return socket;
}

test('who logs in at a real provider is let in by its token, and stays by the next one, until they log out', async () => {
  const { bench, issuer } = await startBoth();
  expect(await (await fetch(`${bench.url}/login`)).json()).toEqual({
    password: false,
    openid: { issuer, clientId: 'workstream', scope: 'openid' },
  });

  const { body: first } = await byCode(issuer, await logIn(issuer, 'alice'));
  const headers = { authorization: `Bearer ${first.access_token}` };
  expect(await (await fetch(`${bench.url}/v1/me`, { headers })).json()).toMatchObject({
    ...{ userId: 'alice', domainId: 'default', groups: ['developers'], roles: ['operations'] },
  });
  const socket = connect(bench, first.access_token);
  expect((await heard(socket, 'ready'))[0]).toMatchObject({ userId: 'alice', groups: ['developers'] });

  const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
  const { body: second } = await tokensFor(issuer, refresh);
  expect(second.access_token).not.toBe(first.access_token);
  expect(await ask(socket, 'token', { token: second.access_token })).toMatchObject({ success: true });

  const gone = new URLSearchParams({ client_id: 'workstream', token: second.refresh_token });
  await fetch(`${issuer}/token/revocation`, { method: 'POST', body: gone });
  const again = await tokensFor(issuer, { ...refresh, refresh_token: second.refresh_token });
  expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  expect(socket.connected).toBe(true);
});

test('a code that was stolen on its way is worth nothing without what it was asked with', async () => {
  const { issuer } = await startBoth();
  const { code } = await logIn(issuer, 'alice');
  const stolen = await byCode(issuer, { code, verifier: randomBytes(32).toString('base64url') });
  expect(stolen).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});

test('a token of somebody else is not let in there, and one that nobody can say of may come again', async () => {
  const { bench, issuer } = await startBoth();
  const { body } = await byCode(issuer, await logIn(issuer, 'bob'));
  // It says who the person is, and is for the app: its audience is another one.
  const id = connect(bench, body.id_token);
  expect((await heard(id, 'connect_error'))[0]).toMatchObject({ data: { code: 'token_invalid' } });

  const away = await startIssuer();
  away.instead = (response) => response.destroy();
  const settings = [{ issuer: away.issuer, audience: AUDIENCE, domains: ['default'] }];
  const other = await startBench({ ISSUERS: JSON.stringify(settings) });
  const [header, , signature] = body.access_token.split('.');
  const claims = Buffer.from(JSON.stringify({ iss: away.issuer })).toString('base64url');
  const socket = connect(other, `${header}.${claims}.${signature}`);
  expect((await heard(socket, 'connect_error'))[0]).toMatchObject({
    data: { code: 'keys_unavailable', retryable: true, retryAfter: expect.any(Number) },
  });
});
