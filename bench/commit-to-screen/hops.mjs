import { readFileSync } from 'node:fs';
import { wallMinusMonotonic } from './clock.mjs';

/** What the gateway's probe wrote, by kind, as wall-clock milliseconds in order. */
export function readProbe(file) {
  const offset = wallMinusMonotonic();
  const times = { received: [], appended: [], sent: [] };
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [what, at] = line.split(' ');
    times[what]?.push(Number(at) / 1e6 + offset);
  }
  for (const list of Object.values(times)) list.sort((a, b) => a - b);
  return times;
}

/** The hops between two moments of the path. */
export const HOPS = [
  ['engine commit → gateway', 'committed', 'received'],
  ['gateway → in the log', 'received', 'appended'],
  ['log → sent to the socket', 'appended', 'sent'],
  ['sent → received by the page', 'sent', 'arrived'],
  ['page → on the screen', 'arrived', 'shown'],
];

/**
 * The moments of one event's way. Nothing else happens at the time, so each moment is the first of its kind
 * after the one before; `undefined` where the chain is broken.
 *
 * @param {{ committedAt: number, at: number }} line
 */
export function wayOf(line, { received, appended, sent, arrived }) {
  const way = { committed: line.committedAt, shown: line.at };
  // The clocks of the engine and of the probe agree to a fraction of a millisecond.
  way.received = firstAfter(received, line.committedAt - 0.5);
  way.appended = firstAfter(appended, way.received);
  way.sent = firstAfter(sent, way.appended);
  way.arrived = firstAfter(arrived, way.sent - 0.5);
  return Object.values(way).every((moment) => moment !== undefined) && way.arrived <= line.at + 0.5
    ? way
    : undefined;
}

function firstAfter(times, moment) {
  if (moment === undefined) return;
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < moment) low = middle + 1;
    else high = middle;
  }
  return times[low];
}
