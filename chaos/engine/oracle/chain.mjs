/**
 * The values that something has had, in order. Each change names the value that it found, so that changes of one
 * millisecond can be put in order as well.
 *
 * @param {{ from: unknown, to: unknown, at: number }[]} changes
 * @param {unknown} last the value that it has in the end
 * @returns {{ values: unknown[], isClear: boolean }} `isClear`: every change had its place, and the last value is reached
 */
export function chainOf(changes, last) {
  const left = changes.filter(({ from, to }) => from !== to).toSorted((a, b) => a.at - b.at);
  if (left.length === 0) return { values: [last], isClear: true };
  const begun = [left[0].from, ...left.filter(({ at }) => at === left[0].at).map(({ from }) => from)];
  for (const first of begun) {
    const values = followed(first, left);
    if (values?.at(-1) === last) return { values, isClear: true };
  }
  return { values: [last], isClear: false };
}

/** From one value through all changes; nothing where that can not be. */
function followed(first, changes) {
  const left = [...changes];
  const values = [first];
  while (left.length > 0) {
    const next = left.findIndex(({ from, at }) => at === left[0].at && from === values.at(-1));
    if (next < 0) return undefined;
    values.push(left[next].to);
    left.splice(next, 1);
  }
  return values;
}
