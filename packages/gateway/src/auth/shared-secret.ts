import { randomUUID, webcrypto } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { createClaims } from './claims.ts';
import type { Verify } from './issuers.ts';

/** Mints and checks the tokens of one shared secret. */
export interface SharedSecret {
  verify: Verify;
  /** @param ttl seconds until it ends */
  mint(
    bearer: { userId: string; domainId: string; groups: string[]; roles?: string[] },
    ttl: number,
  ): Promise<string>;
}

/**
 * Tokens by HS256 and a shared secret; no other algorithm is accepted, and every token must end.
 *
 * @param secret at least 32 bytes (RFC 7518, 3.2: a key as long as the hash)
 */
export function createSharedSecret(secret: string): SharedSecret {
  // Imported once: jose would do it anew for each token.
  const key = webcrypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign', 'verify'],
  );
  const read = createClaims({
    user: ['sub', 'userId'],
    domain: ['domain', 'domainId'],
    groups: 'groups',
    roles: 'roles',
    rooms: 'rooms',
  });
  return {
    async verify(token) {
      const { payload } = await jwtVerify(token, await key, {
        algorithms: ['HS256'],
        requiredClaims: ['exp'],
      });
      return read(payload);
    },
    mint: async ({ userId, domainId, groups, roles = [] }, ttl) =>
      new SignJWT({ domain: domainId, groups, ...(roles.length > 0 ? { roles } : {}) })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(userId)
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + ttl)
        .sign(await key),
  };
}
