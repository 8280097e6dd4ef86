import type { Checkpoint, Delivered, Ephemeral, Ready, RoomLeft } from '@netbuild/realtime-protocol';
import type { Socket } from 'socket.io-client';
import type { ClientOptions } from '../options.ts';
import { Alarm } from './alarm.ts';
import { delay } from './backoff.ts';
import { isDeviceOffline, watchDevice } from './device.ts';
import type { ErrorDetails } from './error.ts';
import { Value } from './listeners.ts';
import { type Action, type Happening, type State, step } from './machine.ts';
import { type Ending, openSocket } from './socket.ts';
import { isConnected, type Status } from './status.ts';
import type { Timing } from './timing.ts';

/** What a connection tells of. */
export interface ConnectionEvents {
  ready(ready: Ready): void;
  events(batch: Delivered[]): void;
  checkpoint(checkpoint: Checkpoint): void;
  /** The server has taken rooms from this connection. */
  'room:left'(left: RoomLeft): void;
  ephemeral(words: Ephemeral[]): void;
  /** Wants everything since the last proof; `whole` happens when it is here. */
  resume(): void;
  /** The token of this connection is about to end. */
  'token:expiring'(): void;
  lost(): void;
  refused(error: ErrorDetails): void;
}

/** What a client needs of a connection. */
export type Link = Pick<Connection, 'status' | 'isReady' | 'happens' | 'send' | 'rebuilding'>;

/** What comes with a happening. */
type Detail = Partial<Ending> & { token?: string; ready?: Ready };

/** How long a connection must have been live to count as a success; shorter ones keep the backoff growing. */
const STEADY_MS = 5_000;

/** The machine of `SPEC.md`: takes what happens one after the other, and does what the cells say. */
export class Connection {
  readonly status = new Value<Status>({ state: 'closed', reason: 'by-hand' });
  #state: State = 'closed';
  #options: ClientOptions;
  #timing: Timing;
  #on: ConnectionEvents;
  #alarm: Alarm;
  #queue: [Happening, Detail][] = [];
  #isTaking = false;
  #ending: Ending = { reason: 'by-hand' };
  #socket: Socket | undefined;
  /** Counts the questions for a token: an answer to an earlier one is no answer. */
  #turn = 0;
  #failures = 0;
  #liveSince = 0;
  #provedAt = 0;
  #heardAt = 0;
  #notBefore = 0;
  #retryAt = 0;
  #hasCheckpoints = false;
  #isDeviceOffline = false;
  #isRebuilding = false;
  #unwatch: (() => void) | undefined;

  constructor(options: ClientOptions, timing: Timing, on: ConnectionEvents) {
    this.#options = options;
    this.#timing = timing;
    this.#on = on;
    this.#alarm = new Alarm(timing, this.#look);
  }

  get state(): State {
    return this.#state;
  }

  get isReady(): boolean {
    return isConnected(this.#state);
  }

  /** Takes in what happened, after what is being taken in. */
  happens(happening: Happening, detail: Detail = {}): void {
    this.#queue.push([happening, detail]);
    if (this.#isTaking) return;
    this.#isTaking = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#take(...next);
    } finally {
      this.#isTaking = false;
    }
  }

  /**
   * Sends now or not at all.
   *
   * @param answer is called in the order of the wire, before anything that came later; without an
   * answer where there was none in time or the connection went away.
   */
  send<A>(name: string, payload: unknown, answer: (answer?: A) => void, timeout = this.#timeout): void {
    if (!this.#socket?.connected) {
      answer();
      return;
    }
    this.#socket.timeout(timeout).emit(name, payload, (error: unknown, given: A) => {
      if (!error) this.#heardAt = this.#timing.now();
      answer(error ? undefined : given);
    });
  }

  /** Takes in what the server said of its storage. */
  rebuilding(isSo = false): void {
    this.#isRebuilding = isSo;
    this.#show();
  }

  #take(happening: Happening, detail: Detail): void {
    if (happening === 'online' || happening === 'offline') this.#isDeviceOffline = happening === 'offline';
    const [next, ...actions] = step(this.#state, happening) ?? [this.#state];
    if (actions.length > 0) {
      this.#state = next;
      if (detail.reason) this.#ending = detail as Ending;
      for (const action of actions) this.#actions[action](detail);
    }
    this.#show();
  }

  #show(): void {
    const status = this.#shown();
    // Equal is the same: who watches is told of changes alone.
    if (JSON.stringify(status) !== JSON.stringify(this.status.getSnapshot())) this.status.set(status);
  }

  readonly #actions: Record<Action, (detail: Detail) => void> = {
    ask: () => {
      this.#unwatch ??= watchDevice((event) => (event === 'shown' ? this.#look() : this.happens(event)));
      this.#isDeviceOffline = isDeviceOffline();
      this.#liveSince = 0;
      this.#ring(this.#timeout, 'unanswered');
      this.#ask(++this.#turn);
    },
    open: ({ token }) => {
      this.#hasCheckpoints = false;
      this.#isRebuilding = false;
      this.#heardAt = this.#timing.now();
      this.#ring(this.#timeout, 'unanswered');
      const socket = openSocket(this.#options, token!, (how, end) => this.happens(how, end));
      this.#socket = socket;
      socket.onAny(() => {
        this.#heardAt = this.#timing.now();
      });
      socket.on('ready', (ready: Ready) => this.happens('ready', { ready }));
      for (const name of ['events', 'ephemeral', 'token:expiring', 'room:left'] as const)
        socket.on(name, this.#on[name]);
      socket.on('checkpoint', (checkpoint: Checkpoint) => {
        this.#hasCheckpoints = true;
        this.rebuilding(checkpoint.rebuilding);
        this.#on.checkpoint(checkpoint);
      });
    },
    enter: ({ ready }) => {
      this.#ring();
      // Before what the server said is told: who hears that finds the connection there.
      this.#show();
      this.#on.ready(ready!);
    },
    drop: () => {
      this.#alarm.clear();
      const socket = this.#socket;
      this.#socket = undefined;
      // Before the socket gives up what is unanswered, or that would be taken for failures of this connection.
      this.#on.lost();
      // Silenced first, or its own `disconnect` would be taken for a loss.
      socket?.off();
      socket?.disconnect();
    },
    fail: () => this.#on.refused(this.#ending.error!),
    wait: () => {
      const now = this.#timing.now();
      this.#failures = this.#liveSince > 0 && now - this.#liveSince > STEADY_MS ? 0 : this.#failures + 1;
      const { base = 500, limit = 30_000 } = this.#options.backoff ?? {};
      this.#notBefore = now + (this.#ending.retryAfter ?? 0);
      this.#retryAt = this.#notBefore + delay({ base, limit }, Math.max(0, this.#failures - 1));
      this.#ring(this.#retryAt - now, 'due');
    },
    hurry: () => {
      const now = this.#timing.now();
      this.#retryAt = Math.max(now, this.#notBefore);
      this.#ring(this.#retryAt - now, 'due');
    },
    watch: () => {
      this.#provedAt = this.#timing.now();
      this.#liveSince ||= this.#provedAt;
      this.#ring(2 * this.#timing.interval);
    },
    rest: () => {
      this.#provedAt = this.#timing.now();
      this.#ring(6 * this.#timing.interval);
    },
    probe: () => {
      this.#ring(this.#timing.interval, 'unanswered');
      this.#on.resume();
    },
    resume: () => {
      this.#ring();
      this.#on.resume();
    },
  };

  get #timeout(): number {
    return this.#options.connectTimeout ?? 20_000;
  }

  #ring(wait = Number.POSITIVE_INFINITY, happening: Happening = 'missed'): void {
    this.#alarm.set(wait, () =>
      this.happens(happening, { reason: this.#state === 'asking' ? 'token' : 'network' }),
    );
  }

  /** Time has passed unseen, or somebody looks: whether the socket outlived it is not known if it has been silent. */
  #look = (): void => {
    if (!this.#socket || this.#timing.now() - this.#heardAt > 2 * this.#timing.interval)
      this.happens('woken');
  };

  async #ask(turn: number): Promise<void> {
    const { token, getToken } = this.#options;
    let answer: [Happening, Detail];
    try {
      // Awaited even where nothing is: a connect that is taken back at once, as React's StrictMode does, opens no socket.
      answer = ['token', { token: (await (getToken ? getToken() : token)) ?? '' }];
    } catch {
      answer = ['no-token', { reason: 'token' }];
    }
    if (turn === this.#turn) this.happens(...answer);
  }

  #shown(): Status {
    const state = this.#state;
    const { reason, error } = this.#ending;
    const connecting = { state: 'connecting', attempt: this.#failures + 1 };
    const facts: { [S in State]?: object } = {
      closed: { state, reason },
      asking: connecting,
      opening: connecting,
      stale: { state, reason: this.#hasCheckpoints ? 'silent' : 'unproven', provedAt: this.#provedAt },
      waiting: { state: 'offline', reason, retryAt: this.#retryAt, ...(error ? { error } : {}) },
      refused: { state, error },
    };
    if (state === 'closed') {
      this.#unwatch?.();
      this.#unwatch = undefined;
      this.#isDeviceOffline = false;
    }
    return {
      ...(facts[state] ?? { state }),
      ...(this.#isDeviceOffline ? { deviceOffline: true } : {}),
      ...(this.#isRebuilding && this.isReady ? { rebuilding: true } : {}),
    } as Status;
  }
}
