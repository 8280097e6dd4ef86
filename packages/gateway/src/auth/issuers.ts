import { jwtVerify } from 'jose';
import { z } from 'zod';
import type { Actor } from './actor.ts';
import { createClaims } from './claims.ts';
import { createJwks, type JwksOptions } from './jwks.ts';

/** The longest that an issuer's clock may differ, in seconds. */
export const MOST_TOLERANCE = 300;

const address = z.url({ protocol: /^https?$/, error: 'must be the address of the issuer, https://…' });
const path = z.string().min(1).max(200);
const domain = z.string().min(1).max(64);

const issuer = z
  .strictObject({
    issuer: address,
    audience: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
      error: 'audience is missing: for whom its tokens have to be made',
    }),
    jwks: address.optional(),
    algorithms: z
      .array(z.enum(['RS256', 'ES256', 'EdDSA']))
      .min(1)
      .default(['RS256', 'ES256', 'EdDSA']),
    clockTolerance: z.number().int().min(0).max(MOST_TOLERANCE).default(5),
    domains: z.union([z.array(domain).min(1), z.record(z.string().min(1), domain)], {
      error: 'domains is missing: those that it may speak for',
    }),
    claims: z
      .strictObject({
        user: path.default('sub'),
        domain: path.optional(),
        groups: path.default('groups'),
        roles: path.default('roles'),
        rooms: path.optional(),
      })
      .prefault({}),
    insecure: z.boolean().default(false),
  })
  .refine(({ domains, claims }) => claims.domain !== undefined || namesOf(domains).length === 1, {
    error: 'claims.domain is missing: of several domains, where does a token say which one it is for?',
  })
  .refine(({ issuer, jwks = issuer, insecure }) => insecure || (isSafe(issuer) && isSafe(jwks)), {
    error: 'keys that come over http:// can be anybody\'s: use https://, or say "insecure": true',
  });

/** The setting ISSUERS. */
export const issuerList = z
  .array(issuer)
  .refine((list) => new Set(list.map((one) => one.issuer)).size === list.length, 'two issuers have one name');

/** Somebody whose tokens are taken here. */
export type IssuerSettings = z.output<typeof issuer>;

/**
 * Checks the tokens of one maker.
 *
 * @throws whatever is wrong with the token, as the checking library says it
 */
export type Verify = (token: string) => Promise<Actor>;

/** Makes the check of one issuer's tokens: by its keys, for this audience, in the domains that it may speak for. */
export function createIssuer(settings: IssuerSettings, options?: JwksOptions): Verify {
  const { issuer, audience, clockTolerance, domains, claims } = settings;
  const known = new Map(Array.isArray(domains) ? domains.map((one) => [one, one]) : Object.entries(domains));
  // Of a key of this kind, both names are the same signature (RFC 9864).
  const algorithms = settings.algorithms.flatMap((one) => (one === 'EdDSA' ? [one, 'Ed25519'] : [one]));
  const keys = createJwks(settings, options);
  const read = createClaims(claims, known.keys().next().value);
  const expected = { issuer, audience, algorithms, clockTolerance, requiredClaims: ['exp'] };

  return async (token) => {
    const { payload } = await jwtVerify(token, keys, expected);
    const actor = read(payload);
    const domainId = known.get(actor.domainId);
    if (domainId === undefined) throw new Error('the issuer does not speak for this domain');
    // So long it is taken, so long the connection lives.
    return { ...actor, domainId, expires: actor.expires + clockTolerance };
  };
}

function namesOf(domains: string[] | Record<string, string>): string[] {
  return Array.isArray(domains) ? domains : Object.keys(domains);
}

/** Whether what comes from there is from there: nobody stands between this process and its own machine. */
function isSafe(url: string): boolean {
  return /^https:|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/.test(url);
}
