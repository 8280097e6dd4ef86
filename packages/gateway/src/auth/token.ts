import { RealtimeError } from '@netbuild/realtime-protocol';
import { decodeJwt, errors } from 'jose';
import type { Actor } from './actor.ts';
import { createIssuer, type IssuerSettings, MOST_TOLERANCE, type Verify } from './issuers.ts';
import type { JwksOptions } from './jwks.ts';
import type { Revocations } from './revocations.ts';
import { createSharedSecret, type SharedSecret } from './shared-secret.ts';

/** Checks tokens, of whoever may make them, and mints those of the shared secret. */
export interface Tokens {
  /**
   * @throws {@link RealtimeError} `token_missing`, `token_invalid`, `token_expired`, `token_revoked`, or
   * `keys_unavailable` where nobody can say
   */
  verify(token: unknown): Promise<Actor>;
  /**
   * @param ttl seconds until it ends
   * @throws where there is no shared secret
   */
  mint: SharedSecret['mint'];
}

/** Whose tokens are taken. */
export interface TokensOptions {
  /** The shared secret of HS256 tokens; none: no such token is taken, nor minted. */
  secret?: string | undefined;
  issuers?: IssuerSettings[];
  /** Seconds that a token may live at most; none: as long as its maker says. */
  maxLife?: number | undefined;
  revocations?: Pick<Revocations, 'assertStands'>;
  jwks?: JwksOptions | undefined;
}

/** The longest token that is looked at, in characters: providers that put hundreds of groups in one need some thousand. */
const LONGEST = 32 * 1024;

/**
 * Makes the {@link Tokens} of a gateway. A token is checked as its `iss` says: by that issuer's keys and in its ways
 * alone, whatever its header says; one that names none of the issuers can only be of the shared secret.
 *
 * @param options a text: the shared secret alone
 * @example const tokens = createTokens({ secret: process.env.JWT_SECRET });
 */
export function createTokens(options: string | TokensOptions): Tokens {
  const given: TokensOptions = typeof options === 'string' ? { secret: options } : options;
  const { secret, issuers = [], maxLife, revocations, jwks } = given;
  const own = secret === undefined ? undefined : createSharedSecret(secret);
  const others = new Map(issuers.map((settings) => [settings.issuer, createIssuer(settings, jwks)]));

  /** Nothing that it reads is known to be true yet; it only says by what the token is to be checked. */
  function verifierOf(token: string): Verify {
    const { iss } = others.size > 0 ? decodeJwt(token) : {};
    const found = others.get(iss as string) ?? own?.verify;
    if (!found) throw new Error('nobody is known whose token this could be');
    return found;
  }

  return {
    async verify(token) {
      if (token === undefined || token === null || token === '') throw new RealtimeError('token_missing');
      if (typeof token !== 'string' || token.length > LONGEST) throw new RealtimeError('token_invalid');
      const actor = await checked(verifierOf, token);
      if (maxLife !== undefined && !(lifeOf(actor) <= maxLife + MOST_TOLERANCE)) {
        const message = 'The token lives longer than is allowed here, or does not say when it was issued.';
        throw new RealtimeError('token_invalid', { message });
      }
      await revocations?.assertStands(actor);
      return actor;
    },
    async mint(bearer, ttl) {
      if (!own) throw new Error('Tokens are minted with JWT_SECRET, and it is not set.');
      return own.mint(bearer, ttl);
    },
  };
}

async function checked(verifierOf: (token: string) => Verify, token: string): Promise<Actor> {
  try {
    return await verifierOf(token)(token);
  } catch (cause) {
    if (cause instanceof RealtimeError) throw cause;
    throw new RealtimeError(cause instanceof errors.JWTExpired ? 'token_expired' : 'token_invalid', {
      cause,
    });
  }
}

function lifeOf({ expires, issuedAt = Number.NaN }: Actor): number {
  return expires - issuedAt;
}

/** The token of an `Authorization: Bearer …` header. */
export function bearer(header: string | undefined): string | undefined {
  return /^Bearer (.+)$/i.exec(header ?? '')?.[1];
}
