import { laneOf } from '../load/lane.mjs';
import { linesOf } from './trace.mjs';

/**
 * Counts what stock clients lost: a fact that was acknowledged to its publisher and sent after the client was in its
 * rooms is owed to it once, and a lane's facts in the lane's order. The publishers' notes are the truth, since stock
 * has no log; that a client was told of a fresh connection excuses nothing here, since nothing brings the facts back.
 */
export function judgeStockClient({ name, file, published, report }) {
  let rooms = new Set();
  let since = Number.POSITIVE_INFINITY;
  const got = new Set();
  const lanes = new Map();
  for (const [what, value] of linesOf(file)) {
    if (what === 'rooms') rooms = new Set(value);
    else if (what === 'ready') since = Math.min(since, value);
    else if (what === 'event') {
      if (got.has(value)) {
        report('doubled', `${name} got ${value} twice`);
        continue;
      }
      got.add(value);
      const [, lane, n] = /lane-(\d+)\/(\d+)$/.exec(value) ?? [];
      if (lane === undefined) continue;
      const last = lanes.get(lane) ?? 0;
      if (Number(n) < last) report('disordered', `${name} got ${value} after ${last}`);
      lanes.set(lane, Math.max(last, Number(n)));
    }
  }
  for (const { ref, rooms: to, sent } of published)
    if (sent > since && !got.has(ref) && to.some((room) => rooms.has(room)))
      report('lost', `${name} never got ${ref}`);
  return { got: got.size };
}

/** What the publishers of a stock server had acknowledged, with the rooms that it went to. */
export function publishedOf({ seed, file }) {
  const lanes = new Map();
  const published = [];
  for (const [lane, n, status, , , , sent, , why] of linesOf(file)) {
    if (!lanes.has(lane)) lanes.set(lane, laneOf(seed, lane));
    if (status === 'forgotten') lanes.get(lane).forget(n);
    if (status === 'forgotten' || why) continue;
    const { rooms, left } = lanes.get(lane).next();
    published.push({ ref: `chaos/lane-${lane}/${n}`, rooms: [...rooms, ...left], sent });
  }
  return published;
}
