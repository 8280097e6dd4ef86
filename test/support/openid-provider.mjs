import { createServer } from 'node:http';
import Provider from 'oidc-provider';

/** What the gateway is called as an audience. */
export const AUDIENCE = 'urn:netbuild:gateway';

/** Who can log in, and what their tokens say. */
const PEOPLE = {
  alice: { groups: ['developers'], roles: ['operations'] },
  bob: { groups: ['leads'], roles: [] },
};

/**
 * Starts a real OpenID provider on loopback: authorization code with PKCE, refresh tokens that are used once, logout,
 * and access tokens as JWTs for the gateway.
 *
 * @param {{ redirectUris: string[], accessTokenLife?: number }} options `accessTokenLife` in seconds
 */
export async function startOpenIdProvider({ redirectUris, accessTokenLife = 60 }) {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const origins = redirectUris.map((uri) => new URL(uri).origin);
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'workstream',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: redirectUris,
        post_logout_redirect_uris: redirectUris,
      },
    ],
    cookies: { keys: ['a key for the cookies of a test'] },
    pkce: { required: () => true },
    clientBasedCORS: (_ctx, origin) => origins.includes(origin),
    findAccount: (_ctx, accountId) =>
      Object.hasOwn(PEOPLE, accountId) && { accountId, claims: async () => ({ sub: accountId }) },
    extraTokenClaims: (_ctx, token) => ({ ...PEOPLE[token.accountId], tenant: 'default' }),
    issueRefreshToken: async (_ctx, client, code) =>
      client.grantTypeAllowed('refresh_token') && code.scopes.has('openid'),
    rotateRefreshToken: true,
    ttl: {
      AccessToken: accessTokenLife,
      IdToken: 60,
      RefreshToken: 600,
      Session: 600,
      Grant: 600,
      Interaction: 60,
    },
    features: {
      devInteractions: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => ({
          audience: resource,
          scope: '',
          accessTokenTTL: accessTokenLife,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
  server.on('request', provider.callback());
  return {
    issuer,
    provider,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
