import { createClient } from '../../packages/client/src/index.ts';
import { DOMAIN } from '../load/cast.mjs';
import { lifeIn, notesIn, printOf } from './notes.mjs';
import { tapWire } from './tap.mjs';

const TRANSPORTS = {
  sdk: ['websocket'],
  'sdk-upgrade': ['polling', 'websocket'],
  'sdk-polling': ['polling'],
};

const LISTS = ['tasks', 'processes', 'activities', 'incidents', 'executions'];

/** How long a room that is visited is held, in milliseconds. */
const VISIT = 700;

/** A client on our SDK, which promises everything: each event of its rooms once, in order, across any fault. */
export function openSdkClient({ spec, port, token, file }) {
  const notes = notesIn(file);
  const client = createClient({
    url: `http://127.0.0.1:${port}`,
    token,
    transports: TRANSPORTS[spec.kind],
    // Short, so that what is measured is the recovery and not the wait before it.
    backoff: { base: 100, limit: 1000 },
    connectTimeout: 5000,
  });
  let last;
  let isComplete = false;
  tapWire(port, {
    asked({ rooms, since }, socket) {
      notes.write('ask', rooms, since, socket !== last);
      last = socket;
    },
    paged: () => notes.write('page'),
    answered({ rooms, since }, { epoch, seq, recovered, rooms: entered }) {
      notes.write('answer', rooms, since, { epoch, seq, recovered, entered });
    },
  });
  client.status.subscribe(() => {
    const { state, reason, error } = client.status.getSnapshot();
    notes.write('status', state, Date.now(), reason ?? error?.code);
  });
  const inLife = lifeIn(notes);
  client.on('*', (event) => {
    inLife(client.position?.epoch);
    notes.write('event', event.seq, printOf(event));
    if (event.type === 'x:finale') isComplete = true;
  });
  client.on('left', ({ subject, seq }) => {
    inLife(client.position?.epoch);
    notes.write('left', seq, subject);
  });

  const held = new Map();
  const hold = (room) => {
    notes.write('hold', room);
    held.set(room, client.room(room).hold());
  };
  const release = (room) => {
    notes.write('release', room);
    held.get(room)?.();
    held.delete(room);
  };
  for (const room of spec.rooms) hold(room);
  const timers = [setTimeout(() => client.connect(), spec.startsAt)];
  for (const { at, room } of spec.visits)
    timers.push(
      setTimeout(() => {
        if (held.has(room)) return;
        hold(room);
        timers.push(setTimeout(release, VISIT, room));
      }, at),
    );

  const rooms = () => {
    const { userId, domainId = DOMAIN, groups } = client.identity.getSnapshot() ?? { groups: [] };
    return [
      `user:${userId}`,
      `domain:${domainId}`,
      ...groups.map((group) => `group:${group}`),
      ...held.keys(),
    ];
  };
  return {
    /** It has the last event of all, and says that it shows what is. */
    isWhole() {
      const isLive = client.status.getSnapshot().state === 'live';
      return (
        isComplete && isLive && rooms().every((room) => client.room(room).getSnapshot().state !== 'loading')
      );
    },
    async end() {
      for (const timer of timers) clearTimeout(timer);
      const whole = rooms().filter((room) => client.room(room).getSnapshot().state === 'whole');
      const rows = LISTS.flatMap((name) => client.view(name, { open: true }).getSnapshot());
      notes.write(
        'rows',
        whole,
        rows.map((row) => [row.subject, row.seq, printOf(row)]),
      );
      notes.write('end', client.status.getSnapshot().state, client.position);
      client.disconnect();
      await notes.end();
    },
  };
}
