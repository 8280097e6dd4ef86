import { roomsAlong } from './along.mjs';
import { judgeRows } from './rows.mjs';
import { staysOf } from './stays.mjs';
import { LEFT, WHOLE } from './told.mjs';

/**
 * Events that a resume replays at most, by the contract: who is further behind gets a snapshot, and is told so.
 * Beside a life that the log has lost, that is the one good reason for `recovered: false`.
 */
const MOST_REPLAYED = 5000;

/**
 * Holds an SDK client, or the reader of a stream, against the log: exactly the events of its rooms, once, in order,
 * `left` where a subject left, each as the log has it; and in the end the open rows of its rooms.
 */
export async function judgeReader({ name, file, truth, log, report }) {
  const client = staysOf({ name, file, truth, report });
  const { told, answers } = client;
  const at = roomsAlong(client.stays);
  for (const entry of truth.entries) {
    const { owed, free } = at(entry.seq);
    const state = told.states[entry.seq];
    const isOwedWhole = entry.rooms.some(owed.has);
    const isOwedLeft = !isOwedWhole && entry.left.some(owed.has);
    const mayBeWhole = isOwedWhole || entry.rooms.some(free.has);
    const mayBeLeft = !isOwedWhole && (isOwedLeft || entry.left.some(free.has));
    if (state === 0) {
      if (isOwedWhole || isOwedLeft)
        report('lost', `${name} never got ${entry.seq}${isOwedLeft ? ' (as left)' : ''}`, entry.seq);
    } else if ((state === LEFT && !mayBeLeft) || (state === WHOLE && !mayBeWhole)) {
      const as = state === LEFT ? 'left' : 'whole';
      report('strayed', `${name} got ${entry.seq} ${as}, which it was not owed`, entry.seq);
    }
  }
  judgeAnswers({ name, client, truth, report });
  if (client.end?.state !== 'live')
    report('behind', `${name} ended ${client.end?.state ?? 'without a word'}`);
  if (client.rows) await judgeRows(name, client.rows, log, report);
  return {
    statuses: client.statuses,
    got: told.count,
    gotLost: told.lostCount,
    resumes: answers.filter(({ since }) => since !== undefined).length,
  };
}

/** What was recovered, and what was not, must be as the lives of the log have it. */
function judgeAnswers({ name, client: { answers, abandoned }, truth: { entries, lives }, report }) {
  for (const { rooms, since, epoch, recovered, seq } of answers) {
    if (since === undefined) continue;
    const [life, place] = since.split(':');
    const from = Number(place);
    const isGood = lives.isGoodIn(epoch, life, from);
    if (recovered && isGood === false)
      report('unexplained', `${name} was told that ${since} was recovered in ${epoch}, which lost it`, from);
    if (recovered || isGood !== true) continue;
    let missed = 0;
    for (let i = from; i < Math.min(seq, entries.length); i++) {
      const isOfRooms = (list) => list.some((room) => rooms.includes(room));
      if (isOfRooms(entries[i].rooms) || isOfRooms(entries[i].left)) missed++;
    }
    if (missed > MOST_REPLAYED) continue;
    report(
      'unexplained',
      `${name} was told that ${since} can not be recovered, ${missed} events behind`,
      from,
    );
  }
  for (const { rooms, heights, reached, isPaging, answer } of abandoned) {
    const later = answers[answer]?.epoch;
    // Pages of one snapshot from two lives are no picture, and nobody knows what the first ones have shown.
    if (isPaging && later !== answers[answer - 1].epoch) continue;
    const isLost = [...heights].some(([epoch, seq]) => lives.isGoodIn(later, epoch, seq) !== true);
    if (later !== undefined && isLost) continue;
    report(
      'unexplained',
      `${name} had ${rooms.join(' ')} up to ${reached} and asked for all of it afresh`,
      reached,
    );
  }
}
