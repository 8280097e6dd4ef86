import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';

/** A key of an issuer. */
export interface IssuerKey {
  kid: string;
  alg: string;
  privateKey: CryptoKey;
  jwk: JWK;
}

/** Makes a key. */
export async function keyOf(alg: string, kid: string): Promise<IssuerKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** Somebody who makes tokens and shows the keys to them, on a server of its own. */
export interface TestIssuer {
  issuer: string;
  audience: string;
  jwks: string;
  /** What it shows. */
  keys: JWK[];
  /** How often it was asked for its keys. */
  asked: number;
  /** How it answers in place of its keys, while there is something. */
  instead: ((response: ServerResponse, request: IncomingMessage) => void) | undefined;
  sign(claims: object, key: IssuerKey, header?: object): Promise<string>;
}

/** Seconds of the epoch, so many from now. */
export const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

/** Starts an issuer with these keys; it ends with the test. */
export async function startIssuer(...keys: IssuerKey[]): Promise<TestIssuer> {
  const server = createServer((request, response) => {
    const isDiscovery = request.url === '/.well-known/openid-configuration';
    if (!isDiscovery) self.asked++;
    if (self.instead) return self.instead(response, request);
    const said = isDiscovery ? { issuer: self.issuer, jwks_uri: self.jwks } : { keys: self.keys };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(said));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const self: TestIssuer = {
    issuer,
    audience: 'netbuild',
    jwks: `${issuer}/keys`,
    keys: keys.map(({ jwk }) => jwk),
    asked: 0,
    instead: undefined,
    sign: (claims, { alg, kid, privateKey }, header = {}) =>
      new SignJWT({ iss: issuer, aud: 'netbuild', iat: inSeconds(0), exp: inSeconds(60), ...claims })
        .setProtectedHeader({ alg, kid, ...header })
        .sign(privateKey, { crit: { x: true } }),
  };
  return self;
}
