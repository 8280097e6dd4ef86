import {
  type RevocationData,
  type Revoked,
  revocationSubject,
  type Subject,
} from '@netbuild/realtime-protocol';
import type { Actor } from './actor.ts';
import { MOST_TOLERANCE } from './issuers.ts';

/** The tokens that are valid no more, as far as they are known here. */
export interface RevokedTokens {
  /** Takes in a revocation; what is known of more tokens goes on. */
  add(revocation: RevocationData): void;
  /** Whether an actor's token is among them. */
  covers(actor: Actor): boolean;
  /** Drops those whose tokens have all ended by themselves, and returns them. */
  prune(): RevocationData[];
  values(): Iterable<RevocationData>;
  readonly size: number;
}

/** @param maxLife seconds that a token may live at most; none: nobody knows when the last one ends, so all are kept */
export function createRevokedTokens(maxLife: number | undefined): RevokedTokens {
  const known = new Map<Subject, RevocationData>();

  const isAmong = (of: Revoked, issuedAt = 0): boolean => {
    const found = known.get(revocationSubject(of));
    return found !== undefined && (found.before === undefined || issuedAt < found.before);
  };

  const isOver = ({ before, revoked }: RevocationData): boolean =>
    maxLife !== undefined &&
    (before ?? Date.parse(revoked) / 1000) + maxLife + 2 * MOST_TOLERANCE < Date.now() / 1000;

  return {
    add(revocation) {
      const name = revocationSubject(revocation);
      const before = known.get(name)?.before ?? 0;
      if (!revocation.over && (revocation.before ?? 0) >= before) known.set(name, revocation);
    },
    covers({ domainId: domain, userId: user, tokenId: token, issuedAt }) {
      return (
        isAmong({ domain }, issuedAt) ||
        isAmong({ domain, user }, issuedAt) ||
        (token !== undefined && isAmong({ domain, token }))
      );
    },
    prune() {
      const over = [...known].filter(([, revocation]) => isOver(revocation));
      for (const [name] of over) known.delete(name);
      return over.map(([, revocation]) => revocation);
    },
    values: () => known.values(),
    get size() {
      return known.size;
    },
  };
}
