import { crc32 } from 'node:zlib';
import { DOMAIN } from '../load/cast.mjs';
import { roomsAlong, staysOf } from './stays.mjs';

/**
 * Events that a resume replays at most, by the contract: who is further behind gets a snapshot, and is told so.
 * That is the one good reason for `recovered: false` on a log that loses nothing.
 */
const MOST_REPLAYED = 5000;

/**
 * Holds one SDK client against the log: exactly the events of its rooms, once, in order, `left` where a subject left,
 * each as the log has it; and in the end the open rows of its rooms.
 */
export async function judgeSdkClient({ name, file, truth, log, report }) {
  const client = staysOf(file);
  const { told, answers } = client;
  const known = judgeOrder(name, told, truth, report);
  const at = roomsAlong(client.stays);
  for (const entry of truth.entries) {
    const { owed, free } = at(entry.seq);
    const got = known.get(entry.seq);
    const isOwedWhole = entry.rooms.some(owed.has);
    const isOwedLeft = !isOwedWhole && entry.left.some(owed.has);
    const mayBeWhole = isOwedWhole || entry.rooms.some(free.has);
    const mayBeLeft = !isOwedWhole && (isOwedLeft || entry.left.some(free.has));
    if (!got) {
      if (isOwedWhole || isOwedLeft)
        report('lost', `${name} never got ${entry.seq}${isOwedLeft ? ' (as left)' : ''}`, entry.seq);
    } else if (got.print === undefined ? !mayBeLeft : !mayBeWhole) {
      const as = got.print === undefined ? 'left' : 'whole';
      report('strayed', `${name} got ${entry.seq} ${as}, which it was not owed`, entry.seq);
    } else if (got.print !== undefined && got.print !== entry.print) {
      report('strayed', `${name} got ${entry.seq} with another content than the log has`, entry.seq);
    }
  }
  for (const { rooms, since, recovered, seq } of answers) {
    if (since === undefined || recovered) continue;
    const from = Number(since.split(':')[1]);
    const missed = truth.entries.filter(
      (entry) =>
        entry.seq > from &&
        entry.seq <= seq &&
        (entry.rooms.some((room) => rooms.includes(room)) || entry.left.some((room) => rooms.includes(room))),
    ).length;
    if (missed > MOST_REPLAYED) continue;
    report(
      'unexplained',
      `${name} was told that ${since} can not be recovered, ${missed} events behind`,
      from,
    );
  }
  for (const { rooms, reached } of client.abandoned)
    report(
      'unexplained',
      `${name} had ${rooms.join(' ')} up to ${reached} and asked for all of it afresh`,
      reached,
    );
  await judgeRows(name, client, log, report);
  return { ...client, got: told.length, resumes: answers.filter(({ since }) => since !== undefined).length };
}

/** What was told twice, and what came after something younger. */
function judgeOrder(name, told, truth, report) {
  const known = new Map();
  let last = 0;
  for (const one of told) {
    if (known.has(one.seq)) report('doubled', `${name} got ${one.seq} twice`, one.seq);
    else if (one.seq < last) report('disordered', `${name} got ${one.seq} after ${last}`, one.seq);
    if (one.seq > truth.head)
      report('strayed', `${name} got ${one.seq}, beyond the log's ${truth.head}`, one.seq);
    known.set(one.seq, one);
    last = Math.max(last, one.seq);
  }
  return known;
}

async function judgeRows(name, { rows, end }, log, report) {
  if (end?.state !== 'live') report('behind', `${name} ended ${end?.state ?? 'without a word'}`);
  if (!rows || rows.rooms.length === 0) return;
  const wanted = new Map();
  for (let after; ; ) {
    const page = await log.snapshot(DOMAIN, {
      rooms: rows.rooms,
      limit: 1000,
      ...(after === undefined ? {} : { after }),
    });
    for (const { subject, seq, body } of page.rows) wanted.set(subject, { seq, print: crc32(body) });
    after = page.next;
    if (after === undefined) break;
  }
  const shown = new Set();
  for (const [subject, seq, print] of rows.rows) {
    shown.add(subject);
    const row = wanted.get(subject);
    if (!row) report('strayed', `${name} shows ${subject} (${seq}), which is not open in its rooms`, seq);
    else if (row.seq !== seq || row.print !== print)
      report('lost', `${name} shows ${subject} as of ${seq}, the log has ${row.seq}`, row.seq);
  }
  for (const [subject, { seq }] of wanted)
    if (!shown.has(subject)) report('lost', `${name} does not show ${subject}, open since ${seq}`, seq);
}
