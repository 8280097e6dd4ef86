/** A person who is signed in. */
export interface Session {
  token: string;
  userId: string;
  groups: string[];
  /** Epoch milliseconds. */
  expiresAt: number;
}

const KEY = 'netbuild-workstream/session';

/** The session of this tab, if it still holds. */
export function readSession(): Session | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Session | null;
    return kept && kept.expiresAt > Date.now() ? kept : undefined;
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
 * Signs in.
 *
 * @returns the session, or a sentence that says why not.
 */
export async function signIn(user: string, password: string): Promise<Session | string> {
  try {
    const response = await fetch('login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, password }),
    });
    if (response.status === 401) return 'User or password is wrong.';
    if (response.status === 404) return 'This server does not sign people in by password.';
    if (!response.ok) return 'The server could not sign you in. Please try again.';
    const { token, userId, groups, expiresIn } = (await response.json()) as Omit<Session, 'expiresAt'> & {
      expiresIn: number;
    };
    return { token, userId, groups, expiresAt: Date.now() + expiresIn * 1000 };
  } catch {
    return 'The server can not be reached. Please check your connection and try again.';
  }
}
