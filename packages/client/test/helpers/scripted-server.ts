import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  CommandAck,
  Delivered,
  Handshake,
  RealtimeEvent,
  Room,
  RowsAnswer,
  Subject,
  SubscribeAnswer,
  SubscribeRequest,
  WireError,
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

type Handle = (input: Record<string, unknown>, userId: string) => CommandAck | undefined;

/**
 * A real Socket.IO server that speaks the contract from a log in memory.
 * The token is the user's name; `bad` is refused.
 */
export class ScriptedServer {
  url = '';
  epoch = 'life1';
  log: RealtimeEvent[] = [];
  /** Positions below can't be resumed. */
  trimmedTo = 0;
  pageSize = Number.POSITIVE_INFINITY;
  ownRooms = (userId: string): Room[] => [`user:${userId}`];
  refuses = (_room: Room): WireError | undefined => undefined;
  handle: Handle = () => undefined;
  /** Called before each answer to `rows`. */
  beforePage: (socket: Socket) => void = () => {};
  readonly subscribes: SubscribeRequest[] = [];
  readonly unsubscribes: Room[][] = [];
  readonly commands: { name: string; input: Record<string, unknown> }[] = [];
  readonly handshakes: Handshake[] = [];
  refuseConnections: WireError | undefined;
  #http: HttpServer = createServer();
  #io: Server;
  #rooms = new Map<Socket, Set<Room>>();

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
    return [...this.#rooms.keys()];
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

  get seq(): number {
    return this.log.length;
  }

  /** Appends and delivers, in one batch. */
  append(...happenings: Happening[]): RealtimeEvent[] {
    const events = happenings.map((happening) => {
      const before = happening.subject && this.log.findLast((event) => event.subject === happening.subject);
      const seq = this.seq + 1;
      const event: RealtimeEvent = {
        id: `test/${seq}#0`,
        seq,
        time: new Date(1_700_000_000_000 + seq * 1_000).toISOString(),
        left: (before?.rooms ?? []).filter((room) => !happening.rooms.includes(room)),
        ...happening,
      };
      this.log.push(event);
      return event;
    });
    for (const [socket, rooms] of this.#rooms) {
      const batch = deliveredTo(rooms, events);
      if (batch.length > 0) socket.emit('events', batch);
    }
    return events;
  }

  #accept(socket: Socket): void {
    const userId = (socket.handshake.auth as Handshake).token;
    const rooms = new Set<Room>();
    this.#rooms.set(socket, rooms);
    socket.on('disconnect', () => this.#rooms.delete(socket));
    const own = this.ownRooms(userId);
    socket.emit('ready', { userId, domainId: 'd', groups: [], rooms: own, epoch: this.epoch, seq: this.seq });
    socket.on('subscribe', (request: SubscribeRequest, ack: (answer: SubscribeAnswer) => void) => {
      this.subscribes.push(request);
      ack(this.#subscribe(rooms, request));
    });
    socket.on('rows', (request: { rooms: Room[]; more: string }, ack: (answer: RowsAnswer) => void) => {
      this.beforePage(socket);
      if (!socket.connected) return;
      ack({
        success: true,
        epoch: this.epoch,
        seq: this.seq,
        ...this.#page(request.rooms, Number(request.more)),
      });
    });
    socket.on('unsubscribe', (request: { rooms: Room[] }) => {
      this.unsubscribes.push(request.rooms);
      for (const room of request.rooms) rooms.delete(room);
    });
    socket.onAny((name: string, input: Record<string, unknown>, ack?: (answer: CommandAck) => void) => {
      if (['subscribe', 'rows', 'unsubscribe'].includes(name)) return;
      this.commands.push({ name, input });
      const answer = this.handle(input, userId);
      if (answer) ack?.(answer);
    });
  }

  #subscribe(entered: Set<Room>, { rooms: asked, since }: SubscribeRequest): SubscribeAnswer {
    const refused = asked.flatMap((room) => {
      const error = this.refuses(room);
      return error ? [{ room, error }] : [];
    });
    const rooms = asked.filter((room) => !this.refuses(room));
    for (const room of rooms) entered.add(room);
    const base = { success: true as const, epoch: this.epoch, seq: this.seq, rooms, refused };
    const [epoch, seq] = since?.split(':') ?? [];
    if (epoch === this.epoch && Number(seq) >= this.trimmedTo) {
      const events = this.log.filter((event) => event.seq > Number(seq));
      return { ...base, recovered: true, events: deliveredTo(new Set(rooms), events) };
    }
    const history = this.log.filter((event) =>
      event.rooms.some((room) => room.startsWith('execution:') && rooms.includes(room)),
    );
    return { ...base, recovered: false, events: history.slice(-50), ...this.#page(rooms, 0) };
  }

  #page(rooms: Room[], from: number): { rows: RealtimeEvent[]; more?: string } {
    const newest = new Map(this.log.filter((event) => event.subject).map((event) => [event.subject, event]));
    // Ordered by name, so that a row that changes between two pages keeps its place.
    const all = [...newest.values()]
      .filter((row) => !row.ended && row.rooms.some((room) => rooms.includes(room)))
      .sort((a, b) => (a.subject! < b.subject! ? -1 : 1));
    const rows = all.slice(from, from + this.pageSize);
    return { rows, ...(all.length > from + this.pageSize ? { more: String(from + this.pageSize) } : {}) };
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
