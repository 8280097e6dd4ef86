import { RealtimeError } from '@netbuild/realtime-protocol';
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** Where the keys of an issuer are. */
export interface JwksSource {
  /** Its name, as its tokens have it (`iss`). */
  issuer: string;
  /** The address of its keys; none: asked of its discovery document (OpenID Connect Discovery 1.0, RFC 8414). */
  jwks?: string | undefined;
}

/** What may be set; tests are quicker than providers. */
export interface JwksOptions {
  /** Milliseconds after which keys are asked for again, so that those that were withdrawn count no more. */
  freshFor?: number;
  /** Milliseconds between two questions, however many unknown keys are named meanwhile. */
  cooldown?: number;
  /** Milliseconds for which keys go on while the issuer can not be reached. */
  keepFor?: number;
  /** Milliseconds that the issuer has to answer. */
  within?: number;
  /** Hears why the keys could not be had. */
  onFailure?: (error: unknown) => void;
}

/** The largest answer that is read, in bytes; a set of keys has some thousand. */
const MOST_BYTES = 256 * 1024;

type Keys = ReturnType<typeof createLocalJWKSet>;

/**
 * Finds the keys of one issuer, and keeps them.
 *
 * An unknown key id is asked for, since keys are rotated; who makes up ids costs the issuer one question a cooldown.
 * While the issuer can not be reached, the keys that are known go on, for a day; an unknown one is then a
 * `keys_unavailable`, which is retryable, since nobody can say that the token is wrong.
 *
 * @throws {@link RealtimeError} `token_invalid` for a key that the issuer does not have, `keys_unavailable`
 */
export function createJwks(
  source: JwksSource,
  {
    freshFor = 600_000,
    cooldown = 10_000,
    keepFor = 86_400_000,
    within = 5000,
    onFailure = () => undefined,
  }: JwksOptions = {},
): JWTVerifyGetKey {
  let keys: Keys | undefined;
  let ids: ReadonlySet<string> = new Set();
  let readAt = Number.NEGATIVE_INFINITY;
  let askedAt = Number.NEGATIVE_INFINITY;
  let hasFailed = false;
  let asking: Promise<boolean> | undefined;

  async function ask(): Promise<boolean> {
    try {
      const jwks = await read(source, within);
      keys = createLocalJWKSet(jwks);
      ids = new Set(jwks.keys.map(({ kid = '' }) => kid));
      readAt = performance.now();
      hasFailed = false;
    } catch (error) {
      hasFailed = true;
      onFailure(error);
    }
    askedAt = performance.now();
    asking = undefined;
    return !hasFailed;
  }

  /** @returns whether the keys were read just now; not where that has failed, or was tried a moment ago */
  async function refresh(): Promise<boolean> {
    if (!asking && performance.now() - askedAt < cooldown) return false;
    asking ??= ask();
    return asking;
  }

  return async (header, token) => {
    const { kid } = header ?? {};
    // Without it every key would have to be tried, and a key that is gone could not be told from a wrong one.
    if (typeof kid !== 'string' || kid === '') throw new RealtimeError('token_invalid');
    const isKnown = () => ids.has(kid) && performance.now() - readAt < keepFor;
    let isRead = false;
    if (!isKnown() || performance.now() - readAt > freshFor) {
      const reading = refresh();
      // Nobody waits again for an issuer that did not answer the last time, if its key is here.
      if (!isKnown() || !hasFailed) isRead = await reading;
    }
    if (keys && isKnown()) return keys(header, token);
    if (isRead) throw new RealtimeError('token_invalid');
    const retryAfter = Math.max(0, Math.ceil(askedAt + cooldown - performance.now()));
    throw new RealtimeError('keys_unavailable', { retryAfter });
  };
}

/** @throws where they are not to be had, or are none */
async function read({ issuer, jwks }: JwksSource, within: number): Promise<JSONWebKeySet> {
  const signal = AbortSignal.timeout(within);
  const keys = await json(jwks ?? (await discovered(issuer, signal)), signal);
  const isSet = Array.isArray(keys.keys) && keys.keys.every((key) => typeof key === 'object' && key !== null);
  if (!isSet) throw new Error('the keys are no JSON Web Key Set');
  return keys as unknown as JSONWebKeySet;
}

async function discovered(issuer: string, signal: AbortSignal): Promise<string> {
  const found = await json(`${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`, signal);
  // Who answers in the name of another one could hand out keys for it (RFC 8414, 3.3).
  if (found.issuer !== issuer) throw new Error('the discovery document is of another issuer');
  const { jwks_uri: address } = found;
  const isSafe =
    typeof address === 'string' && (address.startsWith('https://') || issuer.startsWith('http://'));
  if (!isSafe) throw new Error('the discovery document names no safe address of keys');
  return address;
}

/** An answer in JSON. A redirect is a failure: keys come from the address that was named, and from no other. */
async function json(url: string, signal: AbortSignal): Promise<Record<string, unknown>> {
  const answer = await fetch(url, { redirect: 'error', signal, headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`the issuer answers ${answer.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) throw new Error('the answer of the issuer is too large');
    chunks.push(chunk);
  }
  const found: unknown = JSON.parse(Buffer.concat(chunks).toString());
  if (typeof found !== 'object' || found === null) throw new Error('the answer of the issuer is no object');
  return found as Record<string, unknown>;
}
