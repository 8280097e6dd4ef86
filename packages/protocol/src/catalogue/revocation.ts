import { z } from 'zod';
import type { Change } from '../fact.ts';
import { REVOKED, type Room } from '../room.ts';
import { type Subject, subject } from '../subject.ts';
import { defined } from './change.ts';
import { typesOf } from './entry.ts';
import { id, time } from './fields.ts';

/** Epoch seconds, as tokens have them. */
const seconds = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const revoked = {
  /** The domain of the tokens. */
  domain: z.string().min(1).max(64),
  /** The id (`jti`) of the one token. */
  token: id.optional(),
  /** Whose tokens; neither this nor `token`: everybody's in the domain. */
  user: z.string().min(1).max(64).optional(),
  /** Those that were issued before, in epoch seconds; a token that does not say when it was issued is among them. */
  before: seconds.optional(),
};

const revocationData = z.object({
  ...revoked,
  /** When it was told. */
  revoked: time,
  /** All of these tokens have ended by themselves since. */
  over: z.literal(true).optional(),
});

/** Tokens that are valid no more, though they have not ended. */
export type RevocationData = z.infer<typeof revocationData>;

/** What tokens a revocation is of: its row's name, so that one who is revoked twice has one row. */
export type Revoked = Pick<RevocationData, 'domain' | 'token' | 'user'>;

/** Names the row of a revocation. */
export function revocationSubject({ domain, token, user }: Revoked): Subject {
  const of = token !== undefined ? `token/${token}` : user !== undefined ? `user/${user}` : 'all';
  // Half a surrogate pair has no bytes that could be written.
  return subject('revocation', `${encodeURIComponent(domain.toWellFormed())}/${of}`);
}

/** Revocations. In a room that nobody can enter, by which each node hears of them. */
export const revocation = {
  kind: 'revocation' as const,
  data: revocationData,
  rooms: (): Room[] => [REVOKED],
  isOpen: ({ over }: RevocationData) => over !== true,
};

const type = typesOf(revocation);

/** The types of event that revocations have. */
export const revocationTypes = [
  type({
    type: 'revocation:made',
    doc: 'A token, or all that were issued to a user or in a domain before a time, are valid no more.',
    publishable: false,
    fact: z.object(revoked).refine(({ token, before }) => (token === undefined) !== (before === undefined), {
      message: 'Say either a token, or before which time those of a user or of all were issued.',
    }),
    fold: ({ data, time }, rows): Change[] => {
      const name = revocationSubject(data);
      const known = rows<RevocationData>(name);
      // Whoever revokes less takes nothing back.
      if (known && !known.over && (known.before ?? 0) >= (data.before ?? 0)) return [];
      return [{ type: 'revocation:made', subject: name, data: defined({ ...data, revoked: time }) }];
    },
  }),
  type({
    type: 'revocation:over',
    doc: 'All tokens of a revocation have ended by themselves.',
    publishable: false,
    /** As it was seen: what was revoked anew meanwhile goes on. */
    fact: revocationData,
    fold: ({ data }, rows): Change[] => {
      const name = revocationSubject(data);
      const known = rows<RevocationData>(name);
      if (!known || known.over || known.revoked !== data.revoked) return [];
      return [{ type: 'revocation:over', subject: name, data: { ...known, over: true } }];
    },
  }),
];
