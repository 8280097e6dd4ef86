import { randomUUID } from 'node:crypto';

/** Processes that a lane has under way at once, so that facts of one task do not follow each other at once. */
const UNDER_WAY = 5;
const TASKS = 4;

/** Ids in the order of time, as engines and most databases make them (UUID v7, and v1 within minutes). */
function timeOrderedId() {
  const time = Math.floor((performance.timeOrigin + performance.now()) * 1000)
    .toString(16)
    .padStart(16, '0');
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${randomUUID().slice(15, 18)}-${randomUUID().slice(19)}`;
}

/** How ids may be made. */
export const IDS = { 'time-ordered ids': timeOrderedId, 'random ids': randomUUID };

/**
 * What an engine writes, without end: processes start, each with four tasks that are created, assigned and
 * completed. One fact is one event, of about 600 bytes, in three or four rooms.
 *
 * @param {() => string} newId
 * @param {string} name of the lane; two lanes touch no row in common
 */
export function* laneOf(newId, name) {
  let count = 0;
  const under = Array.from({ length: UNDER_WAY }, () => processOf(newId, name, ++count));
  for (let turn = 0; ; turn = (turn + 1) % UNDER_WAY) {
    const { done, value } = under[turn].next();
    if (done) under[turn] = processOf(newId, name, ++count);
    else yield value;
  }
}

function* processOf(newId, lane, count) {
  const id = newId();
  const definition = `definition:review-${count % 5}`;
  const rooms = [`process:${id}`, definition];
  const process = { processInstanceId: id, processDefinitionKey: definition.slice(11) };
  yield fact('process', id, 'started', rooms, [], true, process);
  for (let n = 0; n < TASKS; n++) yield* taskOf(newId(), process, rooms, count * TASKS + n, `${lane}/${n}`);
}

function* taskOf(id, process, rooms, count, by) {
  const group = `group:team-${count % 20}`;
  const user = `user:person-${count % 200}`;
  const task = {
    taskId: id,
    taskName: 'Review what was handed in',
    description: 'Look at the papers, compare them with what was agreed, and say whether it can go on.',
    ...process,
    candidateUsers: [],
    candidateGroups: [group.slice(6)],
    by,
  };
  const reads = [`process/${process.processInstanceId}`];
  const assigned = { ...task, assignee: user.slice(5) };
  yield fact('task', id, 'created', [...rooms, group], [], true, task, reads);
  yield fact('task', id, 'assigned', [...rooms, user, group], [], true, assigned, reads);
  yield fact('task', id, 'completed', [...rooms, user], [group], false, assigned, reads);
}

/** A fact, and the names of the rows that its fold would read. */
function fact(kind, id, what, rooms, left, open, data, reads = []) {
  const subject = `${kind}/${id}`;
  const key = `engine/default/${subject}/${what}`;
  const time = new Date().toISOString();
  const event = { id: `${key}#0`, type: `${kind}:${what}`, time, subject, rooms, left, data };
  return {
    key,
    reads: [subject, ...reads],
    event: { subject, rooms, left, open, body: JSON.stringify(event) },
  };
}
