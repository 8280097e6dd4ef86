import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { issuerList } from '../src/auth/issuers.ts';
import { createTokens } from '../src/auth/token.ts';
import { readConfig } from '../src/config/config.ts';
import { type IssuerKey, keyOf, startIssuer } from './support/issuer.ts';

const page = await readFile(new URL('../../../docs/identity.md', import.meta.url), 'utf8');

/** What the page gives as examples of ISSUERS, in its order. */
const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text!);

let key: IssuerKey;

beforeAll(async () => {
  key = await keyOf('RS256', 'k1');
});

/** Tokens as they come, by the example that they are for; cut to what matters here. */
const SHAPES = {
  Keycloak: {
    sub: 'd3b9d5c1-5d3e-4a2a-9f2e-2d7a4c1b8e55',
    typ: 'Bearer',
    azp: 'workstream',
    aud: ['netbuild', 'account'],
    realm_access: { roles: ['operations', 'offline_access'] },
    resource_access: { workstream: { roles: ['editor'] }, account: { roles: ['view-profile'] } },
    scope: 'openid profile',
    groups: ['developers', 'leads'],
    preferred_username: 'alice',
  },
  Entra: {
    aud: 'b3b7a0f4-31f0-4a0c-9d27-7c8f4c3d2e11',
    oid: '0c6f1a7e-1c3d-4c8a-8d54-5f0a4f1f0f4e',
    sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
    tid: '8f2c1a52-9f3e-4a57-9b0b-0f6e1f3f7a10',
    ver: '2.0',
    scp: 'access',
    preferred_username: 'alice@acme.example',
    roles: ['operations'],
    groups: ['4a1d0f0e-93c1-4b8f-9a57-0d5e4b6b7f21'],
  },
};

describe('The page on identity', () => {
  test.each<[string, number, object, object]>([
    [
      'Keycloak',
      0,
      SHAPES.Keycloak,
      { userId: 'alice', groups: ['developers', 'leads'], roles: ['operations', 'offline_access'] },
    ],
    [
      'Entra',
      1,
      SHAPES.Entra,
      { userId: 'alice@acme.example', groups: SHAPES.Entra.groups, roles: ['operations'] },
    ],
  ])('has an example for %s that takes its tokens', async (_name, n, claims, who) => {
    const [settings] = readConfig({ ISSUERS: examples[n] }).ISSUERS;
    const issuer = await startIssuer(key);
    // The keys of the test, in the name of the example's issuer.
    const tokens = createTokens({ issuers: [{ ...settings!, jwks: issuer.jwks }] });
    const token = await issuer.sign({ ...claims, iss: settings!.issuer }, key);
    expect(await tokens.verify(token)).toMatchObject({ ...who, domainId: 'acme' });
  });

  test('names each field of an issuer with its default', () => {
    const [, issuers = ''] = page.split('## An identity provider');
    const named = [...issuers.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    const [parsed] = issuerList.parse([{ issuer: 'https://a.example', audience: 'a', domains: ['d'] }]);
    const fields = [
      ...Object.keys({ jwks: 0, ...parsed }),
      ...Object.keys({ domain: 0, rooms: 0, ...parsed!.claims }),
    ];
    expect(new Set(named)).toEqual(new Set(fields));
    expect(issuers).toContain(`| \`clockTolerance\` | \`${parsed!.clockTolerance}\` |`);
    expect(issuers).toContain(JSON.stringify(parsed!.algorithms).replaceAll(',', ', '));
  });
});
