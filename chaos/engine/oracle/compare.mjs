/** Values one after the other; the same twice in a row is no change. */
export const changesOf = (values) => values.filter((value, i) => i === 0 || value !== values[i - 1]);

/**
 * Compares what happened with what is told of it, both in order.
 *
 * @returns {undefined | 'lost' | 'doubled' | 'disordered' | 'unexplained'} nothing where they are the same
 */
export function differenceOf(wanted, told) {
  if (isWithin(told, wanted)) return told.length === wanted.length ? undefined : 'lost';
  const spare = [...told];
  const isMissing = wanted.some((value) => {
    const found = spare.indexOf(value);
    if (found >= 0) spare.splice(found, 1);
    return found < 0;
  });
  if (spare.length === 0) return 'disordered';
  if (isMissing) return 'unexplained';
  return spare.every((value) => wanted.includes(value)) ? 'doubled' : 'unexplained';
}

/** Whether a list is another one with some left out. */
function isWithin(part, whole) {
  let next = 0;
  for (const value of whole) if (next < part.length && part[next] === value) next++;
  return next === part.length;
}

/** Values as people read them. */
export const chainLine = (values) => values.map((value) => value ?? 'none').join(' → ') || 'nothing';

export const isSameSet = (a, b) =>
  new Set(a).size === new Set(b).size && [...new Set(a)].every((one) => b.includes(one));
