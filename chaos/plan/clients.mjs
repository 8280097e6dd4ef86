import { randomOf } from '../../scripts/lib/random.mjs';
import { EVERYBODY, EXECUTIONS, GROUPS, PROCESSES, USERS } from '../load/cast.mjs';

const KINDS = [
  ...Array.from({ length: 6 }, () => 'sdk'),
  'sdk-upgrade',
  'sdk-polling',
  'plain',
  'plain',
  'plain-polling',
  'sse',
  'sse',
  'sse',
];

/** Who watches: their rooms, which of them they enter and leave all the time, and when they come. */
export function clientsOf(seed, duration) {
  const random = randomOf(`${seed}/clients`);
  return KINDS.map((kind, index) => {
    const groups = [EVERYBODY, ...random.some(GROUPS, random.between(1, 3))];
    const rooms = [
      ...random.some(EXECUTIONS.slice(0, -1), random.below(3)).map((id) => `execution:${id}`),
      ...random.some(PROCESSES, random.below(2)).map(({ id }) => `process:${id}`),
    ];
    // Some rooms are entered and left all the time; the last execution's snapshot has several pages.
    const visits = [];
    if (kind === 'sdk' && index % 2 === 0) {
      const visited = [`execution:${EXECUTIONS.at(-1)}`, `process:${random.pick(PROCESSES).id}`].filter(
        (room) => !rooms.includes(room),
      );
      for (const room of visited)
        for (let at = random.below(1500); at < duration; at += random.between(200, 3000))
          visits.push({ at, room });
    }
    return {
      index,
      kind,
      user: USERS[index % USERS.length],
      groups,
      rooms: kind === 'sse' ? [streamed(random, index, groups)] : rooms,
      visits: visits.sort((a, b) => a.at - b.at),
      // One in four comes while it is all under way.
      startsAt: index % 4 === 3 ? random.below(duration * 0.6) : 0,
    };
  });
}

/** A stream is of one room; each of them has another kind of it. */
function streamed(random, index, groups) {
  const kinds = [
    () => `execution:${random.pick(EXECUTIONS)}`,
    () => `process:${random.pick(PROCESSES).id}`,
    () => `group:${groups.at(-1)}`,
  ];
  return kinds[index % kinds.length]();
}
