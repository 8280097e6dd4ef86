import type { Backoff } from './core/backoff.ts';
import type { Optimistic } from './optimistic.ts';
import type { OutboxLimits } from './outbox.ts';
import type { StoreLimits } from './store.ts';

/**
 * How to make a client; every part may be left out.
 *
 * @example createClient({ url: 'https://realtime.example.com', getToken: fetchToken, outbox: { expiry: 60_000 } })
 */
export interface ClientOptions {
  /** Where the gateway is: `https://realtime.example.com`. Default, in a browser: the page's origin. */
  url?: string | undefined;
  /** A token that does not change. One that expires wants `getToken`. */
  token?: string | undefined;
  /**
   * Called before every attempt to connect, so that the server always gets a fresh token, and when the server says
   * that the token of the connection is about to end: the fresh one takes its place, without a new connection.
   * Never called again before it has answered, or `connectTimeout` has passed. Wins over `token`.
   */
  getToken?: (() => string | Promise<string>) | undefined;
  /** Path of Socket.IO on the server. Default `/socket.io`. */
  path?: string;
  /** In this order, the next one where one fails. Default WebSocket, then polling. */
  transports?: ('websocket' | 'polling')[];
  /** Waits between attempts to connect. Default: full jitter below 500 ms, doubling to 30 s. */
  backoff?: Partial<Backoff>;
  /**
   * Milliseconds that a command may go without an answer from when it is first sent, over reconnects too, before its
   * promise fails with `timeout`. Default 30 000.
   */
  commandTimeout?: number;
  /**
   * Milliseconds for a connection to be made and for a subscribe to be answered. Default 20 000.
   * Shorter on bad networks means attempts that are given up just before they succeed.
   */
  connectTimeout?: number;
  /** What waits for a connection at most: 200 commands, five minutes each. Beyond it they fail with `outbox_full` and `expired`. */
  outbox?: Partial<OutboxLimits>;
  /**
   * `optimistic()`: what commands are expected to change is shown at once. Default: what they have changed is shown when
   * their events are there.
   */
  optimistic?: Optimistic;
  /** What is kept at most. Default: 500 events of history a room, 1 000 ended rows. */
  limits?: Partial<StoreLimits>;
}
