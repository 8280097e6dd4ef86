import { linesOf } from './trace.mjs';

/**
 * Reads an SDK client's notes: what it was told, and from where to where it was in each room.
 *
 * A stay begins at the position of a snapshot (exclusive) and goes on across resumes. It ends where a new connection
 * asks for other rooms, at what the client had been told by then; where the room was given up, it becomes `free`
 * there: what still comes of it is right, and so is silence, since nobody knows when the server heard of it.
 */
export function staysOf(file) {
  const told = [];
  const stays = new Map();
  const open = new Map();
  const released = new Set();
  /** Rooms that were whole when the client last said that it shows what is. */
  const whole = new Set();
  const abandoned = [];
  const answers = [];
  const statuses = [];
  let reached = 0;
  let rows;
  let end;

  const close = (room, at = reached) => {
    const stay = open.get(room);
    if (!stay) return;
    stay.to = at;
    open.delete(room);
  };
  const begin = (room, from, isFree = false) => {
    const stay = { from, to: Number.POSITIVE_INFINITY, isFree };
    stays.set(room, [...(stays.get(room) ?? []), stay]);
    open.set(room, stay);
  };

  for (const [what, ...line] of linesOf(file)) {
    if (what === 'event') {
      told.push({ seq: line[0], print: line[1] });
      reached = Math.max(reached, line[0]);
    } else if (what === 'left') {
      told.push({ seq: line[0] });
      reached = Math.max(reached, line[0]);
    } else if (what === 'ask') {
      const [rooms, since, isFirst] = line;
      const afresh = since == null ? rooms.filter((room) => whole.has(room)) : [];
      if (afresh.length > 0) abandoned.push({ rooms: afresh, reached });
      // Counted as one, not as each of the events that it has cost.
      for (const room of afresh) {
        whole.delete(room);
        const last = told.at(-1)?.seq ?? 0;
        close(room, last);
        begin(room, last, true);
      }
      if (isFirst) for (const room of [...open.keys()]) if (!rooms.includes(room)) close(room);
    } else if (what === 'answer') {
      const [rooms, given, { seq, recovered, entered }] = line;
      const since = given ?? undefined;
      answers.push({ rooms, since, seq, recovered, reached });
      for (const room of rooms) {
        if (!recovered) whole.delete(room);
        const isKept = recovered && entered.includes(room) && open.has(room) && !open.get(room).isFree;
        if (isKept) continue;
        close(room);
        // It may have been given up while the question was under way.
        if (entered.includes(room))
          begin(room, recovered ? Number(since.split(':')[1]) : seq, released.has(room));
      }
      reached = Math.max(reached, seq);
    } else if (what === 'release') {
      const [room] = line;
      released.add(room);
      whole.delete(room);
      if (!open.has(room)) continue;
      close(room);
      begin(room, reached, true);
    } else if (what === 'hold') {
      released.delete(line[0]);
    } else if (what === 'status') {
      statuses.push({ state: line[0], at: line[1], reason: line[2] });
      if (line[0] === 'live') for (const [room, { isFree }] of open) if (!isFree) whole.add(room);
    } else if (what === 'rows') {
      rows = { rooms: line[0], rows: line[1] };
    } else if (what === 'end') {
      end = { state: line[0], position: line[1] };
    }
  }
  return { told, stays, answers, abandoned, statuses, rows, end };
}

/** For rising positions: the rooms that are owed to a client there, and those that it may hear of. */
export function roomsAlong(stays) {
  const changes = [];
  for (const [room, list] of stays) {
    for (const { from, to, isFree } of list) {
      changes.push({ after: from, room, isFree, by: 1 });
      if (to !== Number.POSITIVE_INFINITY) changes.push({ after: to, room, isFree, by: -1 });
    }
  }
  changes.sort((a, b) => a.after - b.after);
  const owed = counted();
  const free = counted();
  let next = 0;
  return (seq) => {
    for (; next < changes.length && changes[next].after < seq; next++) {
      const { room, isFree, by } = changes[next];
      (isFree ? free : owed).add(room, by);
    }
    return { owed, free };
  };
}

function counted() {
  const counts = new Map();
  return {
    has: (room) => counts.has(room),
    add(room, by) {
      const count = (counts.get(room) ?? 0) + by;
      if (count === 0) counts.delete(room);
      else counts.set(room, count);
    },
  };
}
