/** For rising positions: the rooms that are owed to a client there, and those that it may hear of. */
export function roomsAlong(stays) {
  const changes = [];
  for (const [room, list] of stays) {
    for (const { from, to, isFree } of list) {
      if (to <= from) continue;
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
