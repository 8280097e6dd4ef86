import { z } from 'zod';
import type { Actor } from './actor.ts';

/** The name of a user, a domain, a group or a role. */
const name = z.string().min(1).max(64);

/** One name, or a list of them: some providers write a list of one as a text. */
const names = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(name).max(200).default([]),
);

const said = z.object({
  user: name,
  domain: name,
  groups: names,
  roles: names,
  rooms: z.array(z.string().min(1).max(255)).max(200).default([]),
  exp: z.number(),
  iat: z.number().optional(),
  jti: z.string().max(255).optional(),
  iss: z.string().max(2000).optional(),
});

/** Where a token says what. Several places: the first that says something. */
export interface ClaimPaths {
  user: string | string[];
  /** None: all are for the one domain that the reader was given. */
  domain?: string | string[] | undefined;
  groups?: string | undefined;
  roles?: string | undefined;
  /** Rooms that the token itself opens. */
  rooms?: string | undefined;
}

/** What a checked token says of its bearer. */
export type ReadClaims = (payload: Record<string, unknown>) => Actor;

/**
 * Makes the reader of one kind of token.
 *
 * @param only the domain that all of them are for, where they name none
 * @throws by the reader, if the token names no user or no domain, or something is no name
 */
export function createClaims(paths: ClaimPaths, only?: string): ReadClaims {
  const userOf = valueAt(paths.user);
  const domainOf = paths.domain === undefined ? () => only : valueAt(paths.domain);
  const groupsOf = valueAt(paths.groups);
  const rolesOf = valueAt(paths.roles);
  const roomsOf = valueAt(paths.rooms);
  return (payload) => {
    const { exp, iat, jti, iss } = payload;
    const { user, domain, groups, roles, rooms, ...token } = said.parse({
      user: userOf(payload),
      domain: domainOf(payload),
      groups: groupsOf(payload),
      roles: rolesOf(payload),
      rooms: roomsOf(payload),
      ...{ exp, iat, jti, iss },
    });
    return {
      userId: user,
      domainId: domain,
      groups,
      roles,
      rooms,
      expires: token.exp,
      issuedAt: token.iat,
      tokenId: token.jti,
      issuer: token.iss,
    };
  };
}

/**
 * Finds a claim by its name, or by the names on the way to it: `realm_access.roles`. A name goes before a way, since
 * the names of some providers are addresses with dots in them.
 *
 * @param paths of several the first that says something counts
 */
function valueAt(paths: string | string[] = []): (payload: object) => unknown {
  const ways = [paths].flat().flatMap((path) => (path.includes('.') ? [[path], path.split('.')] : [[path]]));
  return (payload) => {
    for (const way of ways) {
      let at: unknown = payload;
      for (const part of way)
        at =
          typeof at === 'object' && at !== null && Object.hasOwn(at, part)
            ? (at as Record<string, unknown>)[part]
            : undefined;
      if (at !== undefined && at !== null) return at;
    }
    return undefined;
  };
}
