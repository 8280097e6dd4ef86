/**
 * The lives of the log, as they are in the end. One that began on a master and never reached its replica is not among
 * them; what publishers were told says when it was.
 *
 * @param {{ epoch: string, from: number }[]} lives
 * @param {string[]} seen the epochs that publishers were told of, in their order
 */
export function livesOf(lives, seen) {
  const known = new Map(lives.map(({ epoch }, i) => [epoch, i]));
  /** Where the log first went another way than in this life; nowhere where it has not, nothing where nobody knows. */
  const forks = new Map();

  function forkOf(epoch) {
    if (forks.has(epoch)) return forks.get(epoch);
    const own = known.get(epoch) ?? nextKnown(epoch);
    const later = own === undefined ? undefined : lives.slice(known.has(epoch) ? own + 1 : own);
    const fork = later && Math.min(...later.map(({ from }) => from), Number.POSITIVE_INFINITY);
    forks.set(epoch, fork);
    return fork;
  }

  /** The first life after it of which the log knows. */
  function nextKnown(epoch) {
    const at = seen.indexOf(epoch);
    const next = at < 0 ? undefined : seen.slice(at).find((other) => known.has(other));
    return next && known.get(next);
  }

  return {
    count: lives.length,
    forkOf,
    /** Whether the log, as it is in the end, still has what stood there. */
    isGood: (epoch, seq) => known.has(epoch) && seq < forkOf(epoch),
    /** Whether a life still had what stood at a place of an earlier one; `undefined` where nobody knows. */
    isGoodIn(later, epoch, seq) {
      if (!known.has(later) || !known.has(epoch)) return undefined;
      const between = lives.slice(known.get(epoch) + 1, known.get(later) + 1);
      return between.every(({ from }) => seq < from);
    },
    /** How far what was known at a place holds in the log as it is in the end. */
    place: (epoch, seq) => Math.min(seq, (forkOf(epoch) ?? 0) - 1),
  };
}
