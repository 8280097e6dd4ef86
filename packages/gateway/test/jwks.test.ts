import { beforeAll, expect, test } from 'vitest';
import { issuerList } from '../src/auth/issuers.ts';
import type { JwksOptions } from '../src/auth/jwks.ts';
import { createTokens } from '../src/auth/token.ts';
import { type IssuerKey, keyOf, startIssuer, type TestIssuer } from './support/issuer.ts';

let first: IssuerKey;
let second: IssuerKey;

beforeAll(async () => {
  [first, second] = await Promise.all([keyOf('ES256', 'first'), keyOf('ES256', 'second')]);
});

/** What becomes of a token that is signed by a key of an issuer. */
function checking(issuer: TestIssuer, jwks: JwksOptions, more: object = {}) {
  const { audience, jwks: address } = issuer;
  const settings = { issuer: issuer.issuer, audience, jwks: address, domains: ['acme'], ...more };
  const tokens = createTokens({ issuers: issuerList.parse([settings]), jwks });
  return async (key: IssuerKey, header: object = {}) =>
    tokens.verify(await issuer.sign({ sub: 'alice' }, key, header)).then(
      () => ({ code: 'taken' }),
      (error: { code: string; retryAfter?: number }) => error,
    );
}

test('a key that is new is found by the first token that names it, however many name it at once', async () => {
  const issuer = await startIssuer(first);
  const check = checking(issuer, { cooldown: 0 });
  expect(await check(first)).toMatchObject({ code: 'taken' });
  issuer.keys.push(second.jwk);
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => check(second)));
  expect(outcomes).toEqual(outcomes.map(() => ({ code: 'taken' })));
  expect(issuer.asked).toBeLessThanOrEqual(3);
});

test('a key that was withdrawn counts no more once the keys are asked for again', async () => {
  const issuer = await startIssuer(first);
  const check = checking(issuer, { freshFor: 0, cooldown: 0 });
  expect(await check(first)).toMatchObject({ code: 'taken' });
  issuer.keys = [second.jwk];
  expect(await check(first)).toMatchObject({ code: 'token_invalid' });
});

test('who makes up ids of keys costs one question a cooldown, and is told when to ask again', async () => {
  const issuer = await startIssuer(first);
  const check = checking(issuer, { cooldown: 60_000 });
  await check(first);
  for (let i = 0; i < 20; i++) {
    const refused = await check(second, { kid: `made up ${i}` });
    // It may have come with the last rotation: nobody can say before the next question.
    expect(refused).toMatchObject({ code: 'keys_unavailable', retryAfter: expect.any(Number) });
    expect((refused as { retryAfter: number }).retryAfter).toBeLessThanOrEqual(60_000);
  }
  expect(issuer.asked).toBe(1);
  expect(await check(first)).toMatchObject({ code: 'taken' });
});

test('while the issuer can not be reached known keys go on, unknown ones are asked for again, and it comes back', async () => {
  const issuer = await startIssuer(first);
  const check = checking(issuer, { freshFor: 0, cooldown: 0 });
  await check(first);
  issuer.instead = (response) => response.destroy();
  for (let i = 0; i < 3; i++) expect(await check(first)).toMatchObject({ code: 'taken' });
  expect(await check(second)).toMatchObject({ code: 'keys_unavailable' });
  issuer.instead = undefined;
  issuer.keys.push(second.jwk);
  expect(await check(second)).toMatchObject({ code: 'taken' });
});

test('known keys go on for a while alone', async () => {
  const issuer = await startIssuer(first);
  const check = checking(issuer, { freshFor: 0, cooldown: 0, keepFor: 0 });
  issuer.instead = (response) => response.destroy();
  expect(await check(first)).toMatchObject({ code: 'keys_unavailable' });
});

test('an issuer that does not answer is waited for once, and not by those whose key is known', async () => {
  const issuer = await startIssuer(first);
  const check = checking(issuer, { freshFor: 0, cooldown: 0, within: 200 });
  await expect.poll(() => check(first)).toMatchObject({ code: 'taken' });
  let hanging = 0;
  issuer.instead = () => void hanging++;
  expect(await check(first)).toMatchObject({ code: 'taken' });
  expect(hanging).toBe(1);
  // The next question hangs, too; nobody waits for it.
  expect(await check(first)).toMatchObject({ code: 'taken' });
  expect(await check(second)).toMatchObject({ code: 'keys_unavailable' });
});

test.each<[string, NonNullable<TestIssuer['instead']>]>([
  ['a redirect', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ['an error', (response) => response.writeHead(500).end('{"keys":[]}')],
  ['what is no JSON', (response) => response.end('<html>')],
  ['what are no keys', (response) => response.end('{"keys":{}}')],
  ['nothing', (response) => response.end('null')],
  ['far too much', (response) => response.end(`{"keys":[],"x":"${'x'.repeat(300_000)}"}`)],
])('%s in place of keys is none, and can be asked for again', async (_what, instead) => {
  const issuer = await startIssuer(first);
  const check = checking(issuer, { cooldown: 0 });
  issuer.instead = instead;
  expect(await check(first)).toMatchObject({ code: 'keys_unavailable' });
  issuer.instead = undefined;
  expect(await check(first)).toMatchObject({ code: 'taken' });
});

test('a redirect to keys that would fit is not followed', async () => {
  const [issuer, other] = [await startIssuer(second), await startIssuer(first)];
  issuer.instead = (response) => response.writeHead(302, { location: other.jwks }).end();
  expect(await checking(issuer, { cooldown: 0 })(first)).toMatchObject({ code: 'keys_unavailable' });
  expect(other.asked).toBe(0);
});

test('a discovery document in the name of another issuer is none', async () => {
  const issuer = await startIssuer(first);
  const check = checking(issuer, { cooldown: 0 }, { jwks: undefined });
  issuer.instead = (response) =>
    response.end(JSON.stringify({ issuer: 'https://example.com', jwks_uri: issuer.jwks }));
  expect(await check(first)).toMatchObject({ code: 'keys_unavailable' });
  issuer.instead = undefined;
  expect(await check(first)).toMatchObject({ code: 'taken' });
});
