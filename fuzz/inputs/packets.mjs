/** What is said over engine.io: packets of Socket.IO that are whole, and such that are not. */

const EVENTS = [
  'connect',
  'disconnect',
  'disconnecting',
  'connect_error',
  'error',
  'newListener',
  'removeListener',
  '__proto__',
  'constructor',
  'unsubscribe',
  'rows',
  'token',
  'typing',
  'presence',
  'leave-process',
  'leave-execution',
];

/** Ways into a room: what is heard by who is let in is what matters most. */
const ENTRANCES = ['subscribe', 'join-execution', 'join-process'];

/**
 * @param {ReturnType<import('../../scripts/lib/random.mjs').randomOf>} random
 * @param {ReturnType<import('./values.mjs').valuesOf>} values
 * @param {Record<string, object>} commands schemas of the commands, by their names
 */
export function packetsOf(random, values, commands) {
  const names = Object.keys(commands);

  const one = (field) => `{"${field}":${JSON.stringify(values.name())}}`;
  // Some names are those of what every object has.
  const payloads = new Map([
    ['rows', rooms],
    ['unsubscribe', rooms],
    ['typing', () => one('executionId')],
    ['presence', () => one('room')],
  ]);

  /** Name and payload of what a client may emit, as JSON. */
  function emitted() {
    if (random.next() < 0.5) {
      const name = random.pick(names);
      return `${JSON.stringify(name)},${values.fitting(commands[name])}`;
    }
    const name = random.weighed({ entrance: 5, event: 4, any: 1 });
    if (name === 'entrance') return entrance();
    const other = name === 'event' ? random.pick(EVENTS) : values.text();
    return `${JSON.stringify(other)},${(payloads.get(other) ?? values.any)()}`;
  }

  function entrance() {
    const name = random.pick(ENTRANCES);
    const wanted = name === 'subscribe' ? rooms() : JSON.stringify(values.name());
    return `${JSON.stringify(name)},${random.next() < 0.8 ? wanted : values.any()}`;
  }

  function rooms() {
    const list = Array.from({ length: random.between(0, 4) }, () => JSON.stringify(values.name()));
    const since = random.next() < 0.5 ? `,"since":${JSON.stringify(values.text())}` : '';
    return random.next() < 0.8 ? `{"rooms":[${list}]${since}}` : values.any();
  }

  const asked = (what) => `42${random.next() < 0.5 ? random.below(1000) : ''}[${what}]`;
  /** What any client may send, with what no client would in it. */
  const event = () => asked(emitted());
  /** A question for rooms, of others as a rule. */
  const intrusion = () => asked(entrance());

  /** A packet of Socket.IO inside of one of engine.io, or what is none. */
  function packet() {
    const kind = random.weighed({ event: 12, binary: 2, other: 2, engine: 2, noise: 1 });
    switch (kind) {
      case 'event':
        return event();
      case 'binary':
        // As many attachments as it likes to say, which never come, or others.
        return `4${random.pick(['5', '6'])}${random.pick([0, 1, 2, 10, 11, 1000, 4_000_000_000, -1])}-[${emitted()},{"_placeholder":true,"num":${random.below(3)}}]`;
      case 'other':
        return `4${random.pick(['0', '1', '2', '3', '4', '5', '6', '7', 'a'])}${random.pick(['', '/', '/x,', '/__proto__,', '/admin,', ','])}${values.any()}`;
      case 'engine':
        return random.pick(['0', '1', '2', '2probe', '3', '3probe', '5', '6', '7', 'b', 'bAAAA', '']);
      default:
        return values.text();
    }
  }

  return { packet, event, intrusion };
}
