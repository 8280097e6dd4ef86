import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Checkpoint,
  type CommandAck,
  type Delivered,
  type Ephemeral,
  type Handshake,
  isPositionGood,
  type Life,
  parsePosition,
  type RealtimeEvent,
  type Room,
  type RoomLeft,
  type RowsAnswer,
  type Subject,
  type SubscribeAnswer,
  type SubscribeRequest,
  type WireError,
} from '@netbuild/realtime-protocol';
import { Server, type ServerOptions, type Socket } from 'socket.io';
import { onTestFinished } from 'vitest';

/** What a test says happened; the server numbers it and works out who it leaves. */
export type Happening = Pick<RealtimeEvent, 'type' | 'rooms' | 'data'> & {
  subject?: Subject;
  ended?: true;
  commandId?: string;
  committedAt?: number;
};

/** A connection as the server keeps it. */
interface Seat {
  rooms: Set<Room>;
  /** Elements sent since the last checkpoint. */
  count: number;
  revision: number;
}

type Handle = (input: Record<string, unknown>, userId: string) => CommandAck | undefined;

/**
 * A real Socket.IO server that speaks the contract from a log in memory.
 * The token is the user's name; `bad` is refused.
 */
export class ScriptedServer {
  url = '';
  lives: Life[] = [{ epoch: 'life1', from: 1 }];
  log: RealtimeEvent[] = [];
  /** Positions below can't be resumed. */
  trimmedTo = 0;
  pageSize = Number.POSITIVE_INFINITY;
  ownRooms = (userId: string): Room[] => [`user:${userId}`];
  refuses = (_room: Room): WireError | undefined => undefined;
  handle: Handle = () => undefined;
  /** Whether it waits for what is to be sent again. */
  rebuilding = false;
  /** Asked for rooms, it says nothing. */
  isDeaf = false;
  /** Whether a batch is counted and never sent. */
  loses = (_batch: Delivered[]): boolean => false;
  /** Whether a batch is counted once and sent twice. */
  doubles = (_batch: Delivered[]): boolean => false;
  /** Events of an execution that come with its snapshot, and in a page of its past. */
  historySize = 50;
  /** Who is in a room. */
  present = (_room: Room): { count: number; people?: string[] } => ({ count: 0, people: [] });
  /** Called before each answer over HTTP; a status in the place of the answer. */
  beforeHttp: () => number | undefined = () => undefined;
  /** The executions in which somebody has said to be writing. */
  readonly typing: unknown[] = [];
  /** Called before each answer to `rows`. */
  beforePage: (socket: Socket) => void = () => {};
  readonly subscribes: SubscribeRequest[] = [];
  /** What each successful subscribe was answered, in order. */
  readonly answers: Extract<SubscribeAnswer, { success: true }>[] = [];
  readonly unsubscribes: Room[][] = [];
  readonly commands: { name: string; input: Record<string, unknown> }[] = [];
  readonly handshakes: Handshake[] = [];
  /** What every subscribe is answered, while there is something. */
  busy: WireError | undefined;
  refuseConnections: WireError | undefined;
  #http: HttpServer = createServer((request, response) => this.#answer(request, response));
  #io: Server;
  #seats = new Map<Socket, Seat>();

  constructor(options: Partial<ServerOptions> = {}) {
    this.#io = new Server(this.#http, { serveClient: false, cors: { origin: true }, ...options });
  }

  async listen(): Promise<this> {
    this.#io.use((socket, next) => {
      const auth = socket.handshake.auth as Handshake;
      this.handshakes.push(auth);
      const error: WireError | undefined =
        auth.token === 'bad'
          ? { code: 'token_invalid', message: 'The token is not valid here.', retryable: false }
          : this.refuseConnections;
      next(error && Object.assign(new Error(error.message), { data: error }));
    });
    this.#io.on('connection', (socket) => this.#accept(socket));
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
    return this;
  }

  close(): Promise<void> {
    return this.#io.close();
  }

  get connections(): Socket[] {
    return [...this.#seats.keys()];
  }

  /** Breaks every connection, without a word. */
  cut(): void {
    for (const socket of this.connections) socket.conn.close();
  }

  /** Says why, and closes. */
  closeWith(closing: object): void {
    for (const socket of this.connections) {
      socket.emit('closing', closing);
      socket.disconnect(true);
    }
  }

  get epoch(): string {
    return this.lives.at(-1)!.epoch;
  }

  /** Begins another life, that has lost what stood at `from` and behind. */
  beginLife(epoch: string, from = this.seq + 1): void {
    this.lives.push({ epoch, from });
    this.log = this.log.slice(0, from - 1);
  }

  /** Proves to each connection that it has everything; `wrong` makes that untrue. */
  checkpoint(wrong: Partial<Checkpoint> = {}): void {
    for (const [socket, seat] of this.#seats) {
      const { count, revision } = seat;
      seat.count = 0;
      const rebuilding = this.rebuilding ? { rebuilding: true } : {};
      const proof = { epoch: this.epoch, seq: this.seq, count, rooms: revision };
      socket.emit('checkpoint', { ...proof, ...rebuilding, ...wrong });
    }
  }

  /** Takes rooms from whoever is in them. */
  takeAway(...rooms: Room[]): void {
    for (const [socket, seat] of this.#seats) {
      const held = rooms.filter((room) => seat.rooms.delete(room));
      if (held.length === 0) continue;
      const left: RoomLeft = { rooms: held, revision: ++seat.revision, epoch: this.epoch, seq: this.seq };
      socket.emit('room:left', left);
    }
  }

  /** Says words that are kept nowhere, to everybody. */
  say(...words: Ephemeral[]): void {
    for (const socket of this.connections) socket.emit('ephemeral', words);
  }

  get seq(): number {
    return this.log.length;
  }

  /** Appends and delivers, in one batch. */
  append(...happenings: Happening[]): RealtimeEvent[] {
    const events = happenings.map((happening) => {
      const before = happening.subject && this.log.findLast((event) => event.subject === happening.subject);
      const seq = this.seq + 1;
      const event: RealtimeEvent = {
        id: this.lives.length === 1 ? `test/${seq}#0` : `test/${this.epoch}/${seq}#0`,
        seq,
        time: new Date(1_700_000_000_000 + seq * 1_000).toISOString(),
        left: (before?.rooms ?? []).filter((room) => !happening.rooms.includes(room)),
        ...happening,
      };
      this.log.push(event);
      return event;
    });
    for (const [socket, seat] of this.#seats) {
      const batch = deliveredTo(seat.rooms, events);
      if (batch.length === 0) continue;
      seat.count += batch.length;
      if (this.loses(batch)) continue;
      socket.emit('events', batch);
      if (this.doubles(batch)) socket.emit('events', batch);
    }
    return events;
  }

  #accept(socket: Socket): void {
    const userId = (socket.handshake.auth as Handshake).token;
    const seat: Seat = { rooms: new Set(), count: 0, revision: 0 };
    this.#seats.set(socket, seat);
    socket.on('disconnect', () => this.#seats.delete(socket));
    const own = this.ownRooms(userId);
    socket.emit('ready', { userId, domainId: 'd', groups: [], rooms: own, epoch: this.epoch, seq: this.seq });
    socket.on('subscribe', (request: SubscribeRequest, ack: (answer: SubscribeAnswer) => void) => {
      this.subscribes.push(request);
      if (this.isDeaf) return;
      if (this.busy) {
        ack({ success: false, error: this.busy });
        return;
      }
      const answer = this.#subscribe(seat, request);
      if (answer.success) this.answers.push(answer);
      ack(answer);
    });
    socket.on('rows', (request: { rooms: Room[]; more: string }, ack: (answer: RowsAnswer) => void) => {
      this.beforePage(socket);
      if (!socket.connected) return;
      ack({
        success: true,
        epoch: this.epoch,
        seq: this.seq,
        ...this.#page(request.rooms, request.more),
      });
    });
    socket.on('unsubscribe', (request: { rooms: Room[] }, ack?: (answer: object) => void) => {
      this.unsubscribes.push(request.rooms);
      for (const room of request.rooms) seat.rooms.delete(room);
      seat.revision++;
      ack?.({ success: true, revision: seat.revision });
    });
    socket.on('presence', ({ room }: { room: Room }, ack: (answer: object) => void) =>
      ack({ success: true, room, ...this.present(room) }),
    );
    socket.on('typing', ({ executionId }: { executionId: string }, ack: (answer: object) => void) => {
      this.typing.push(executionId);
      ack({ success: true });
    });
    socket.onAny((name: string, input: Record<string, unknown>, ack?: (answer: CommandAck) => void) => {
      if (['subscribe', 'rows', 'unsubscribe', 'presence', 'typing'].includes(name)) return;
      // Listeners to any event hear it before those to one by name do: what was asked for first would be done later.
      process.nextTick(() => {
        this.commands.push({ name, input });
        const answer = this.handle(input, userId);
        if (answer) ack?.(answer);
      });
    });
  }

  /** `GET /v1/events?room=…&before=…`. */
  #answer({ url = '', method, headers }: IncomingMessage, response: ServerResponse): void {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', 'authorization');
    const query = new URL(url, this.url).searchParams;
    const failed = method === 'OPTIONS' ? 204 : this.beforeHttp();
    const known = parsePosition(query.get('before') ?? '');
    if (failed !== undefined || !known || !headers.authorization) {
      response.writeHead(failed ?? 400).end();
      return;
    }
    const room = query.get('room') as Room;
    const before = this.log.filter(({ seq, rooms }) => seq < known.seq && rooms.includes(room));
    const events = before.slice(-this.historySize);
    const recovered = isPositionGood(this.lives, known.epoch, known.seq - 1);
    const more = before.length > events.length;
    response.end(JSON.stringify({ epoch: this.epoch, seq: this.seq, recovered, more, events }));
  }

  #subscribe(seat: Seat, { rooms: asked, since }: SubscribeRequest): SubscribeAnswer {
    const refused = asked.flatMap((room) => {
      const error = this.refuses(room);
      return error ? [{ room, error }] : [];
    });
    const rooms = asked.filter((room) => !this.refuses(room));
    for (const room of rooms) seat.rooms.add(room);
    seat.revision++;
    const { revision } = seat;
    const rebuilding = this.rebuilding ? { rebuilding: true as const } : {};
    const place = { success: true as const, epoch: this.epoch, seq: this.seq };
    const base = { ...place, rooms, refused, revision, ...rebuilding };
    const known = since && parsePosition(since);
    if (known && isPositionGood(this.lives, known.epoch, known.seq) && known.seq >= this.trimmedTo) {
      const events = this.log.filter((event) => event.seq > known.seq);
      return { ...base, recovered: true, events: deliveredTo(new Set(rooms), events) };
    }
    const history = this.log.filter((event) =>
      event.rooms.some((room) => room.startsWith('execution:') && rooms.includes(room)),
    );
    return { ...base, recovered: false, events: history.slice(-this.historySize), ...this.#page(rooms, '') };
  }

  #page(rooms: Room[], after: string): { rows: RealtimeEvent[]; more?: string } {
    const newest = new Map(this.log.filter((event) => event.subject).map((event) => [event.subject, event]));
    // Ordered by name, and from a name on: rows that come and go between two pages move no other.
    const all = [...newest.values()]
      .filter((row) => !row.ended && row.rooms.some((room) => rooms.includes(room)))
      .filter((row) => row.subject! > after)
      .sort((a, b) => (a.subject! < b.subject! ? -1 : 1));
    const rows = all.slice(0, this.pageSize);
    return { rows, ...(all.length > rows.length ? { more: rows.at(-1)!.subject! } : {}) };
  }
}

/** Starts a server that ends with the test. */
export async function startServer(options?: Partial<ServerOptions>): Promise<ScriptedServer> {
  const server = await new ScriptedServer(options).listen();
  onTestFinished(() => server.close());
  return server;
}

function deliveredTo(rooms: Set<Room>, events: RealtimeEvent[]): Delivered[] {
  return events.flatMap((event): Delivered[] => {
    if (event.rooms.some((room) => rooms.has(room))) return [event];
    if (event.subject && event.left.some((room) => rooms.has(room))) {
      return [{ seq: event.seq, subject: event.subject, left: event.left }];
    }
    return [];
  });
}
