import { now, postedAt } from './clock.mjs';
import { openWire } from './wire.mjs';

/** As the SDK has it: bounds of the wait between attempts (with full jitter), and how long an attempt may take. */
const BACKOFF = { base: 500, limit: 30_000 };
const PATIENCE = 20_000;

/**
 * A person's connection as the SDK keeps it: it subscribes to its rooms, resumes from the last proved place, drops
 * what it has had, and compares checkpoints. It keeps no rows. On a stock server it is in its rooms once connected,
 * and takes what comes.
 *
 * @param {{ auth: object, rooms: string[], isStock: boolean }} person
 * @param {{ whole: () => void, latency: (milliseconds: number) => void }} on
 */
export function createLightClient({ auth, rooms, isStock }, on) {
  const told = { events: 0, disordered: 0, miscounted: 0, resumed: 0, fresh: 0, attempts: 0 };
  let wire;
  let timer;
  let failures = 0;
  let last = 0;
  let proved;
  let count = 0;

  function take({ seq, id }) {
    if (seq <= last) return false;
    last = seq;
    told.events++;
    if (id?.includes('@')) on.latency(now() - postedAt(id));
    return true;
  }

  const hear = {
    connect: () => isStock && arrived(),
    event({ id }) {
      told.events++;
      on.latency(now() - postedAt(id));
    },
    ready: () => !isStock && wire.ask('subscribe', { rooms, ...(proved ? { since: proved } : {}) }),
    events(batch) {
      count += batch.length;
      // What comes live is always new, and in order.
      for (const item of batch) if (!take(item)) told.disordered++;
    },
    checkpoint({ epoch, seq, count: sent }) {
      if (sent !== count) told.miscounted++;
      count = 0;
      proved = `${epoch}:${seq}`;
    },
  };

  function answered(answer) {
    if (!answer.success) {
      wire.close();
      return ended();
    }
    const { epoch, seq, recovered, events } = answer;
    told[recovered ? 'resumed' : 'fresh']++;
    if (recovered) for (const item of events) take(item);
    else last = seq;
    proved = `${epoch}:${seq}`;
    arrived();
  }

  function arrived() {
    clearTimeout(timer);
    failures = 0;
    on.whole();
  }

  function ended() {
    clearTimeout(timer);
    timer = setTimeout(open, Math.random() * Math.min(BACKOFF.limit, BACKOFF.base * 2 ** failures++));
  }

  function open() {
    told.attempts++;
    count = 0;
    wire = openWire(auth.port, auth.said, {
      event: (name, value) => hear[name]?.(value),
      answer: answered,
      end: ended,
    });
    timer = setTimeout(() => {
      wire.close();
      ended();
    }, PATIENCE);
  }

  return {
    told,
    open,
    /** The place that it has everything up to; nothing on a stock server. */
    get seq() {
      return Math.max(last, Number(proved?.split(':')[1] ?? 0));
    },
    close() {
      clearTimeout(timer);
      wire?.close();
    },
  };
}
