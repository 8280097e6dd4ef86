import { RealtimeError } from '@netbuild/realtime-protocol';
import { z } from 'zod';
import { isSameSecret } from './secret.ts';
import type { Tokens } from './token.ts';

/** People that the gateway itself can log in: for the demo and development, not for production. */
export const userList = z.array(
  z.object({
    user: z.string().min(1).max(64),
    password: z.string().min(4),
    groups: z.array(z.string().min(1).max(64)).default([]),
    roles: z.array(z.string().min(1).max(64)).default([]),
    /** Left out: the default domain. */
    domain: z.string().min(1).max(64).optional(),
  }),
);

/** People that the gateway itself can log in. */
export type UserList = z.infer<typeof userList>;

/** Seconds that a login lasts. */
const LOGIN_TTL = 8 * 60 * 60;

/** What a login gives. */
export interface Login {
  token: string;
  userId: string;
  groups: string[];
  /** Seconds. */
  expiresIn: number;
}

/** Logs in by user and password. */
export function createLogin(users: UserList, tokens: Tokens, defaultDomain: string) {
  return async (name: string, password: string): Promise<Login> => {
    const found = users.find(({ user }) => user === name);
    // An unknown user takes the same comparison as a known one.
    const isRight = isSameSecret(password, found?.password ?? '\u0000');
    if (!found || !isRight) throw new RealtimeError('login_failed');
    const { user: userId, groups, roles, domain: domainId = defaultDomain } = found;
    return {
      token: await tokens.mint({ userId, domainId, groups, roles }, LOGIN_TTL),
      userId,
      groups,
      expiresIn: LOGIN_TTL,
    };
  };
}
