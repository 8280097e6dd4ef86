/** How the gateway says that people log in at an OpenID provider. */
export interface OpenIdWay {
  issuer: string;
  clientId: string;
  scope: string;
  /** The audience to ask tokens for, where the provider goes by that. */
  resource?: string;
}

/** What a provider gives. */
export interface OpenIdTokens {
  /** For the gateway. */
  access: string;
  /** Gets the next one; some providers take each once. */
  refresh?: string;
  /** Says at the logout whose it is. */
  id?: string;
  /** Seconds. */
  expiresIn: number;
}

/** The provider will not go on with this login; a new one is needed. */
export class LoginEnded extends Error {}

interface Provider {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  end_session_endpoint?: string;
}

/** What has to be remembered while a person is at the provider. */
interface Journey {
  state: string;
  verifier: string;
  /** Where they were. */
  hash: string;
}

const KEY = 'netbuild-workstream/journey';

/** Where the provider sends people back to. */
const here = () => `${location.origin}${location.pathname}`;

/** Goes to the provider. The page ends with it; the promise rejects where it can not be reached. */
export async function goToProvider(way: OpenIdWay): Promise<void> {
  const { authorization_endpoint } = await discover(way.issuer);
  const journey: Journey = { state: random(), verifier: random(), hash: location.hash };
  sessionStorage.setItem(KEY, JSON.stringify(journey));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(journey.verifier));
  location.assign(
    withQuery(authorization_endpoint, {
      response_type: 'code',
      client_id: way.clientId,
      redirect_uri: here(),
      scope: way.scope,
      state: journey.state,
      code_challenge: base64url(new Uint8Array(digest)),
      code_challenge_method: 'S256',
      ...resourceOf(way),
    }),
  );
}

/** Whether this page is where the provider has sent somebody back to. */
export function isBackFromProvider(): boolean {
  const said = new URLSearchParams(location.search);
  return said.has('state') && (said.has('code') || said.has('error'));
}

/**
 * Takes what the provider has sent somebody back with, once, and cleans the address.
 *
 * @throws {@link LoginEnded} if it is not the answer to this tab's question, or the provider said no
 */
export async function takeAnswer(way: OpenIdWay): Promise<OpenIdTokens> {
  const said = new URLSearchParams(location.search);
  const journey = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Journey | null;
  sessionStorage.removeItem(KEY);
  history.replaceState(null, '', `${location.pathname}${journey?.hash ?? ''}`);
  const code = said.get('code');
  // A link that somebody else has made would sign this person in as them.
  const isOurs = journey !== null && said.get('state') === journey.state;
  // An answer of another provider must not have its code sent to this one (RFC 9207).
  const isTheirs = (said.get('iss') ?? way.issuer) === way.issuer;
  if (!isOurs || !isTheirs || code === null) throw new LoginEnded(said.get('error') ?? 'not asked for');
  return askForTokens(way, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: here(),
    code_verifier: journey.verifier,
  });
}

/** @throws {@link LoginEnded} if the provider gives nothing more for it */
export async function renew(way: OpenIdWay, refresh: string): Promise<OpenIdTokens> {
  const given = await askForTokens(way, { grant_type: 'refresh_token', refresh_token: refresh });
  // One that is not replaced goes on.
  return { refresh, ...given };
}

/** Goes to the provider to end the login there too. Where there is no such page, nothing happens. */
export async function leaveProvider(way: OpenIdWay, id: string | undefined): Promise<void> {
  const { end_session_endpoint: endpoint } = await discover(way.issuer);
  if (!endpoint) return;
  const hint: Record<string, string> = id === undefined ? {} : { id_token_hint: id };
  location.assign(
    withQuery(endpoint, { client_id: way.clientId, post_logout_redirect_uri: here(), ...hint }),
  );
}

async function askForTokens(way: OpenIdWay, asked: Record<string, string>): Promise<OpenIdTokens> {
  const { token_endpoint } = await discover(way.issuer);
  const response = await fetch(token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({ client_id: way.clientId, ...asked, ...resourceOf(way) }),
  });
  if (response.status >= 400 && response.status < 500) throw new LoginEnded(`${response.status}`);
  if (!response.ok) throw new Error(`The provider answers ${response.status}.`);
  const given = (await response.json()) as {
    access_token: string;
    refresh_token?: string;
    id_token?: string;
    expires_in?: number;
  };
  return {
    access: given.access_token,
    expiresIn: given.expires_in ?? 300,
    ...(given.refresh_token === undefined ? {} : { refresh: given.refresh_token }),
    ...(given.id_token === undefined ? {} : { id: given.id_token }),
  };
}

async function discover(issuer: string): Promise<Provider> {
  const response = await fetch(`${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`);
  const provider = (await response.json()) as Provider;
  if (!response.ok || provider.issuer !== issuer) throw new Error(`There is no provider at ${issuer}.`);
  return provider;
}

const resourceOf = ({ resource }: OpenIdWay): Record<string, string> =>
  resource === undefined ? {} : { resource };

function withQuery(address: string, values: Record<string, string>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
  return url.href;
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (c) => ({ '+': '-', '/': '_' })[c] ?? '');
}
