import { laneOf } from '../load/lane.mjs';
import { linesOf } from './trace.mjs';

/**
 * Holds the log against its publishers: what was acknowledged is in it, once, where the acknowledgement says, in the
 * rooms that the fact comes to, and a lane's facts are in the lane's order.
 */
export function judgePublishes({ seed, file, truth, report }) {
  const places = new Map();
  for (const entry of truth.entries) {
    const before = places.get(entry.id);
    if (before) report('doubled', `the log has ${entry.id} at ${before.seq} and at ${entry.seq}`, entry.seq);
    else places.set(entry.id, entry);
  }
  const lanes = new Map();
  let acknowledged = 0;
  for (const [lane, n, status, , , refused, resent] of linesOf(file)) {
    const id = `http/chaos/lane-${lane}/${n}#1`;
    const entry = places.get(id);
    if (refused) {
      report('refused', `${id} was refused: ${JSON.stringify(refused)}`, entry?.seq);
      continue;
    }
    if (resent) {
      if (status !== 'known') report('doubled', `${id} was sent again and taken for ${status}`, entry?.seq);
      continue;
    }
    acknowledged++;
    if (!lanes.has(lane)) lanes.set(lane, { next: laneOf(seed, lane), last: 0, seq: 0 });
    const state = lanes.get(lane);
    const { n: expected, rooms, left } = state.next();
    if (expected !== n) report('lost', `lane ${lane} has skipped to ${n}`);
    if (!entry) {
      report('lost', `${id} was acknowledged and is not in the log`);
      continue;
    }
    if (entry.seq < state.seq)
      report('disordered', `${id} is in the log before the lane's earlier ones`, entry.seq);
    state.seq = entry.seq;
    if (!isSame(rooms, entry.rooms) || !isSame(left, entry.left))
      report(
        'strayed',
        `${id} went to ${entry.rooms}, not to ${rooms}, or left ${entry.left}, not ${left}`,
        entry.seq,
      );
  }
  truth.entries.forEach(({ seq }, i) => {
    if (seq !== i + 1) report('lost', `the log has ${seq} at place ${i + 1}`, seq);
  });
  return acknowledged;
}

const isSame = (a, b) => a.length === b.length && a.every((one) => b.includes(one));
