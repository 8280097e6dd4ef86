/** How many sentences of one kind are kept; all are counted. */
const MOST_SENTENCES = 20;

/** Collects what the oracle finds wrong, by kind. */
export function createFindings() {
  const counts = {};
  const violations = [];
  const kept = {};
  let first;
  return {
    counts,
    violations,
    /** Where in the log the first one is. */
    get first() {
      return first;
    },
    /**
     * @param {string} kind lost, doubled, disordered, unexplained; strayed (what was not owed), refused, behind, crashed
     * @param {string} sentence
     * @param {number} [seq]
     */
    report(kind, sentence, seq) {
      counts[kind] = (counts[kind] ?? 0) + 1;
      kept[kind] = (kept[kind] ?? 0) + 1;
      if (kept[kind] <= MOST_SENTENCES) violations.push(`${kind}: ${sentence}`);
      if (seq !== undefined && (first === undefined || seq < first)) first = seq;
    },
  };
}
