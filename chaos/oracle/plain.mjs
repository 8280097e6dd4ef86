import { linesOf } from './trace.mjs';

/** Holds a plain client to what it is promised: order, and no doubles, within a connection. */
export function judgePlainClient({ name, file, report }) {
  const seen = new Set();
  let last = 0;
  let got = 0;
  for (const [what, seq] of linesOf(file)) {
    if (what === 'connect') {
      seen.clear();
      last = 0;
    } else if (what === 'event') {
      got++;
      if (seen.has(seq)) report('doubled', `${name} got ${seq} twice in a connection`, seq);
      else if (seq < last) report('disordered', `${name} got ${seq} after ${last} in a connection`, seq);
      seen.add(seq);
      last = Math.max(last, seq);
    }
  }
  return { got };
}
