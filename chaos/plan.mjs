import { randomOf } from './lib/random.mjs';
import { EVERYBODY, EXECUTIONS, GROUPS, PROCESSES, USERS } from './load/cast.mjs';

/** What `npm run chaos` plays when it is told no sizes. */
export const SHORT = { events: 6000, faults: 40 };

/** From so many faults on, one fault in twenty lasts up to half a minute. */
const LONG_FROM = 200;

/** Milliseconds between two faults, on average. */
const FAULT_EVERY = 500;

/** Events a second at most: what one node, its clients and the suite take on two cores. */
const MOST_A_SECOND = 1000;

/** Publishers that each send one fact at a time; more events need more of them. */
const lanesFor = (events) => Math.min(64, Math.max(16, Math.round(events / 1000)));

const CLIENTS = [
  ...Array.from({ length: 6 }, () => 'sdk'),
  'sdk-upgrade',
  'sdk-polling',
  'plain',
  'plain',
  'plain-polling',
];

/** How often each fault of somebody's network comes. */
const NETWORK = { cut: 22, delay: 8, 'half-open': 11, stall: 11 };

/** How often each fault of the server comes, where it may. */
const NODE = { kill: 20, replace: 8, freeze: 20 };

/** Milliseconds that a server gets after each of its faults, or it would hardly ever be up. */
const NODE_REST = 1500;

/** Faults that are over at once. */
const MOMENTARY = new Set(['cut', 'replace']);

/**
 * Everything that is decided before a run: who takes part, what they do when, and which faults hit whom.
 * A pure function of the seed and the sizes.
 */
export function planOf({ seed, events, faults }) {
  const duration = Math.max(faults * FAULT_EVERY, (events / MOST_A_SECOND) * 1000, 2000);
  const lanes = lanesFor(events);
  return {
    seed,
    duration,
    lanes: Array.from({ length: lanes }, (_, i) => Math.floor((events + i) / lanes)),
    /** Milliseconds between two facts of a lane. */
    pace: duration / (events / lanes),
    clients: clientsOf(seed, duration),
    faults: faultsOf(seed, faults, duration),
  };
}

function clientsOf(seed, duration) {
  const random = randomOf(`${seed}/clients`);
  return CLIENTS.map((kind, index) => {
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
      groups: [EVERYBODY, ...random.some(GROUPS, random.between(1, 3))],
      rooms,
      visits: visits.sort((a, b) => a.at - b.at),
      // One in four comes while it is all under way.
      startsAt: index % 4 === 3 ? random.below(duration * 0.6) : 0,
    };
  });
}

function faultsOf(seed, count, duration) {
  const random = randomOf(`${seed}/faults`);
  const times = Array.from({ length: count }, () => Math.round(random.next() * duration)).sort(
    (a, b) => a - b,
  );
  let nodeFreeAt = 0;
  return times.map((at, index) => {
    const kind = random.weighed(at < nodeFreeAt ? NETWORK : { ...NETWORK, ...NODE });
    const most = count >= LONG_FROM && random.below(20) === 0 ? 30_000 : 3000;
    const lasts = MOMENTARY.has(kind)
      ? 0
      : kind === 'kill'
        ? random.skewed(0, 800)
        : random.skewed(100, most);
    const by = kind === 'delay' ? { by: random.between(20, 400) } : {};
    if (Object.hasOwn(NODE, kind)) {
      nodeFreeAt = at + lasts + NODE_REST;
      return { index, at, kind, target: 'node', lasts };
    }
    // The publishers have a network, too.
    const target = random.below(CLIENTS.length + 2);
    return { index, at, kind, target: target < CLIENTS.length ? target : 'publishers', lasts, ...by };
  });
}

/** A fault as people read it. */
export function faultLine({ index, at, kind, target, lasts, by }) {
  const whom = typeof target === 'number' ? `client ${target}` : target;
  return `fault ${index} at ${(at / 1000).toFixed(2)} s: ${kind} ${whom}${by ? ` by ${by} ms` : ''}${lasts ? ` for ${lasts} ms` : ''}`;
}
