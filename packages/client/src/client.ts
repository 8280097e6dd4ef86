import type {
  CommandInput,
  CommandName,
  Delivered,
  PresenceAnswer,
  Ready,
  RealtimeEvent,
  Room,
} from '@netbuild/realtime-protocol';
import { type ErrorDetails, failure, RealtimeError } from './core/error.ts';
import {
  Arrivals,
  Connection,
  type ConnectionEvents,
  type Link,
  Listeners,
  type Point,
  type Readable,
  type RoomHandle,
  Rooms,
  type Status,
  Subscriber,
  TIMING,
  type Timing,
  Value,
} from './core/index.ts';
import type { Expected } from './expected.ts';
import type { ClientOptions } from './options.ts';
import { type CommandDone, type OpenCommand, outboxOf } from './outbox.ts';
import { type HistoryEvent, type KindOf, kindOf, type ListName, type Row } from './row.ts';
import { Store } from './store.ts';
import { Tokens } from './tokens.ts';
import type { Audible, EventListener } from './told.ts';
import { historyView, rowsView, type View, type ViewQuery } from './view.ts';

/** Who the server takes this client for. */
export type Identity = Pick<Ready, 'userId' | 'domainId' | 'groups'>;

/** One connection, one position, and what is known up to it. */
export interface RealtimeClient {
  /** The connection as it is. */
  readonly status: Readable<Status>;
  /** Who the server takes this client for; `undefined` before the first connection. */
  readonly identity: Readable<Identity | undefined>;
  /** The commands without an answer, in the order in which they are sent. */
  readonly outbox: Readable<readonly OpenCommand[]>;
  /** Everything of the whole rooms up to here is known. */
  readonly position: Point | undefined;
  /** Connects, and stays connected until `disconnect`. Cuts a wait for the next attempt short. */
  connect(): void;
  /** Goes offline. Rows, rooms, position and unanswered commands are kept; `connect` resumes from them. */
  disconnect(): void;
  /**
   * Resolves when everything of the whole rooms up to a position is here, so that one's own write can be read.
   *
   * @param timeout milliseconds; default as for commands
   * @throws {RealtimeError} by the promise: `timeout`; `life_changed` where the log has begun another life, and
   * the position may be lost with the one before; or the refusal of this client.
   * @example await client.ready(await client.command('task:claim', { taskId }));
   */
  ready(position: Point, timeout?: number): Promise<void>;
  /** A room, to hold and to watch. */
  room(name: Room): RoomHandle;
  /**
   * A list of rows that follows the log, oldest first. Equal queries get the same view.
   *
   * @example const tasks = client.view('tasks', { room: 'execution:4711', open: true });
   */
  view<N extends ListName>(name: N, query?: ViewQuery): View<Row<KindOf<N>>>;
  /** The last events of an execution's or a process's room, in the log's order. */
  history(room: Room): View<HistoryEvent>;
  /**
   * Hears each event of a type once and in order, those of a resume too. `*` hears all.
   * What a snapshot brings is state, not news, and is not told.
   *
   * Of `typing`, `presence:joined`, `presence:left` and `agent:delta` it hears those that reach it: they are kept
   * nowhere, and `*` does not hear them.
   *
   * Beside the events: `ready`, at each connection, says who we are; `left`, that a subject is in no room of ours any
   * more; `room:left`, that the server has taken rooms from us.
   *
   * @returns what takes the listener away.
   * @example client.on('task:created', ({ data }) => notify(data.taskName));
   */
  on<T extends Audible>(type: T, listener: EventListener<T>): () => void;
  /**
   * Asks for something to be done. It waits for a connection where there is none, and is sent again, under the same
   * id, when one breaks before the answer; the server does it once, and all in the order in which they were given.
   * What is under way already under the given `commandId` is not another command: it has the same promise.
   *
   * What it is expected to change is shown at once (`optimistic`): views and histories have rows as they are expected to
   * be, with `pending`, until an event or the answer says how they are.
   *
   * @throws {RealtimeError} by the promise: the server's refusal; `timeout`, `expired`, `outbox_full` or `disconnected`.
   * @example await client.command('task:complete', { taskId, variables: { approved: true } });
   */
  command<N extends CommandName>(
    name: N,
    input: CommandInput<N>,
    options?: CommandOptions,
  ): Promise<CommandDone<N>>;
  /**
   * Asks who is in a room that we are in, or says that we are writing in an execution: now or not at all.
   *
   * @returns the answer; `undefined` where there is no connection, or none came.
   * @example const answer = await client.ask('presence', { room: 'execution:4711' });
   */
  ask<N extends keyof Asked>(name: N, input: Asked[N][0]): Promise<Asked[N][1] | undefined>;
  /**
   * Gets something over HTTP, as who we are.
   *
   * @throws {RealtimeError} by the promise: the server's refusal; otherwise what `fetch` throws.
   * @example const { executions } = await client.get<UnreadAnswer>('/v1/unread');
   */
  get<A>(path: string): Promise<A>;
  /**
   * Puts what a room had before its history in front of it, without a hole.
   *
   * @param first the first event of the history, before which these stand
   * @returns whether it was still the first one; otherwise nothing is changed.
   */
  prepend(room: Room, first: RealtimeEvent, events: readonly Delivered[]): boolean;
}

/** How a command is given. */
export interface CommandOptions {
  /**
   * What it is expected to change; `false`: nothing. Default: what the client's `optimistic` knows of it. A client
   * without that shows nothing ahead.
   */
  optimistic?: false | readonly Expected[];
}

/** What can be asked and said beside commands, and what it answers. */
interface Asked {
  presence: [{ room: Room }, PresenceAnswer];
  typing: [{ executionId: string }, { success: boolean }];
}

/**
 * Makes a client. It does nothing before `connect()`.
 *
 * @example
 * const client = createClient({ url: 'https://realtime.example.com', getToken });
 * client.connect();
 * const release = client.room('execution:4711').hold();
 * const tasks = client.view('tasks', { room: 'execution:4711', open: true });
 * tasks.subscribe(() => show(tasks.getSnapshot()));
 */
export function createClient(options: ClientOptions = {}): RealtimeClient {
  return clientOn(TIMING, options);
}

const connect = (options: ClientOptions, timing: Timing, on: ConnectionEvents): Link =>
  new Connection(options, timing, on);

/** Makes a client that goes by a given clock, on a connection of its own making. */
export function clientOn(timing: Timing, options: ClientOptions, connectBy = connect): RealtimeClient {
  const listeners = new Map<string, Listeners<[never]>>();
  const tell = (type: string, told: unknown) => listeners.get(type)?.tell(told as never);
  const views = new Map<string, View<unknown>>();
  const identity = new Value<Identity | undefined>(undefined);
  const rooms = new Rooms(() => {
    store.prune();
    subscriber.pump();
  });
  const store = new Store(rooms.shows, { history: 500, ended: 1_000, ...options.limits });
  const { shown, expect } = options.optimistic?.(store) ?? {};
  const source = shown ?? store;
  const timeout = options.commandTimeout ?? 30_000;
  const arrivals = new Arrivals();
  const tokens = new Tokens(options, timing);
  const connection = connectBy({ ...options, getToken: tokens.get }, timing, {
    ready(ready) {
      const before = identity.getSnapshot();
      const { userId, domainId, groups } = ready;
      if (before && (before.userId !== userId || before.domainId !== domainId)) {
        outbox.fail(failure('disconnected', 'Somebody else has signed in.', false));
        subscriber.forget();
      }
      identity.set({ userId, domainId, groups });
      tell('ready', ready);
      subscriber.ready(ready);
      outbox.pump();
    },
    events: (batch) => subscriber.events(batch),
    checkpoint: (checkpoint) => subscriber.checkpoint(checkpoint),
    'room:left'(left) {
      subscriber.left(left);
      tell('room:left', left);
    },
    resume: () => subscriber.resume(),
    ephemeral(words) {
      for (const word of words) tell(word.type, word);
    },
    'token:expiring': () => tokens.renew(connection),
    lost() {
      subscriber.lost();
      outbox.lost();
    },
    refused(error) {
      outbox.fail(error);
      arrivals.fail(error);
    },
  });
  const outbox = outboxOf({
    connection,
    timing,
    timeout,
    limit: 200,
    expiry: 300_000,
    ...options.outbox,
    onAnswer(commandId, point) {
      if (!shown?.has(commandId)) return;
      const drop = (): void => shown.drop(commandId);
      if (!point) {
        drop();
        return;
      }
      // Its effect is here, or on its way.
      arrivals.wait(point, timeout).then(drop, drop);
      arrivals.reached(subscriber.position);
    },
  });
  const subscriber = new Subscriber(connection, rooms, store, arrivals, (item) => {
    if (!('type' in item)) {
      tell('left', item);
      return;
    }
    tell(item.type, item);
    tell('*', item);
  });
  const cached = <T>(key: string, make: (onIdle: () => void) => View<T>): View<T> => {
    const view = (views.get(key) as View<T> | undefined) ?? make(() => views.delete(key));
    views.set(key, view);
    return view;
  };

  return {
    status: connection.status,
    identity,
    outbox: outbox.open,
    get position() {
      return subscriber.position;
    },
    connect: () => connection.happens('connect'),
    disconnect() {
      tokens.forget();
      connection.happens('disconnect', { reason: 'by-hand' });
    },
    ready: ({ epoch, seq }, within = timeout) => subscriber.reach({ epoch, seq }, within),
    room: (name) => rooms.handle(name),
    view: (name, query = {}) =>
      cached(JSON.stringify([name, query.room, query.open, query.id]), (onIdle) =>
        rowsView(source, kindOf(name), query, onIdle),
      ),
    history: (room) => cached(room, (onIdle) => historyView(source, room, onIdle)),
    on(type, listener) {
      const all = listeners.get(type) ?? new Listeners<[never]>();
      listeners.set(type, all);
      return all.add(listener);
    },
    command: (name, input, { optimistic } = {}) =>
      outbox.run(name, input, (commandId) => {
        const me = identity.getSnapshot()?.userId;
        const expected = optimistic ?? (me && expect?.(name, input, { me, commandId }));
        if (expected) shown?.add(commandId, expected);
      }),
    ask: (name, input) => new Promise((resolve) => connection.send(name, input, resolve)),
    async get(path) {
      const headers = { authorization: `Bearer ${await tokens.get()}` };
      const response = await fetch(options.url ? new URL(path, options.url) : path, { headers });
      const body = (await response.json()) as { error: ErrorDetails };
      if (!response.ok) throw new RealtimeError(body.error);
      return body as never;
    },
    prepend: (room, first, events) => store.prepend(room, first, events),
  };
}
