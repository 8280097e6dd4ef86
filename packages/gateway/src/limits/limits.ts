import type { Config } from '../config/config.ts';
import { type Rate, rateOf } from '../rate.ts';

/** What of a socket's requests is counted together: they cost alike. */
export type Kind = 'engine' | 'chat' | 'rooms';

/** The limits of a gateway; `docs/limits.md` says why each is what it is. A rate that is missing is no limit. */
export interface Limits {
  connections: { user: number; address: number };
  handshakes: { node: Rate | undefined; address: Rate | undefined };
  unauthenticated: { sockets: number; milliseconds: number; packets: number };
  requests: Record<Kind, Rate | undefined>;
  refusals: Rate | undefined;
  packets: Rate | undefined;
  packetBytes: number;
  waitingBytes: number;
  rooms: number;
  depth: number;
  backlog: { bytes: number; age: number };
  http: {
    read: Rate | undefined;
    publish: Rate | undefined;
    login: Rate | undefined;
    batchEvents: number;
    bodyBytes: number;
    engineBodyBytes: number;
    bytesInFlight: number;
    milliseconds: number;
  };
}

/** The limits that a configuration names. */
export function limitsOf(config: Config): Limits {
  return {
    connections: { user: config.LIMIT_CONNECTIONS_USER, address: config.LIMIT_CONNECTIONS_ADDRESS },
    handshakes: {
      node: rateOf(config.LIMIT_HANDSHAKES_NODE),
      address: rateOf(config.LIMIT_HANDSHAKES_ADDRESS),
    },
    unauthenticated: {
      sockets: config.LIMIT_UNAUTHENTICATED,
      milliseconds: config.LIMIT_UNAUTHENTICATED_MS,
      packets: config.LIMIT_UNAUTHENTICATED_PACKETS,
    },
    requests: {
      engine: rateOf(config.LIMIT_ENGINE_COMMANDS),
      chat: rateOf(config.LIMIT_CHAT_COMMANDS),
      rooms: rateOf(config.LIMIT_ROOM_REQUESTS),
    },
    refusals: rateOf(config.LIMIT_REFUSALS),
    packets: rateOf(config.LIMIT_PACKETS),
    packetBytes: config.LIMIT_PACKET_BYTES,
    waitingBytes: config.LIMIT_WAITING_BYTES,
    rooms: config.LIMIT_ROOMS,
    depth: config.LIMIT_JSON_DEPTH,
    backlog: { bytes: config.LIMIT_BACKLOG_BYTES, age: config.LIMIT_BACKLOG_MS },
    http: {
      read: rateOf(config.LIMIT_HTTP_REQUESTS),
      publish: rateOf(config.LIMIT_HTTP_PUBLISHES),
      login: rateOf(config.LIMIT_LOGINS),
      batchEvents: config.LIMIT_BATCH_EVENTS,
      bodyBytes: config.LIMIT_BODY_BYTES,
      engineBodyBytes: config.LIMIT_ENGINE_BODY_BYTES,
      bytesInFlight: config.LIMIT_BYTES_IN_FLIGHT,
      milliseconds: config.LIMIT_REQUEST_MS,
    },
  };
}
