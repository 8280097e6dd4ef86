/** Milliseconds of the wall clock (epoch) minus those of the monotonic one, as they are now, good to some microseconds. */
export function wallMinusMonotonic() {
  let best = -Infinity;
  for (let i = 0; i < 5; i++) {
    const before = Date.now();
    let after = before;
    while (after === before) after = Date.now();
    // The tick lies a moment before this reading, so every measurement is a little too small.
    best = Math.max(best, after - Number(process.hrtime.bigint()) / 1e6);
  }
  return best;
}
