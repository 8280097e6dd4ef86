import { createHmac } from 'node:crypto';
import { exportSPKI, importJWK } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { issuerList } from '../src/auth/issuers.ts';
import { createTokens, type Tokens } from '../src/auth/token.ts';
import { JWT_SECRET } from './support/gateway.ts';
import { type IssuerKey, inSeconds, keyOf, startIssuer, type TestIssuer } from './support/issuer.ts';

let rsa: IssuerKey;
let ec: IssuerKey;
let ed: IssuerKey;
let foreign: IssuerKey;

beforeAll(async () => {
  [rsa, ec, ed, foreign] = await Promise.all([
    keyOf('RS256', 'rsa'),
    keyOf('ES256', 'ec'),
    keyOf('EdDSA', 'ed'),
    keyOf('RS256', 'rsa'),
  ]);
});

/** Tokens of the issuers, as the setting names them. */
function tokensOf(settings: object[], more: { secret?: string; maxLife?: number } = {}): Tokens {
  return createTokens({ ...more, issuers: issuerList.parse(settings) });
}

const settingsOf = ({ issuer, audience, jwks }: TestIssuer, more: object = {}) => ({
  ...{ issuer, audience, jwks },
  domains: ['acme', 'beta'],
  claims: { domain: 'tenant' },
  ...more,
});

const alice = { sub: 'alice', tenant: 'acme' };
const codeOf = (verified: Promise<unknown>) =>
  verified.then(
    () => 'taken',
    (error: { code: string }) => error.code,
  );

describe('The tokens of an issuer', () => {
  test('are taken by RS256, ES256 and EdDSA, in each domain that it may speak for', async () => {
    const issuer = await startIssuer(rsa, ec, ed);
    const tokens = tokensOf([settingsOf(issuer)]);
    for (const key of [rsa, ec, ed])
      for (const tenant of ['acme', 'beta']) {
        const exp = inSeconds(60);
        const claims = { sub: 'alice', tenant, groups: ['dev'], roles: ['operations'], jti: 'j1', exp };
        expect(await tokens.verify(await issuer.sign(claims, key))).toEqual({
          userId: 'alice',
          domainId: tenant,
          groups: ['dev'],
          roles: ['operations'],
          rooms: [],
          expires: exp + 5,
          issuedAt: expect.any(Number),
          tokenId: 'j1',
          issuer: issuer.issuer,
        });
      }
    expect(issuer.asked).toBe(1);
  });

  test('stand beside those of other issuers and of the shared secret, each by its own keys alone', async () => {
    const [first, second] = [await startIssuer(rsa), await startIssuer(ec)];
    const tokens = tokensOf([settingsOf(first), settingsOf(second, { domains: ['beta'], claims: {} })], {
      secret: JWT_SECRET,
    });
    expect(await tokens.verify(await first.sign(alice, rsa))).toMatchObject({ domainId: 'acme' });
    expect(await tokens.verify(await second.sign({ sub: 'bob' }, ec))).toMatchObject({ domainId: 'beta' });
    const own = await tokens.mint({ userId: 'carol', domainId: 'default', groups: [] }, 60);
    expect(await tokens.verify(own)).toMatchObject({ userId: 'carol', domainId: 'default' });
    expect(await codeOf(tokens.verify(await second.sign({ sub: 'bob' }, rsa, { kid: 'ec' })))).toBe(
      'token_invalid',
    );
    const named = await second.sign({ sub: 'bob', iss: first.issuer, tenant: 'acme' }, ec, { kid: 'rsa' });
    expect(await codeOf(tokens.verify(named))).toBe('token_invalid');
  });

  test('find their keys by discovery, where no address of keys is named', async () => {
    const issuer = await startIssuer(rsa);
    const tokens = tokensOf([settingsOf(issuer, { jwks: undefined })]);
    expect(await codeOf(tokens.verify(await issuer.sign(alice, rsa)))).toBe('taken');
  });

  test('say in the words of a provider who somebody is, and a name of a tenant can be another one here', async () => {
    const issuer = await startIssuer(rsa);
    const domains = { 'b7c2-tenant': 'acme' };
    const claims = {
      user: 'preferred_username',
      domain: 'tid',
      groups: 'https://example.com/groups',
      roles: 'realm_access.roles',
    };
    const tokens = tokensOf([settingsOf(issuer, { domains, claims })]);
    const said = {
      sub: '0f3a',
      preferred_username: 'alice',
      tid: 'b7c2-tenant',
      realm_access: { roles: ['ops'] },
    };
    const token = await issuer.sign(
      { ...said, 'https://example.com/groups': 'dev', rooms: ['user:bob'] },
      rsa,
    );
    // Rooms are a word of the gateway's own, that a provider may let anybody fill: it is read where that is named.
    expect(await tokens.verify(token)).toMatchObject({
      ...{ userId: 'alice', domainId: 'acme', groups: ['dev'], roles: ['ops'], rooms: [] },
    });
  });

  test('are taken so long after their end as clocks may differ, and live so much longer', async () => {
    const issuer = await startIssuer(rsa);
    const tokens = tokensOf([settingsOf(issuer, { clockTolerance: 30 })]);
    const exp = inSeconds(-20);
    const ended = await issuer.sign({ ...alice, exp }, rsa);
    expect((await tokens.verify(ended)).expires).toBe(exp + 30);
    const long = await issuer.sign({ ...alice, exp: inSeconds(-40) }, rsa);
    expect(await codeOf(tokens.verify(long))).toBe('token_expired');
  });

  test('may not live longer than is set, nor hide for how long', async () => {
    const issuer = await startIssuer(rsa);
    const tokens = tokensOf([settingsOf(issuer)], { maxLife: 3600 });
    const living = async (claims: object) =>
      codeOf(tokens.verify(await issuer.sign({ ...alice, ...claims }, rsa)));
    expect(await living({ exp: inSeconds(3600) })).toBe('taken');
    expect(await living({ exp: inSeconds(7200) })).toBe('token_invalid');
    expect(await living({ iat: undefined })).toBe('token_invalid');
  });
});

describe('Refused is', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const valid = (issuer: TestIssuer) => ({
    iss: issuer.issuer,
    aud: 'netbuild',
    exp: inSeconds(60),
    ...alice,
  });
  const hmac = (issuer: TestIssuer, secret: string | Buffer, header: object) => {
    const text = `${part({ alg: 'HS256', ...header })}.${part(valid(issuer))}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };

  test.each<[string, (issuer: TestIssuer) => string | Promise<string>, string?]>([
    [
      'a token without a signature',
      (issuer) => `${part({ alg: 'none', kid: 'rsa' })}.${part(valid(issuer))}.`,
    ],
    ['one that writes none in other letters', (issuer) => `${part({ alg: 'nOnE' })}.${part(valid(issuer))}.`],
    [
      'the public key taken for a shared secret',
      async (issuer) => hmac(issuer, await exportSPKI((await importJWK(rsa.jwk)) as never), { kid: 'rsa' }),
    ],
    ['its JSON taken for one', (issuer) => hmac(issuer, JSON.stringify(rsa.jwk), { kid: 'rsa' })],
    ['the shared secret in the name of an issuer', (issuer) => hmac(issuer, JWT_SECRET, {})],
    ['a secret among the keys', (issuer) => hmac(issuer, Buffer.alloc(32, 7), { kid: 'oct' })],
    ['a token without the id of its key', (issuer) => issuer.sign(alice, rsa, { kid: undefined })],
    ['one with an empty id', (issuer) => issuer.sign(alice, rsa, { kid: '' })],
    ['one with the id of a key that is not there', (issuer) => issuer.sign(alice, rsa, { kid: 'x' })],
    ['the id of a key of another kind', (issuer) => issuer.sign(alice, ec, { kid: 'rsa' })],
    ['a foreign key under a known id', (issuer) => issuer.sign(alice, foreign)],
    [
      'a key that the token itself brings',
      (issuer) => issuer.sign(alice, foreign, { kid: 'own', jwk: foreign.jwk, jku: 'http://127.0.0.1:1/' }),
    ],
    ['an algorithm that is not among those of the issuer', (issuer) => issuer.sign(alice, ed)],
    ['a part that has to be understood', (issuer) => issuer.sign(alice, rsa, { crit: ['x'], x: 1 })],
    ['another audience', (issuer) => issuer.sign({ ...alice, aud: 'other' }, rsa)],
    ['no audience', (issuer) => issuer.sign({ ...alice, aud: undefined }, rsa)],
    ['another issuer', (issuer) => issuer.sign({ ...alice, iss: 'https://example.com' }, rsa)],
    ['an issuer that is none', (issuer) => issuer.sign({ ...alice, iss: [issuer.issuer] }, rsa)],
    ['no issuer', (issuer) => issuer.sign({ ...alice, iss: undefined }, rsa)],
    [
      'a domain that the issuer may not speak for',
      (issuer) => issuer.sign({ ...alice, tenant: 'gamma' }, rsa),
    ],
    ['no domain', (issuer) => issuer.sign({ sub: 'alice' }, rsa)],
    ['a domain that is no name', (issuer) => issuer.sign({ ...alice, tenant: ['acme'] }, rsa)],
    ['a domain that every object has', (issuer) => issuer.sign({ ...alice, tenant: 'constructor' }, rsa)],
    ['no user', (issuer) => issuer.sign({ tenant: 'acme' }, rsa)],
    ['groups that are no names', (issuer) => issuer.sign({ ...alice, groups: [{ id: 1 }] }, rsa)],
    ['a token that never ends', (issuer) => issuer.sign({ ...alice, exp: undefined }, rsa)],
    ['one that is not valid yet', (issuer) => issuer.sign({ ...alice, nbf: inSeconds(60) }, rsa)],
    ['one that has ended', (issuer) => issuer.sign({ ...alice, exp: inSeconds(-60) }, rsa), 'token_expired'],
    ['one with a changed word', async (issuer) => changed(await issuer.sign(alice, rsa))],
    ['one that is too long to be one', (issuer) => issuer.sign({ ...alice, x: 'x'.repeat(40_000) }, rsa)],
  ])('%s', async (_what, make, code = 'token_invalid') => {
    const issuer = await startIssuer(rsa, ec);
    const oct = { kty: 'oct', k: Buffer.alloc(32, 7).toString('base64url'), kid: 'oct', alg: 'HS256' };
    issuer.keys.push(oct, ed.jwk);
    const settings = settingsOf(issuer, { algorithms: ['RS256', 'ES256'] });
    const tokens = tokensOf([settings], { secret: JWT_SECRET });
    expect(await codeOf(tokens.verify(await issuer.sign(alice, rsa)))).toBe('taken');
    // The keys were read just now, so one that is not there is not there: without that, nobody could say.
    const fresh = tokensOf([settings], { secret: JWT_SECRET });
    expect(await codeOf(fresh.verify(await make(issuer)))).toBe(code);
  });

  const changed = (token: string): string => {
    const [header, , signature] = token.split('.');
    return `${header}.${part({ ...alice, iss: 'x' })}.${signature}`;
  };

  test('a setting that would let in too many', () => {
    const base = { issuer: 'https://id.example.com', audience: 'netbuild', domains: ['acme'] };
    const faults: [object, RegExp][] = [
      [{ ...base, audience: undefined }, /audience is missing/],
      [{ ...base, audience: [] }, /./],
      [{ ...base, domains: undefined }, /domains is missing/],
      [{ ...base, domains: [] }, /./],
      [{ ...base, domains: ['acme', 'beta'] }, /claims\.domain is missing/],
      [{ ...base, algorithms: ['HS256'] }, /./],
      [{ ...base, algorithms: ['none'] }, /./],
      [{ ...base, issuer: 'http://id.example.com' }, /over http/],
      [{ ...base, jwks: 'http://id.example.com/keys' }, /over http/],
      [{ ...base, issuer: 'http://localhost.example.com' }, /over http/],
      [{ ...base, jwks: 'file:///etc/passwd' }, /address/],
      [{ ...base, audiance: 'x' }, /audiance/],
    ];
    for (const [setting, words] of faults)
      expect(issuerList.safeParse([setting]).error?.issues[0]?.message, JSON.stringify(setting)).toMatch(
        words,
      );
    expect(issuerList.safeParse([base, base]).error?.issues[0]?.message).toMatch(/two issuers/);
    expect(issuerList.safeParse([{ ...base, issuer: 'http://keycloak:8080', insecure: true }]).success).toBe(
      true,
    );
  });
});
