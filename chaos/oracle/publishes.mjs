import { DOMAIN } from '../load/cast.mjs';
import { doesKeep, laneOf } from '../load/lane.mjs';
import { linesOf } from './trace.mjs';

/** The lives of the log that publishers were told of, in their order. */
export function epochsIn(file) {
  const epochs = new Set();
  for (const [, , what, epoch] of linesOf(file)) if (what !== 'forgotten' && epoch) epochs.add(epoch);
  return [...epochs];
}

/**
 * Holds the log against its publishers: what was acknowledged is in it, once, where the acknowledgement says, in the
 * rooms that the fact comes to, and a lane's facts are in the lane's order.
 *
 * A storage may lose what it has acknowledged, if it said so (`settle`) and another life has begun since. Publishers
 * that keep have sent it again, so nothing of theirs may be missing; what the others have lost is counted apart.
 *
 * @returns {Promise<{ lostByStorage: number, restored: number }>}
 */
export async function judgePublishes({ seed, file, truth, log, report }) {
  const { lives } = truth;
  const places = new Map();
  for (const entry of truth.entries) {
    const before = places.get(entry.id);
    if (before) report('doubled', `the log has ${entry.id} at ${before.seq} and at ${entry.seq}`, entry.seq);
    else places.set(entry.id, entry);
  }
  const forgotten = forgottenIn(file);
  const lanes = new Map();
  const openLane = (lane) => {
    const state = {
      facts: laneOf(seed, lane),
      doesKeep: doesKeep(lane),
      seq: 0,
      tainted: new Set(),
      acks: [],
    };
    lanes.set(lane, state);
    return state;
  };
  let restored = 0;

  for (const [lane, n, status, epoch, seq, settle, , refused, why] of linesOf(file)) {
    const state = lanes.get(lane) ?? openLane(lane);
    if (status === 'forgotten') {
      state.facts.forget(n);
      restored++;
      continue;
    }
    const id = `http/chaos/lane-${lane}/${n}#1`;
    const entry = places.get(id);
    if (!why) judgeFact(state, { lane, n, id, entry });
    const ack = state.acks[n];
    if (refused) {
      if (!ack.isTainted) report('refused', `${id} was refused: ${JSON.stringify(refused)}`, entry?.seq);
      continue;
    }
    const isGood = lives.isGood(epoch, seq);
    if (why && status === 'new' && ack.isGood)
      report('doubled', `${id} was sent again and taken for new`, entry?.seq);
    if (isGood && !ack.isTainted && entry && entry.seq !== seq)
      report('strayed', `${id} was acknowledged at ${seq} and is at ${entry.seq}`, seq);
    if (!isGood && !settle && !entry)
      report('lost', `${id} was acknowledged for good at ${epoch}:${seq} and is not in the log`, seq);
    ack.isGood ||= isGood;
    // What was lost and sent again stands behind what came after it.
    if (why || !isGood || !entry || ack.isTainted) continue;
    if (entry.seq < state.seq)
      report('disordered', `${id} is in the log before the lane's earlier ones`, entry.seq);
    state.seq = Math.max(state.seq, entry.seq);
  }

  let lostByStorage = 0;
  const silent = [];
  for (const [lane, { doesKeep, acks }] of lanes) {
    for (const [n, ack] of acks.entries()) {
      if (!ack || ack.isThere) continue;
      const key = `http/chaos/lane-${lane}/${n}`;
      if (ack.isTainted) silent.push(key);
      else if (ack.isGood || doesKeep) report('lost', `${key} was acknowledged and is not in the log`);
      else lostByStorage++;
    }
  }
  for (const key of await unknown(log, silent))
    report('lost', `${key} was acknowledged, and the log does not know it`);
  truth.entries.forEach(({ seq }, i) => {
    if (seq !== i + 1) report('lost', `the log has ${seq} at place ${i + 1}`, seq);
  });
  return { lostByStorage, restored };

  /** A fact's first acknowledgement: tells the fact again, and compares what became of it. */
  function judgeFact(state, { lane, n, id, entry }) {
    const { n: expected, rooms, left, task } = state.facts.next();
    if (expected !== n) report('lost', `lane ${lane} has skipped to ${n}`);
    // Once something of a task was lost, nobody can tell what the facts after it come to.
    if (task !== undefined && forgotten.get(lane)?.has(n)) state.tainted.add(task);
    const isTainted = state.tainted.has(task);
    state.acks[n] = { isThere: entry !== undefined, isGood: false, isTainted };
    if (isTainted || !entry || (isSame(rooms, entry.rooms) && isSame(left, entry.left))) return;
    report(
      'strayed',
      `${id} went to ${entry.rooms}, not to ${rooms}, or left ${entry.left}, not ${left}`,
      entry.seq,
    );
  }
}

/** Which facts of which lane were lost by the storage and sent again. */
function forgottenIn(file) {
  const lanes = new Map();
  for (const [lane, n, what] of linesOf(file)) {
    if (what !== 'forgotten') continue;
    if (!lanes.has(lane)) lanes.set(lane, new Set());
    lanes.get(lane).add(n);
  }
  return lanes;
}

/** Facts that were no news leave no event, only a key; who appends it once more is told whether it is known. */
async function unknown(log, keys) {
  const missing = [];
  for (const key of keys) {
    const { groups } = await log.append(DOMAIN, [{ key, reads: [], events: [] }]);
    if (groups[0].status === 'new') missing.push(key);
  }
  return missing;
}

const isSame = (a, b) => a.length === b.length && a.every((one) => b.includes(one));
