import { RealtimeError } from '@netbuild/realtime-protocol';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Actor } from './actor.ts';

const name = z.string().min(1).max(64);
const claims = z
  .object({
    sub: name.optional(),
    userId: name.optional(),
    domain: name.optional(),
    domainId: name.optional(),
    groups: z.array(name).max(200).default([]),
    roles: z.array(name).max(200).default([]),
    rooms: z.array(z.string().min(1).max(255)).max(200).default([]),
    exp: z.number(),
    iat: z.number().optional(),
    jti: z.string().max(255).optional(),
    iss: z.string().max(2000).optional(),
  })
  .refine((said) => said.sub ?? said.userId, 'The token names no user (sub or userId).')
  .refine((said) => said.domain ?? said.domainId, 'The token names no domain (domain or domainId).');

/** Checks and mints the tokens of one shared secret. */
export interface Tokens {
  /** @throws {@link RealtimeError} `token_missing`, `token_invalid` or `token_expired` */
  verify(token: unknown): Promise<Actor>;
  /** @param ttl seconds until it ends */
  mint(bearer: { userId: string; domainId: string; groups: string[] }, ttl: number): Promise<string>;
}

/**
 * Tokens by HS256 and a shared secret; no other algorithm is accepted, and every token must end.
 *
 * @param secret at least 32 bytes (RFC 7518, 3.2: a key as long as the hash)
 */
export function createTokens(secret: string): Tokens {
  const key = new TextEncoder().encode(secret);
  return {
    async verify(token) {
      if (token === undefined || token === null || token === '') throw new RealtimeError('token_missing');
      if (typeof token !== 'string') throw new RealtimeError('token_invalid');
      try {
        const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], requiredClaims: ['exp'] });
        const said = claims.parse(payload);
        return {
          userId: (said.sub ?? said.userId)!,
          domainId: (said.domain ?? said.domainId)!,
          groups: said.groups,
          roles: said.roles,
          rooms: said.rooms,
          expires: said.exp,
          issuedAt: said.iat,
          tokenId: said.jti,
          issuer: said.iss,
        };
      } catch (error) {
        throw new RealtimeError(error instanceof errors.JWTExpired ? 'token_expired' : 'token_invalid', {
          cause: error,
        });
      }
    },
    mint: ({ userId, domainId, groups }, ttl) =>
      new SignJWT({ domain: domainId, groups })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(userId)
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + ttl)
        .sign(key),
  };
}

/** The token of an `Authorization: Bearer …` header. */
export function bearer(header: string | undefined): string | undefined {
  return /^Bearer (.+)$/i.exec(header ?? '')?.[1];
}
