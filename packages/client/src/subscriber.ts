import type {
  Delivered,
  Ready,
  RealtimeEvent,
  Room,
  RowsAnswer,
  SubscribeAnswer,
  SubscribeRequest,
} from '@netbuild/realtime-protocol';
import type { Connection } from './connection.ts';
import type { ErrorDetails } from './error.ts';
import type { Rooms } from './rooms.ts';
import type { Store } from './store.ts';

type Recovered = Extract<SubscribeAnswer, { recovered: true }>;
type Fresh = Extract<SubscribeAnswer, { recovered: false }>;

/** How long to wait before asking again for what a server could not give just now. */
const RETRY_MS = 1_000;

/**
 * Keeps the rooms and the position true: what to ask for after each connect, one question at a time.
 *
 * The position speaks for the rooms that are whole, and for no other. A room whose snapshot was cut
 * off is asked for afresh, never resumed: the position moved on while it had holes.
 */
export class Subscriber {
  position: { epoch: string; seq: number } | undefined;
  #connection: Connection;
  #rooms: Rooms;
  #store: Store;
  #tell: (item: Delivered) => void;
  #isBusy = true;
  #isResumed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts connections, so that what belongs to an earlier one is known by its number. */
  #turn = 0;

  constructor(connection: Connection, rooms: Rooms, store: Store, tell: (item: Delivered) => void) {
    this.#connection = connection;
    this.#rooms = rooms;
    this.#store = store;
    this.#tell = tell;
  }

  ready({ rooms }: Ready): void {
    this.#rooms.connected(rooms);
    this.#store.prune();
    // A position that speaks for no room says nothing.
    if (this.#rooms.whole().length === 0) this.position = undefined;
    this.#isResumed = false;
    this.#isBusy = false;
    this.pump();
  }

  lost(): void {
    this.#turn++;
    this.#isBusy = true;
    clearTimeout(this.#timer);
  }

  /** Asks the next question, if none is open. */
  pump = (): void => {
    if (this.#isBusy) return;
    const unwanted = this.#rooms.takeUnwanted();
    if (unwanted.length > 0) this.#connection.send('unsubscribe', { rooms: unwanted });
    const rooms = this.#isResumed ? [] : this.#rooms.whole();
    this.#isResumed = true;
    if (this.position && rooms.length > 0) {
      this.#subscribe({ rooms, since: `${this.position.epoch}:${this.position.seq}` });
      return;
    }
    const loading = this.#rooms.loading();
    if (loading.length > 0) {
      this.#subscribe({ rooms: loading });
      return;
    }
    this.#store.settle();
    this.#connection.live();
  };

  /** Takes in what came, in the log's order; what was known before is not told again. */
  deliver(items: readonly Delivered[]): void {
    const known = this.position?.seq ?? 0;
    this.#store.batch(() => {
      for (const item of items) this.#store.apply(item);
    });
    for (const item of items) {
      if (item.seq <= known) continue;
      if (this.position && item.seq > this.position.seq) this.position = { ...this.position, seq: item.seq };
      this.#tell(item);
    }
  }

  /** Everything known belonged to somebody else. */
  forget(): void {
    this.position = undefined;
    this.#rooms.forget();
    this.#store.clear();
  }

  #subscribe(request: SubscribeRequest): void {
    this.#isBusy = true;
    this.#ask<SubscribeAnswer>('subscribe', request, (answer) => {
      if (!answer.success) {
        this.#failed(request, answer.error);
        return;
      }
      const isNewLife = this.position !== undefined && this.position.epoch !== answer.epoch;
      if (isNewLife && !answer.recovered && !request.since) {
        // The position of the rooms that are whole can't be carried into another life: resume them all.
        this.#connection.restart();
        return;
      }
      this.#rooms.entered(answer.rooms);
      for (const { room, error } of answer.refused)
        this.#rooms.set(room as Room, { state: 'refused', error });
      if (answer.refused.length > 0) this.#store.prune();
      if (answer.recovered) this.#recover(answer);
      else this.#replace(request.rooms, answer, isNewLife);
    });
  }

  #recover({ epoch, seq, rooms, events }: Recovered): void {
    this.position = { epoch, seq: this.position?.seq ?? seq };
    this.deliver(events);
    this.position = { epoch, seq };
    this.#whole(rooms);
  }

  #replace(asked: readonly Room[], answer: Fresh, isNewLife: boolean): void {
    const { epoch, seq, rooms } = answer;
    if (isNewLife) this.#store.clear();
    for (const room of asked) if (this.#rooms.isWhole(room)) this.#rooms.set(room, { state: 'loading' });
    this.position = { epoch, seq };
    const snapshot = this.#store.snapshot(asked, seq, this.#rooms.isWhole);
    const take = (rows: RealtimeEvent[], more: string | undefined, events?: RealtimeEvent[]): void => {
      this.#store.batch(() => {
        if (events) snapshot.history(events);
        snapshot.page(rows);
        if (more === undefined) snapshot.done();
      });
      if (more === undefined) {
        this.#whole(rooms);
        return;
      }
      this.#ask<RowsAnswer>('rows', { rooms, more }, (next) => {
        if (next.success) take(next.rows, next.more);
        else this.#failed({ rooms }, next.error);
      });
    };
    take(answer.rows, answer.more, answer.events);
  }

  #whole(rooms: readonly Room[]): void {
    for (const room of rooms) this.#rooms.set(room, { state: 'whole' });
    this.#isBusy = false;
    this.pump();
  }

  #failed(request: SubscribeRequest, error: ErrorDetails): void {
    if (error.code === 'invalid_position') {
      this.forget();
    } else if (error.retryable) {
      this.#timer = setTimeout(() => this.#next(), error.retryAfter ?? RETRY_MS);
      return;
    } else {
      for (const room of request.rooms) this.#rooms.set(room, { state: 'refused', error });
    }
    this.#next();
  }

  #next(): void {
    this.#isBusy = false;
    this.pump();
  }

  #ask<A>(name: string, payload: unknown, use: (answer: A) => void): void {
    const turn = this.#turn;
    this.#connection.send<A>(name, payload, undefined, (answer) => {
      if (turn !== this.#turn) return;
      // No answer on a connection that stands: it is of no use.
      if (answer === undefined) this.#connection.restart();
      else use(answer);
    });
  }
}
