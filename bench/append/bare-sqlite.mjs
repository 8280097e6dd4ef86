import { DatabaseSync } from 'node:sqlite';
import { openSqliteLog } from '../../packages/log/src/index.ts';
import { laneOf } from './load.mjs';

/** Events in a transaction. */
const TRANSACTION = 100;

/**
 * SQLite with nothing between: the same rows in the same tables, by prepared statements in transactions of a
 * hundred events. It looks nothing up, compares nothing, and keeps in memory what it has to know.
 */
export async function openBareSqlite({ directory, newId }) {
  // The tables are those of the log: it makes them, and lets go of them.
  await (await openSqliteLog({ directory })).close();
  const database = new DatabaseSync(`${directory}/log.db`);
  // As the log has it.
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 4096; PRAGMA cache_size = -65536`);
  const write = writerOf(database);
  const lane = laneOf(newId, 'bare');
  let written = 0;
  return {
    async append(count) {
      let done = 0;
      while (done < count) {
        database.exec('BEGIN IMMEDIATE');
        for (let n = 0; n < TRANSACTION; n++) write(lane.next().value);
        write.head();
        database.exec('COMMIT');
        done += TRANSACTION;
      }
      written += done;
      return done;
    },
    async close() {
      database.close();
      await assertIsLog(directory, written);
    },
  };
}

/** What was written is a log: ours opens it, and finds every event. */
async function assertIsLog(directory, written) {
  const log = await openSqliteLog({ directory });
  const { seq, entries } = await log.read('bench', { after: written - 1000, limit: 1000 });
  await log.close();
  if (seq !== written || entries.length !== 1000)
    throw new Error('The bare storage wrote other rows than the log.');
}

function writerOf(database) {
  const addRoom = database.prepare('INSERT INTO rooms (id, domain, name) VALUES (?, 1, ?)');
  const addEvent = database.prepare(
    `INSERT INTO events (id, subject, prev, version, rooms, left, open, body)
     VALUES ((1 << 40) | ?, ?, ?, 1, ?, ?, ?, ?)`,
  );
  const addToRoom = database.prepare('INSERT INTO room_events (room, seq) VALUES (?, ?)');
  const setRow = database.prepare(
    `INSERT INTO rows (domain, subject, seq, first) VALUES (1, ?1, ?2, ?2)
     ON CONFLICT (domain, subject) DO UPDATE SET seq = excluded.seq`,
  );
  const show = database.prepare('INSERT INTO open_rows (room, subject) VALUES (?, ?)');
  const hide = database.prepare('DELETE FROM open_rows WHERE room = ? AND subject = ?');
  const addKey = database.prepare(
    'INSERT INTO keys (domain, key, digest, seq, count, time) VALUES (1, ?, ?, ?, 1, ?)',
  );
  const setHead = database.prepare("INSERT OR REPLACE INTO domains (id, name, seq) VALUES (1, 'bench', ?)");
  const rooms = new Map();
  /** Of the subjects that are open: the seq of the last event, and the rooms that show it. */
  const last = new Map();
  let seq = 0;
  const numberOf = (name) => {
    if (!rooms.has(name)) {
      rooms.set(name, rooms.size + 1);
      addRoom.run(rooms.size, name);
    }
    return rooms.get(name);
  };
  const write = ({ key, event }) => {
    const { subject, open, body } = event;
    const [now, left] = [event.rooms, event.left];
    seq++;
    const { at = null, shown = [] } = last.get(subject) ?? {};
    addEvent.run(seq, subject, at, JSON.stringify(now), JSON.stringify(left), open ? 1 : 0, body);
    for (const name of [...now, ...left]) addToRoom.run(numberOf(name), seq);
    setRow.run(subject, seq);
    const after = open ? now : [];
    for (const name of shown) if (!after.includes(name)) hide.run(numberOf(name), subject);
    for (const name of after) if (!shown.includes(name)) show.run(numberOf(name), subject);
    if (open) last.set(subject, { at: seq, shown: after });
    else last.delete(subject);
    addKey.run(key, 'the digest of what was published', seq, Date.now());
  };
  write.head = () => setHead.run(seq);
  return write;
}
