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
      return done;
    },
    close: async () => database.close(),
  };
}

function writerOf(database) {
  const addRoom = database.prepare('INSERT INTO rooms (id, domain, name) VALUES (?, 1, ?)');
  const addEvent = database.prepare(
    'INSERT INTO events (id, subject, rooms, left, open, body) VALUES ((1 << 40) | ?, ?, ?, ?, ?, ?)',
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
  const shown = new Map();
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
    addEvent.run(seq, subject, JSON.stringify(now), JSON.stringify(left), open ? 1 : 0, body);
    for (const name of [...now, ...left]) addToRoom.run(numberOf(name), seq);
    setRow.run(subject, seq);
    const before = shown.get(subject) ?? [];
    const after = open ? now : [];
    for (const name of before) if (!after.includes(name)) hide.run(numberOf(name), subject);
    for (const name of after) if (!before.includes(name)) show.run(numberOf(name), subject);
    if (open) shown.set(subject, after);
    else shown.delete(subject);
    addKey.run(key, 'the digest of what was published', seq, Date.now());
  };
  write.head = () => setHead.run(seq);
  return write;
}
