/**
 * Numbers that look random and are a function of the seed alone, so that a failing run can be had again (mulberry32).
 *
 * @param {number | string} seed
 */
export function randomOf(seed) {
  let state = hash(String(seed));
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(next() * count);
  return {
    next,
    below,
    between: (least, most) => least + below(most - least + 1),
    /** Mostly near the least, seldom near the most: short faults find races, long ones find limits. */
    skewed: (least, most) => Math.round(least + (most - least) * next() ** 3),
    pick: (list) => list[below(list.length)],
    /** Some of a list, in its order. */
    some: (list, count) => {
      const chosen = new Set();
      while (chosen.size < Math.min(count, list.length)) chosen.add(list[below(list.length)]);
      return list.filter((one) => chosen.has(one));
    },
    /** One of the keys, by weight. */
    weighed: (weights) => {
      const entries = Object.entries(weights);
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [key, weight] of entries) {
        left -= weight;
        if (left < 0) return key;
      }
      return entries.at(-1)[0];
    },
  };
}

/** FNV-1a: neighbouring seeds must not begin alike. */
function hash(text) {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ character.codePointAt(0), 0x01000193);
  return value >>> 0;
}
