import { randomOf } from '../../scripts/lib/random.mjs';

/** From so many faults on, one in twenty lasts up to half a minute. */
const LONG_FROM = 200;

/** Milliseconds that a fault lasts at most otherwise. */
const SHORT = 3000;
const LONG = 30_000;

/**
 * What can go wrong where, and how often beside the others. `rest`: milliseconds that a target gets after a fault of
 * this kind, or it would hardly ever be up; a network has none, its faults overlap.
 */
const KINDS = {
  // Of somebody's network: a client's, or the publishers'.
  cut: { weight: 22, on: 'network' },
  delay: { weight: 8, on: 'network' },
  'half-open': { weight: 11, on: 'network' },
  stall: { weight: 11, on: 'network' },
  // Of a server.
  kill: { weight: 20, on: 'node', rest: 1500, most: 800 },
  replace: { weight: 8, on: 'node', rest: 1500 },
  freeze: { weight: 20, on: 'node', rest: 1500 },
  // Of the disk that one server's log is on.
  'disk-full': { weight: 5, on: 'disk', rest: 3000, most: 2000 },
  // Of the network between a server and Redis.
  'line-cut': { weight: 5, on: 'line' },
  'line-delay': { weight: 3, on: 'line' },
  'line-half-open': { weight: 3, on: 'line' },
  'line-stall': { weight: 3, on: 'line' },
  // Of Redis, which is one for all of them.
  'redis-hang-up': { weight: 8, on: 'redis' },
  'redis-freeze': { weight: 4, on: 'redis', rest: 2000 },
  'redis-restart': { weight: 4, on: 'redis', rest: 2000, most: 800 },
  failover: { weight: 10, on: 'redis', rest: 3000, most: 1500 },
  // Of what stands before the servers.
  'nginx-reload': { weight: 3, on: 'nginx' },
};

/** Faults that are over at once. */
const MOMENTARY = new Set(['cut', 'replace', 'line-cut', 'redis-hang-up', 'nginx-reload']);

/** Which faults hit whom, and when. */
export function faultsOf({ seed, count, duration, scene, clients }) {
  return scheduleOf({ seed, count, duration, kinds: KINDS, targets: targetsOf(scene, clients) });
}

/**
 * The same of whatever can go wrong elsewhere.
 *
 * @param {{ seed: number, count: number, duration: number, kinds: Record<string, { weight: number, on: string, rest?: number, most?: number }>, targets: Record<string, string[]> }} call
 *   `kinds`: as {@link KINDS}; `targets`: what each `on` stands for
 */
export function scheduleOf({ seed, count, duration, kinds, targets }) {
  const random = randomOf(`${seed}/faults`);
  const times = Array.from({ length: count }, () => Math.round(random.next() * duration)).sort(
    (a, b) => a - b,
  );
  const freeAt = new Map();
  return times.map((at, index) => {
    const isFree = (target) => (freeAt.get(target) ?? 0) <= at;
    const possible = Object.entries(kinds).filter(([, { on }]) => targets[on]?.some(isFree));
    const kind = random.weighed(Object.fromEntries(possible.map(([name, { weight }]) => [name, weight])));
    const { on, rest, most = SHORT } = kinds[kind];
    const target = random.pick(targets[on].filter(isFree));
    const isLong = count >= LONG_FROM && random.below(20) === 0;
    const longest = isLong && (on === 'network' || kind === 'freeze') ? LONG : most;
    const lasts = MOMENTARY.has(kind) ? 0 : random.skewed(kind === 'kill' ? 0 : 100, longest);
    if (rest !== undefined) freeAt.set(target, at + lasts + rest);
    return { index, at, kind, target, lasts, ...detailsOf(kind, random) };
  });
}

function targetsOf({ nodes, isShared }, clients) {
  const each = Array.from({ length: nodes }, (_, i) => i + 1);
  return {
    // The publishers have a network, too.
    network: [...Array.from({ length: clients }, (_, i) => `client-${i}`), 'publishers', 'publishers'],
    node: each.map((n) => `node-${n}`),
    ...(isShared
      ? { line: each.map((n) => `line-${n}`), redis: ['redis'], nginx: ['nginx'] }
      : { disk: ['disk'] }),
  };
}

function detailsOf(kind, random) {
  if (kind.endsWith('delay')) return { by: random.between(20, 400) };
  if (kind === 'redis-hang-up') return { whom: random.pick(['normal', 'pubsub']) };
  if (kind !== 'failover') return {};
  return {
    how: random.pick(['killed', 'frozen', 'demoted']),
    /** Milliseconds that the replica is behind when it is promoted. */
    behind: random.below(3) === 0 ? 0 : random.skewed(1, 1200),
    /** Milliseconds for which the old master is still the one that is found, where it is only demoted. */
    split: random.skewed(0, 400),
  };
}

/** A fault as people read it. */
export function faultLine({ index, at, kind, target, lasts, by, whom, how, behind, split }) {
  const details = [
    by === undefined ? '' : ` by ${by} ms`,
    lasts ? ` for ${lasts} ms` : '',
    whom === undefined ? '' : `, ${whom} connections`,
    how === undefined ? '' : `, the old master ${how}, the replica ${behind} ms behind`,
    how === 'demoted' ? `, both ${split} ms at once` : '',
  ];
  return `fault ${index} at ${(at / 1000).toFixed(2)} s: ${kind} ${target}${details.join('')}`;
}
