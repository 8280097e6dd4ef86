import { setTimeout as sleep } from 'node:timers/promises';
import { serveParent } from '../../scripts/lib/child.mjs';
import { now } from '../users/clock.mjs';
import { openWire } from '../users/wire.mjs';

const ROOM = 'process:p1';

/** Connections that are being made at once. */
const AT_ONCE = 64;

const clients = [];
let leaks = 0;

/** A socket that is in a room, loses it, and asks for it again when a row comes that stands in it, as the SDK does. */
function createClient({ port, auth, rooms }) {
  const times = {};
  const entered = Promise.withResolvers();
  let isIn = false;
  const hear = {
    ready: () => wire.ask('subscribe', { rooms }),
    events(batch) {
      for (const { subject, rooms: shown = [] } of batch) {
        const isTask = subject === 'task/t1';
        // The task's row is in the room of the group as well, while the group may have it.
        if (!isIn && !(isTask && shown.includes('group:crew'))) leaks++;
        if (!isIn && isTask && shown.includes('group:crew')) wire.ask('subscribe', { rooms: [ROOM] });
        else if (isIn) times.heard ??= now();
      }
    },
    'room:left'() {
      isIn = false;
      times.left ??= now();
    },
  };
  const wire = openWire(port, auth, {
    event: (name, value) => hear[name]?.(value),
    answer({ success, rows = [], rooms: granted = [] }) {
      if (!success || !granted.includes(ROOM) || !rows.some(({ subject }) => subject === 'task/t1')) return;
      isIn = true;
      times.back ??= now();
      entered.resolve();
    },
    end: () => entered.reject(new Error('a connection has ended')),
  });
  return { entered: entered.promise, times };
}

serveParent({
  async open(people) {
    const queue = [...people];
    const work = async () => {
      for (let person = queue.shift(); person; person = queue.shift()) {
        const client = createClient(person);
        clients.push(client);
        await client.entered;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  },
  expect() {
    for (const { times } of clients) for (const name of Object.keys(times)) delete times[name];
  },
  /** When each has come so far, as soon as all have. */
  async reached({ what, within }) {
    const end = Date.now() + within;
    const reached = () => clients.map(({ times }) => times[what]).filter((time) => time !== undefined);
    while (reached().length < clients.length && Date.now() < end) await sleep(10);
    return reached();
  },
  leaks: () => leaks,
});
