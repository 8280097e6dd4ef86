import type {
  EphemeralData,
  EphemeralType,
  EventType,
  RealtimeEvent,
  Room,
} from '@netbuild/realtime-protocol';
import { clientOn, type Identity, type RealtimeClient } from '../client.ts';
import { type ErrorDetails, failure, RealtimeError } from '../core/error.ts';
import type { Status } from '../core/status.ts';
import { TIMING } from '../core/timing.ts';
import { type Optimistic, optimistic } from '../optimistic.ts';
import { type KindOf, kindOf, type ListName, type RowData } from '../row.ts';
import type { DataOf } from '../told.ts';
import { type FakeCommand, FakeCommands } from './fake-command.ts';
import { FakeConnection } from './fake-connection.ts';
import { type FakeEvent, FakeLog } from './fake-log.ts';

/** What a fake client begins with; every part may be left out. */
export interface FakeOptions {
  /** Who is signed in. Default: `alice` of the domain `demo`, in no group. */
  identity?: Partial<Identity>;
  /** Default `{ state: 'live' }`. */
  status?: Status;
  /** What there is, by the names of lists. None of it is news, nor in a history. */
  rows?: { [N in ListName]?: readonly RowData[KindOf<N>][] };
  /** What has happened, oldest first: a history has it, and rows that it has left are there, too. */
  history?: readonly FakeHappening[];
  /** Takes each command, and may answer it. Default: they wait in `commands`. */
  onCommand?: (command: FakeCommand) => void;
  /** Who is in a room. Default: who is signed in. */
  people?: (room: Room) => string[];
  /** Answers `get`. Default: `not_found`. */
  get?: (path: string) => unknown;
  /** As of a client. Default `optimistic()`, as in React; `false`: what commands change is shown by their events alone. */
  optimistic?: Optimistic | false;
}

/** Something that has happened. */
export type FakeHappening = {
  [T in EventType | `x:${string}`]: FakeEvent & { type: T; data: DataOf<T> };
}[EventType | `x:${string}`];

/** A client whose server is the test. What it shows, tells and keeps is done by the code of a real one. */
export interface FakeClient extends RealtimeClient {
  /** The commands without an answer, oldest first. Offline ones are in `outbox`. */
  readonly commands: readonly FakeCommand[];
  /** Something happens. Rooms, subject and whether it is over are worked out of the data where they are not given. */
  emit<T extends EventType | `x:${string}`>(type: T, data: DataOf<T>, more?: FakeEvent): RealtimeEvent;
  /** A row is so now: tells it as `…:updated`, or of whatever type is said. */
  put<N extends ListName>(list: N, data: RowData[KindOf<N>], more?: FakeEvent & { type?: EventType }): void;
  /** A row is taken out of sight. */
  remove(list: ListName, id: string): void;
  /** Somebody says what is kept nowhere: that they write, have come, or have gone. */
  say<T extends EphemeralType>(type: T, data: EphemeralData<T>): void;
  /** The connection is so now. What happens while there is none comes when there is one again. */
  setStatus(status: Status): void;
  /** A room is not for who is signed in, from now on. */
  refuse(room: Room, error?: ErrorDetails): void;
}

/**
 * Makes a client without a server, for tests and Storybook. It is connected, unless its `status` says otherwise, and a room
 * is whole as soon as it is held, a microtask later.
 *
 * @example
 * const client = createFakeClient({ rows: { tasks: [{ taskId: 't1', state: 'open', candidateUsers: [], candidateGroups: [] }] } });
 * render(<WebSocketProvider client={client}><MyTasks /></WebSocketProvider>);
 * client.commands[0].refuse('task_taken');
 */
export function createFakeClient(options: FakeOptions = {}): FakeClient {
  const identity: Identity = { userId: 'alice', domainId: 'demo', groups: [], ...options.identity };
  const { userId, domainId, groups } = identity;
  const rooms: Room[] = [
    `user:${userId}`,
    `domain:${domainId}`,
    ...groups.map((name): Room => `group:${name}`),
  ];
  const log = new FakeLog(rooms);
  const commands = new FakeCommands(() => ({ epoch: log.epoch, seq: log.seq }));
  const refused = new Map<Room, ErrorDetails>();
  let connection!: FakeConnection;

  const put: FakeClient['put'] = (list, data, { type, ...more } = {}) => {
    const kind = kindOf(list);
    const named = type ?? (kind === 'incident' ? 'process:error-updated' : `${kind}:updated`);
    log.append(named, data as never, more);
    connection.deliver();
  };

  const client = clientOn(
    TIMING,
    options.optimistic === false ? {} : { optimistic: options.optimistic ?? optimistic() },
    (_, __, on) => {
      connection = new FakeConnection(
        {
          log,
          identity,
          rooms,
          refused,
          people: options.people ?? (() => [userId]),
          onCommand: (name, input, answer) =>
            commands.take(name, input, answer as never, (command) => options.onCommand?.(command)),
        },
        on,
      );
      return connection;
    },
  );

  for (const [list, all] of Object.entries(options.rows ?? {}))
    for (const data of all) {
      put(list as ListName, data as never);
      log.pictures.add(log.events.at(-1)!);
    }
  for (const { type, data, ...more } of options.history ?? []) log.append(type, data as never, more);
  connection.become(options.status ?? { state: 'live' });

  return Object.defineProperties(client, {
    commands: { get: () => commands.all() },
    ...values({
      put,
      emit: (type: string, data: never, more?: FakeEvent) => {
        const event = log.append(type, data, more);
        connection.deliver();
        return event;
      },
      remove: (list: ListName, id: string) => {
        log.remove(`${kindOf(list)}/${id}`);
        connection.deliver();
      },
      say: (type: EphemeralType, data: never) =>
        connection.tell().ephemeral([{ type, rooms, time: new Date().toISOString(), data }]),
      setStatus: (status: Status) => connection.become(status),
      refuse: (room: Room, error = failure('forbidden', 'Not for you, or not there.', false)) => {
        refused.set(room, error);
        connection.takeAway(room);
      },
      get: async (path: string) => {
        if (!options.get)
          throw new RealtimeError(failure('not_found', 'There is no such thing here.', false));
        return options.get(path);
      },
    }),
  }) as FakeClient;
}

const values = (all: object): PropertyDescriptorMap =>
  Object.fromEntries(Object.entries(all).map(([name, value]) => [name, { value }]));
