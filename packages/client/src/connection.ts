import type { Closing, Delivered, Handshake, Ready, WireError } from '@netbuild/realtime-protocol';
import { io, type Socket } from 'socket.io-client';
import { delay } from './backoff.ts';
import type { ErrorDetails } from './error.ts';
import { Value } from './listeners.ts';
import type { ClientOptions } from './options.ts';
import type { OfflineReason, Status } from './status.ts';

/** What a connection tells of. */
export interface ConnectionEvents {
  ready(ready: Ready): void;
  events(batch: Delivered[]): void;
  lost(status: Status): void;
}

/** How long a connection must have been live to count as a success; shorter ones keep the backoff growing. */
const STEADY_MS = 5_000;

/**
 * One socket at a time, made anew after each loss.
 * Socket.IO's own reconnection and send buffer stay off: the buffer is unbounded, lost with the page,
 * and would send again what the server has had.
 */
export class Connection {
  readonly status = new Value<Status>({ state: 'closed', reason: 'by-hand' });
  #options: ClientOptions;
  #on: ConnectionEvents;
  #socket: Socket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #liveSince = 0;

  constructor(options: ClientOptions, on: ConnectionEvents) {
    this.#options = options;
    this.#on = on;
  }

  get isReady(): boolean {
    const { state } = this.status.getSnapshot();
    return state === 'catching-up' || state === 'live';
  }

  /** Connects, or cuts a wait short. */
  connect(): void {
    if (!this.isReady && this.status.getSnapshot().state !== 'connecting') this.#attempt();
  }

  disconnect(): void {
    this.#end({ state: 'closed', reason: 'by-hand' });
  }

  /** What is shown is what is. */
  live(): void {
    if (this.status.getSnapshot().state === 'live') return;
    this.#liveSince = Date.now();
    this.status.set({ state: 'live' });
  }

  /** Gives this connection up and makes another one. */
  restart(): void {
    this.#lost('network');
  }

  /**
   * Sends now or not at all.
   *
   * @param answer is called in the order of the wire, before anything that came later; without an
   * answer where there was none in time or the connection went away.
   */
  send<A>(name: string, payload: unknown, timeout?: number, answer?: (answer?: A) => void): void {
    const socket = this.#socket;
    if (!socket?.connected) {
      answer?.();
    } else if (answer) {
      socket.timeout(timeout ?? this.#timeout).emit(name, payload, (error: unknown, given: A) => {
        answer(error ? undefined : given);
      });
    } else {
      socket.emit(name, payload);
    }
  }

  get #timeout(): number {
    return this.#options.connectTimeout ?? 20_000;
  }

  async #attempt(): Promise<void> {
    clearTimeout(this.#timer);
    const attempt: Status = { state: 'connecting', attempt: this.#failures + 1 };
    this.status.set(attempt);
    const { token, getToken } = this.#options;
    let fresh: string | undefined;
    try {
      // Awaited even where nothing is: a connect that is taken back at once, as React's StrictMode does, opens no socket.
      fresh = await (getToken ? getToken() : token);
    } catch {
      if (this.status.getSnapshot() === attempt) this.#lost('token');
      return;
    }
    if (this.status.getSnapshot() === attempt) this.#open(fresh ?? '');
  }

  #open(token: string): void {
    const { url, path, transports = ['websocket', 'polling'] } = this.#options;
    const auth: Handshake = { token, client: 'sdk', wire: 1 };
    const settings = {
      auth,
      transports,
      tryAllTransports: true,
      reconnection: false,
      forceNew: true,
      ...(path === undefined ? {} : { path }),
    };
    const socket = url ? io(url, settings) : io(settings);
    let closing: Closing | undefined;
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#lost('network'), this.#timeout);
    socket.on('ready', (ready: Ready) => {
      clearTimeout(this.#timer);
      this.status.set({ state: 'catching-up' });
      this.#on.ready(ready);
    });
    socket.on('events', (batch: Delivered[]) => this.#on.events(batch));
    socket.on('closing', (told: Closing) => {
      closing = told;
    });
    socket.on('connect_error', (error: Error & { data?: Partial<WireError> }) => {
      const told = error.data?.code ? (error.data as WireError) : undefined;
      if (told && !told.retryable) this.#end({ state: 'refused', error: told });
      else this.#lost(told ? 'busy' : 'network', told?.retryAfter, told);
    });
    socket.on('disconnect', () => {
      if (closing?.comeBack === false) this.#end({ state: 'closed', reason: closing.code });
      else this.#lost(closing?.code ?? 'network', closing?.retryAfter);
    });
  }

  /** Waits, and tries again. */
  #lost(reason: OfflineReason, retryAfter = 0, error?: ErrorDetails): void {
    const wasSteady = this.#liveSince > 0 && Date.now() - this.#liveSince > STEADY_MS;
    this.#failures = wasSteady ? 0 : this.#failures + 1;
    const { base = 500, limit = 30_000 } = this.#options.backoff ?? {};
    const wait = retryAfter + delay({ base, limit }, Math.max(0, this.#failures - 1));
    const status: Status = {
      state: 'offline',
      reason,
      retryAt: Date.now() + wait,
      ...(error ? { error } : {}),
    };
    this.#end(status, wait);
  }

  /** @param wait milliseconds until the next attempt; without it there is none. */
  #end(status: Status, wait?: number): void {
    clearTimeout(this.#timer);
    if (wait !== undefined) this.#timer = setTimeout(() => this.#attempt(), wait);
    const socket = this.#socket;
    this.#socket = undefined;
    this.#liveSince = 0;
    // Before the socket gives up what is unanswered, or that would be taken for failures of this connection.
    this.#on.lost(status);
    // Silenced first, or its own `disconnect` would be taken for a loss.
    socket?.off();
    socket?.disconnect();
    this.status.set(status);
  }
}
