import { type RevocationData, revocationSubject, type Subject } from '@netbuild/realtime-protocol';
import type { Actor } from './actor.ts';
import { MOST_TOLERANCE } from './issuers.ts';

/** The tokens that are valid no more, as far as they are known here. */
export interface RevokedTokens {
  /** Takes in a revocation; what is known of more tokens goes on. */
  add(revocation: RevocationData): void;
  /** Whether an actor's token is among them. */
  covers(actor: Actor): boolean;
  /** Drops those that are needed no more, and returns them. */
  prune(): RevocationData[];
  values(): Iterable<RevocationData>;
  readonly size: number;
}

/** Whether a token is one of those that a revocation is of. */
export function isRevokedBy(revocation: RevocationData, actor: Actor): boolean {
  const { domain, token, user, before, over } = revocation;
  return (
    !over &&
    domain === actor.domainId &&
    (token === undefined || token === actor.tokenId) &&
    (user === undefined || user === actor.userId) &&
    (before === undefined || (actor.issuedAt ?? 0) < before)
  );
}

/** @param maxLife seconds that a token may live at most; none: nobody knows when the last one ends, so all are kept */
export function createRevokedTokens(maxLife: number | undefined): RevokedTokens {
  const known = new Map<Subject, RevocationData>();

  /** All of its tokens were issued before this time, in epoch seconds; a token that is named was there by then, by any clock. */
  const endOf = ({ before, revoked }: RevocationData): number =>
    before ?? Date.parse(revoked) / 1000 + MOST_TOLERANCE;

  /** They have ended by themselves, or another revocation is of them as well. */
  const isOver = (revocation: RevocationData): boolean => {
    const { domain, token, user } = revocation;
    const end = endOf(revocation);
    if (maxLife !== undefined && end + maxLife + MOST_TOLERANCE < Date.now() / 1000) return true;
    const all = known.get(revocationSubject({ domain }))?.before ?? 0;
    return (token ?? user) !== undefined && end <= all;
  };

  return {
    add(revocation) {
      const name = revocationSubject(revocation);
      const before = known.get(name)?.before ?? 0;
      if (!revocation.over && (revocation.before ?? 0) >= before) known.set(name, revocation);
    },
    covers(actor) {
      const { domainId: domain, userId: user, tokenId: token } = actor;
      const names = [{ domain }, { domain, user }, ...(token === undefined ? [] : [{ domain, token }])];
      return names.some((of) => {
        const found = known.get(revocationSubject(of));
        return found !== undefined && isRevokedBy(found, actor);
      });
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
