/** What of an entry a client was told. */
export const WHOLE = 1;
export const LEFT = 2;

/**
 * What one client was told, in its order, held against the log as it goes: each entry once, in order, with the content
 * that the log has. What stood in a life that the log has lost is set apart, until the client is told so.
 */
export function createTold({ name, truth, report }) {
  const { entries, head, lives } = truth;
  const states = new Uint8Array(head + 1);
  /** What it holds that the log has lost, and was not told of. */
  let lost = [];
  /** What it was told in a life that lost it, or so it seemed, though the log has the same there: sent again, or a client that has not heard of the other life yet. */
  const doubtful = new Map();
  let last = 0;
  let count = 0;
  let lostCount = 0;

  /**
   * @param {number | string} what a checksum of the event, or the subject that left
   * @returns {boolean} whether the log still has it
   */
  function tell(seq, state, what, life) {
    count++;
    const entry = entries[seq - 1];
    const isSame = entry && (state === WHOLE ? entry.print === what : entry.subject === what);
    if (!isSame) {
      if (lives.isGood(life, seq))
        report('strayed', `${name} got ${seq} (${what}) with another content than the log has`, seq);
      lostCount++;
      lost.push({ seq, life });
      return false;
    }
    const isAgain = states[seq] > 0 && (doubtful.get(seq) ?? life) === life;
    if (isAgain) report('doubled', `${name} got ${seq} twice`, seq);
    else if (seq < last) report('disordered', `${name} got ${seq} after ${last}`, seq);
    states[seq] = state;
    if (lives.isGood(life, seq)) last = Math.max(last, seq);
    else doubtful.set(seq, life);
    return true;
  }

  return {
    states,
    get last() {
      return last;
    },
    get count() {
      return count;
    },
    get lostCount() {
      return lostCount;
    },
    event: (seq, print, life) => tell(seq, WHOLE, print, life),
    left: (seq, subject, life) => tell(seq, LEFT, subject, life),
    /** It was told that nothing is missing: what it holds is the log's. */
    goOn() {
      last = Math.max(last, ...doubtful.keys());
      doubtful.clear();
    },
    /** It was told that not everything can be recovered, and begins anew at a place of a life. */
    anew(epoch, seq) {
      if (doubtful.size === 0 && lost.every(({ life }) => life === epoch)) return;
      lost = lost.filter(({ life }) => life === epoch);
      for (const one of doubtful.keys()) states[one] = 0;
      doubtful.clear();
      // What was lost, sent again and put in the same place is news.
      states.fill(0, seq + 1);
      last = Math.min(last, seq);
    },
    end() {
      for (const { seq, life } of lost)
        report(
          'unexplained',
          `${name} got ${seq} of ${life}, which the log has lost, and was never told`,
          seq,
        );
    },
  };
}
