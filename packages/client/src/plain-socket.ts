import type {
  CommandName,
  EphemeralMeta,
  EphemeralType,
  EventMeta,
  JoinAnswer,
  Room,
} from '@netbuild/realtime-protocol';
import type { RealtimeClient } from './client.ts';
import { RealtimeError } from './core/error.ts';
import { Listeners } from './core/listeners.ts';
import { connectionStatus } from './core/status.ts';

// biome-ignore lint/suspicious/noExplicitAny: listeners of a plain socket name their own types.
type Listener = (...args: any[]) => void;

/** A client with the face of a plain Socket.IO socket, for screens that were written for one. */
export interface PlainSocket {
  readonly connected: boolean;
  /** Each type of event under its own name with `(data, meta)`; also `connect`, `disconnect`, `ready`, `left`, `room:left`, `refused`. */
  on(event: string, listener: Listener): PlainSocket;
  once(event: string, listener: Listener): PlainSocket;
  off(event?: string, listener?: Listener): PlainSocket;
  /** `join-…` and `leave-…` of rooms, and commands by their names; the last argument may take the answer. */
  emit(event: string, ...args: unknown[]): PlainSocket;
}

const sockets = new WeakMap<RealtimeClient, PlainSocket>();

/**
 * The plain face of a client: the same one each time. It hears what comes from the first call on.
 *
 * @example
 * const socket = plainSocket(client);
 * socket.emit('join-execution', '4711');
 * socket.on('task:created', (task) => show(task.taskName));
 */
export function plainSocket(client: RealtimeClient): PlainSocket {
  const socket = sockets.get(client) ?? make(client);
  sockets.set(client, socket);
  return socket;
}

function make(client: RealtimeClient): PlainSocket {
  const names = new Map<string, Listeners<unknown[]>>();
  const joined = new Map<Room, () => void>();
  const tell = (name: string, ...args: unknown[]) => names.get(name)?.tell(...args);
  const isConnected = () => connectionStatus(client.status.getSnapshot()) === 'connected';

  let wasConnected = isConnected();
  client.status.subscribe(() => {
    const is = isConnected();
    if (is === wasConnected) return;
    wasConnected = is;
    tell(is ? 'connect' : 'disconnect');
  });

  const join = (name: Room, answer: ((answer: JoinAnswer) => void) | undefined): void => {
    const handle = client.room(name);
    if (!joined.has(name)) joined.set(name, handle.hold());
    const settled = () => {
      const state = handle.getSnapshot();
      if (state.state === 'refused') {
        // As with a plain socket: refused is not joined, and joining again asks again.
        joined.get(name)?.();
        joined.delete(name);
        const refusal = { success: false, error: state.error } as JoinAnswer;
        if (answer) answer(refusal);
        else tell('refused', { event: `join-${name.split(':')[0]}`, error: state.error });
      } else if (state.state === 'whole') answer?.({ success: true, room: name, ...client.position! });
      return state.state === 'refused' || state.state === 'whole';
    };
    if (settled()) return;
    const stop = handle.subscribe(() => {
      if (settled()) stop();
    });
  };

  const leave = (name: Room, answer: ((answer: JoinAnswer) => void) | undefined): void => {
    joined.get(name)?.();
    joined.delete(name);
    answer?.({ success: true, room: name, ...(client.position ?? { epoch: '', seq: 0 }) });
  };

  const command = (name: string, input: unknown, answer: ((ack: object) => void) | undefined): void => {
    client.command(name as CommandName, { ...(input as object) } as never).then(
      (done) => answer?.({ success: true, ...done }),
      (thrown: unknown) => {
        const error =
          thrown instanceof RealtimeError ? thrown.details : { code: 'internal', message: String(thrown) };
        if (answer) answer({ success: false, error });
        else tell('refused', { event: name, error });
      },
    );
  };

  const socket: PlainSocket = {
    get connected() {
      return isConnected();
    },
    on(event, listener) {
      const all = names.get(event) ?? new Listeners<unknown[]>();
      names.set(event, all);
      all.add(listener);
      return socket;
    },
    once(event, listener) {
      const first: Listener = (...args) => {
        socket.off(event, first);
        listener(...args);
      };
      return socket.on(event, first);
    },
    off(event, listener) {
      for (const [name, all] of names) {
        if (event !== undefined && name !== event) continue;
        if (listener) all.remove(listener);
        else all.clear();
      }
      return socket;
    },
    emit(event, ...args) {
      const last = args.at(-1);
      const answer = typeof last === 'function' ? (last as (answer: object) => void) : undefined;
      const room = /^(join|leave)-(process|execution)$/.exec(event);
      if (room) (room[1] === 'join' ? join : leave)(`${room[2]}:${args[0]}` as Room, answer);
      else command(event, args[0], answer);
      return socket;
    },
  };

  const epoch = () => client.position?.epoch ?? '';
  for (const type of WORDS)
    client.on(type, ({ time, data }) => tell(type, data, { type, time } satisfies EphemeralMeta));
  client.on('ready', (ready) => tell('ready', ready));
  client.on('room:left', ({ rooms }) => {
    for (const name of rooms) leave(name, undefined);
    tell('room:left', { rooms });
  });
  client.on('left', ({ subject, seq }) => tell('left', { subject }, { epoch: epoch(), seq }));
  client.on('*', (event) => {
    // What is left is the meta data.
    const { data, rooms: _rooms, left: _left, ended: _ended, ...about } = event;
    tell(event.type, data, { ...about, epoch: epoch() } satisfies EventMeta);
  });
  return socket;
}

/** What `*` does not hear. */
const WORDS = Object.keys({
  typing: 1,
  'presence:joined': 1,
  'presence:left': 1,
  'agent:delta': 1,
} satisfies Record<EphemeralType, 1>) as EphemeralType[];
