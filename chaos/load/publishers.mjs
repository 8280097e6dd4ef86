import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveParent } from '../../scripts/lib/child.mjs';
import { randomOf } from '../../scripts/lib/random.mjs';
import { DOMAIN } from './cast.mjs';
import { createKeeper } from './keeper.mjs';
import { doesKeep, laneOf } from './lane.mjs';
import { createPost } from './post.mjs';

/** Facts of a list that are under way at once. */
const AT_ONCE = 24;

/** One in so many acknowledged facts is sent once more, as by a source that was restarted. */
const RESENT = 25;

let target;
const counts = { acknowledged: 0, retried: 0, resent: 0, restored: 0 };
const post = createPost(() => target, counts);

serveParent({
  /** Sends a list of facts, some at a time; answers with what each was answered. */
  async all(call) {
    target = call;
    const answers = [];
    const queue = [...call.facts.entries()];
    const work = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [i, fact] = next;
        answers[i] = await post.fact({
          specversion: '1.0',
          domain: DOMAIN,
          time: new Date().toISOString(),
          ...fact,
        });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return answers;
  },
  /** Plays the lanes at a pace until each has sent its share; writes down what was acknowledged. */
  async lanes(call) {
    target = call;
    Object.assign(counts, { acknowledged: 0, retried: 0, resent: 0, restored: 0 });
    const notes = createWriteStream(call.file);
    const timer = setInterval(() => process.send({ counts }), 100);
    const begun = Date.now();
    const note = (...line) => notes.write(`${JSON.stringify(line)}\n`);
    await Promise.all(call.lanes.map((share, lane) => play(call, share, lane, begun, note)));
    clearInterval(timer);
    notes.end();
    await finished(notes);
    return counts;
  },
});

async function play({ seed, pace }, share, lane, begun, note) {
  const facts = laneOf(seed, lane);
  const random = randomOf(`${seed}/resent-${lane}`);
  const keeper = doesKeep(lane) ? createKeeper(post) : undefined;

  /** Sends a fact, and writes down what was said of it; `why`: it is not the first time. */
  async function send(item, why) {
    const { n, body } = item;
    const sent = Date.now();
    const { status, epoch, seq, settle, refused } = await post.fact(body);
    note(lane, n, status, epoch, seq, settle, sent, refused, why);
    // Known elsewhere: it was new a moment ago, and that answer was cut off.
    const wasLost = why && (status === 'new' || seq !== item.seq);
    item.seq = seq;
    if (wasLost) {
      counts.restored++;
      // What came after it may be in the log before it: nobody can tell any more how that task looks.
      facts.forget(n);
      note(lane, n, 'forgotten');
    }
    return { status, epoch, settle, sent };
  }

  async function sendAndKeep(item, why) {
    const answer = await send(item, why);
    if (keeper?.keep(item, answer)) await keeper.sendAgain((kept) => send(kept, 'kept'));
  }

  for (let i = 0; i < share; i++) {
    const wait = begun + i * pace - Date.now();
    if (wait > 0) await sleep(wait);
    const { n, fact, rooms, left } = facts.next();
    const body = {
      specversion: '1.0',
      domain: DOMAIN,
      ...fact,
      time: new Date().toISOString(),
      ...(target.withRooms ? { rooms, left } : {}),
    };
    const item = { n, body };
    await sendAndKeep(item);
    counts.acknowledged++;
    if (random.below(RESENT) > 0) continue;
    counts.resent++;
    await sendAndKeep(item, 'resent');
  }
  while (keeper && !(await keeper.settled())) await keeper.sendAgain((kept) => send(kept, 'kept'));
}
