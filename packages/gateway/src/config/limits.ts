import { z } from 'zod';

const rate = (most: string) =>
  z
    .string()
    .regex(/^(off|[1-9]\d*\/(\d*[1-9]\d*(\.\d+)?|0?\.\d*[1-9]\d*))$/, 'must be BURST/PER_SECOND, or off')
    .default(most);
const count = (most: number) => z.coerce.number().int().min(0).default(most);
const size = (bytes: number) =>
  z.coerce
    .number()
    .int()
    .min(1024)
    .max(2 ** 30)
    .default(bytes);
const milliseconds = (most: number) => z.coerce.number().int().min(100).max(86_400_000).default(most);

/** The settings of the limits. `500/20` lets 500 through at once, and 20 a second after that. */
export const LIMIT_SETTINGS = {
  LIMIT_CONNECTIONS_USER: {
    doc: 'connections (sockets, event streams, and commands over HTTP that are under way) that a person has on a node, at most; 0: no limit',
    schema: count(2000),
  },
  LIMIT_CONNECTIONS_ADDRESS: {
    doc: 'connections that an address (IPv6: a network of 64 bits) has on a node, at most; 0: no limit',
    schema: count(10_000),
  },
  LIMIT_HANDSHAKES_NODE: {
    doc: 'sessions that begin on a node: so many at once, and so many a second after that',
    schema: rate('20000/4000'),
  },
  LIMIT_HANDSHAKES_ADDRESS: { doc: 'sessions that an address begins', schema: rate('10000/1000') },
  LIMIT_UNAUTHENTICATED: {
    doc: 'sessions of an address that have yet to say who they are, at most; 0: no limit',
    schema: count(5000),
  },
  LIMIT_UNAUTHENTICATED_MS: {
    doc: 'milliseconds that a session has to say who it is',
    schema: milliseconds(20_000),
  },
  LIMIT_UNAUTHENTICATED_PACKETS: {
    doc: 'packets that a session may send until then; 0: no limit',
    schema: count(20),
  },
  LIMIT_ENGINE_COMMANDS: {
    doc: 'commands that ask an engine, of a socket, or of a person over HTTP: at once, and a second after that',
    schema: rate('500/20'),
  },
  LIMIT_CHAT_COMMANDS: { doc: 'the other commands: messages, executions', schema: rate('500/50') },
  LIMIT_ROOM_REQUESTS: {
    doc: 'whatever else a socket asks: to join, leave, subscribe, for more rows',
    schema: rate('1000/100'),
  },
  LIMIT_REFUSALS: {
    doc: 'requests of a socket that are refused for one of these limits before it is closed as too_fast',
    schema: rate('1000/10'),
  },
  LIMIT_PACKETS: {
    doc: 'packets of a socket, whatever is in them; beyond it is closed as too_fast',
    schema: rate('5000/500'),
  },
  LIMIT_PACKET_BYTES: {
    doc: 'bytes of a packet of a socket; a larger one is refused, one of twice as many ends the connection',
    schema: size(256 * 1024),
  },
  LIMIT_WAITING_BYTES: {
    doc: 'bytes of requests of a socket that wait for their turn',
    schema: size(4 * 1024 * 1024),
  },
  LIMIT_ROOMS: {
    doc: 'rooms that a socket is in, at most',
    schema: z.coerce.number().int().min(1).max(500).default(500),
  },
  LIMIT_JSON_DEPTH: {
    doc: 'levels of JSON in a request',
    schema: z.coerce.number().int().min(8).max(1000).default(32),
  },
  LIMIT_BACKLOG_BYTES: {
    doc: 'bytes that may wait for a connection to read them; beyond it is closed as behind',
    schema: size(8 * 1024 * 1024),
  },
  LIMIT_BACKLOG_MS: {
    doc: 'milliseconds that something may wait for it while nothing goes out',
    schema: milliseconds(10_000),
  },
  LIMIT_HTTP_REQUESTS: { doc: 'requests of an address over HTTP', schema: rate('5000/500') },
  LIMIT_HTTP_PUBLISHES: {
    doc: "requests of an address to the publishers' routes",
    schema: rate('20000/5000'),
  },
  LIMIT_LOGINS: { doc: 'logins of an address, right or wrong', schema: rate('50/1') },
  LIMIT_BATCH_EVENTS: {
    doc: 'events in a batch of POST /v1/events',
    schema: z.coerce.number().int().min(1).max(100_000).default(1000),
  },
  LIMIT_BODY_BYTES: { doc: "bytes of a request's body", schema: size(1024 * 1024) },
  LIMIT_ENGINE_BODY_BYTES: { doc: 'bytes of a body of POST /v1/engine', schema: size(64 * 1024 * 1024) },
  LIMIT_BYTES_IN_FLIGHT: {
    doc: 'bytes of bodies that a node reads or works on at once',
    schema: size(256 * 1024 * 1024),
  },
  LIMIT_REQUEST_MS: {
    doc: 'milliseconds that a request has to arrive whole; its headers have a sixth of it',
    schema: milliseconds(60_000),
  },
} as const;
