/**
 * Plays the sides in turn, so that whatever else the machine does falls on all of them alike.
 *
 * @param {Record<string, () => Promise<number>>} sides answers with one round's figure
 * @returns {Promise<Record<string, number[]>>} the figures of each side, by round
 */
export async function inTurn(sides, rounds) {
  const figures = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const names = Object.keys(sides);
    // Who goes first changes too: a round may leave work behind for the next.
    if (round % 2 === 1) names.reverse();
    for (const name of names) figures[name].push(await sides[name]());
  }
  return figures;
}

/** One result of a measurement: medians of the rounds, and how far they lie apart. */
export function resultOf({ scenario, metric, unit, digits = 0 }, { ours, ...peers }) {
  const [peer] = Object.values(peers);
  const ratios = peer?.map((value, round) => ours[round] / value);
  return {
    scenario,
    metric,
    unit,
    ours: rounded(median(ours), digits),
    peers: Object.fromEntries(
      Object.entries(peers).map(([name, values]) => [name, rounded(median(values), digits)]),
    ),
    ratio: ratios ? rounded(median(ratios), 2) : null,
    spread: {
      ours: ends(ours, digits),
      ...Object.fromEntries(Object.entries(peers).map(([name, values]) => [name, ends(values, digits)])),
      ...(ratios ? { ratio: ends(ratios, 2) } : {}),
    },
  };
}

/**
 * Between which two values the median of what was drawn from lies, with a probability of 95 % or a little more: by the
 * order of the values alone, so whatever their distribution is.
 *
 * @param {number[]} values at least six
 */
export function intervalOf(values) {
  const n = values.length;
  const sorted = [...values].sort((a, b) => a - b);
  // Of n throws of a coin, how many heads have at most 2.5 %.
  let rank = 0;
  for (let p = 0.5 ** n, sum = p; sum <= 0.025; rank++, p = (p * (n - rank + 1)) / rank, sum += p);
  return [sorted[rank - 1], sorted[n - rank]].map((value) => rounded(value, 3));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const ends = (values, digits) => [rounded(Math.min(...values), digits), rounded(Math.max(...values), digits)];
const rounded = (value, digits) => Number(value.toFixed(digits));
