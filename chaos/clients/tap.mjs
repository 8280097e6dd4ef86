import { Socket } from 'socket.io-client';

const taps = new Map();
const emit = Socket.prototype.emit;

/**
 * Hears what a client of this process asks on the wire, and what it is told: the SDK keeps to itself whether a resume
 * was recovered, and the oracle must not take its word for it.
 *
 * @param {number} port the client's own proxy, by which its sockets are known
 * @param {{ asked: (request: object, socket: object) => void, answered: (request: object, answer: object) => void, paged: () => void }} tap
 */
export function tapWire(port, tap) {
  taps.set(port, tap);
}

Socket.prototype.emit = function tapped(name, ...args) {
  const isAsked = name === 'subscribe' || name === 'rows';
  const tap = isAsked ? taps.get(Number(new URL(this.io.uri).port)) : undefined;
  if (name === 'rows') tap?.paged();
  const answer = name === 'rows' ? undefined : args.at(-1);
  if (!tap || typeof answer !== 'function') return emit.call(this, name, ...args);
  const [request] = args;
  tap.asked(request, this);
  args[args.length - 1] = (...given) => {
    const told = given.find((one) => one?.success === true);
    if (told) tap.answered(request, told);
    answer(...given);
  };
  return emit.call(this, name, ...args);
};
