import { LoginEnded, leaveProvider, type OpenIdTokens, type OpenIdWay, renew, takeAnswer } from './openid.ts';

/** A person who is signed in. */
export interface Session {
  token: string;
  userId: string;
  groups: string[];
  /** Epoch milliseconds. */
  issuedAt: number;
  expiresAt: number;
  /** Where it is from, unless it is the gateway's own. */
  openid?: { way: OpenIdWay; refresh?: string; id?: string };
}

/** How people sign in here. */
export interface LoginWays {
  password: boolean;
  openid?: OpenIdWay;
}

/** Why somebody is not signed in. */
export type SignInProblem =
  | 'wrong'
  | 'no_password'
  | 'no_provider'
  | 'failed'
  | 'unknown_person'
  | 'not_signed_in'
  | 'server_away'
  | 'provider_away';

const KEY = 'netbuild-workstream/session';

/** The session of this tab, if it still holds, or can be renewed. */
export function readSession(): Session | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Session | null;
    return kept && (kept.expiresAt > Date.now() || kept.openid?.refresh !== undefined) ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a session for this tab, or forgets it. */
export function keepSession(session: Session | undefined): void {
  if (session) sessionStorage.setItem(KEY, JSON.stringify(session));
  else sessionStorage.removeItem(KEY);
}

/**
 * The token of this tab's session; of one that has lived for half of its time, the next one.
 *
 * @returns nothing where the session is over: the gateway then refuses, and the app goes back to the login
 * @throws where the provider can not be reached
 */
export async function freshToken(): Promise<string> {
  const session = readSession();
  if (!session) return '';
  const { openid, issuedAt, expiresAt, token } = session;
  if (openid?.refresh === undefined || Date.now() < (issuedAt + expiresAt) / 2) return token;
  try {
    const next = renewed(session, openid.way, await renew(openid.way, openid.refresh));
    keepSession(next);
    return next.token;
  } catch (error) {
    if (!(error instanceof LoginEnded)) throw error;
    return '';
  }
}

/** How people sign in at this server; older ones know passwords alone. */
export async function askForWays(): Promise<LoginWays> {
  try {
    const response = await fetch('login');
    return response.ok ? ((await response.json()) as LoginWays) : { password: true };
  } catch {
    return { password: true };
  }
}

/**
 * Signs in by password.
 *
 * @returns the session, or why there is none.
 */
export async function signIn(user: string, password: string): Promise<Session | SignInProblem> {
  try {
    const response = await fetch('login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, password }),
    });
    if (response.status === 401) return 'wrong';
    if (response.status === 404) return 'no_password';
    if (!response.ok) return 'failed';
    const { expiresIn, ...session } = (await response.json()) as Omit<Session, 'issuedAt' | 'expiresAt'> & {
      expiresIn: number;
    };
    return { ...session, ...timesOf(expiresIn) };
  } catch {
    return 'server_away';
  }
}

/** Signs in with what the provider has sent somebody back with; answers as {@link signIn}. */
export async function signInFromProvider(): Promise<Session | SignInProblem> {
  try {
    const { openid: way } = await askForWays();
    if (!way) return 'no_provider';
    const tokens = await takeAnswer(way);
    const response = await fetch('v1/me', { headers: { authorization: `Bearer ${tokens.access}` } });
    if (!response.ok) return 'unknown_person';
    const { userId, groups } = (await response.json()) as Pick<Session, 'userId' | 'groups'>;
    return renewed({ userId, groups }, way, tokens);
  } catch (error) {
    if (error instanceof LoginEnded) return 'not_signed_in';
    return 'provider_away';
  }
}

/** Signs out, at the provider too. */
export async function signOut(): Promise<void> {
  const { openid } = readSession() ?? {};
  // What was being written in this tab goes, too: whoever signs in here next is somebody else.
  sessionStorage.clear();
  // Where the provider is away, the person is signed out here at least.
  if (openid) await leaveProvider(openid.way, openid.id).catch(() => undefined);
}

function renewed(
  { userId, groups, openid }: Pick<Session, 'userId' | 'groups' | 'openid'>,
  way: OpenIdWay,
  { access, refresh, id = openid?.id, expiresIn }: OpenIdTokens,
): Session {
  return {
    token: access,
    ...{ userId, groups },
    ...timesOf(expiresIn),
    openid: { way, ...(refresh === undefined ? {} : { refresh }), ...(id === undefined ? {} : { id }) },
  };
}

function timesOf(expiresIn: number): Pick<Session, 'issuedAt' | 'expiresAt'> {
  const issuedAt = Date.now();
  return { issuedAt, expiresAt: issuedAt + expiresIn * 1000 };
}
