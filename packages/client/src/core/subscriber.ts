import type {
  Checkpoint,
  Delivered,
  Ready,
  RealtimeEvent,
  Room,
  RoomLeft,
  RowsAnswer,
  SubscribeAnswer,
  SubscribeRequest,
} from '@netbuild/realtime-protocol';
import type { Store } from '../store.ts';
import { type Arrivals, OTHER_LIFE } from './arrivals.ts';
import type { Link } from './connection.ts';
import type { ErrorDetails } from './error.ts';
import { Ledger, type Point } from './ledger.ts';
import type { Rooms } from './rooms.ts';

type Recovered = Extract<SubscribeAnswer, { recovered: true }>;
type Fresh = Extract<SubscribeAnswer, { recovered: false }>;

/** What a room is that the server has taken away. */
const FORBIDDEN: ErrorDetails = { code: 'forbidden', message: 'forbidden', retryable: false };

/** How long to wait before asking again for what a server could not give just now. */
const RETRY_MS = 1_000;

/**
 * Keeps the rooms and the position true: what to ask for after each connect, one question at a time.
 *
 * The position speaks for the rooms that are whole, and for no other. A room whose snapshot was cut
 * off is asked for afresh, never resumed: the position moved on while it had holes.
 */
export class Subscriber {
  #connection: Link;
  #rooms: Rooms;
  #store: Store;
  #arrivals: Arrivals;
  #tell: (item: Delivered) => void;
  #ledger = new Ledger();
  #isBusy = true;
  /** The rooms of the last question that nobody has given up since: given up and taken again, they were forgotten. */
  #asked: readonly Room[] = [];
  /** The whole rooms are to be resumed. */
  #isOwed = false;
  /** Something may be missing: no checkpoint proves anything before the resume has. */
  #isDoubtful = true;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts connections, so that what belongs to an earlier one is known by its number. */
  #turn = 0;

  constructor(
    connection: Link,
    rooms: Rooms,
    store: Store,
    arrivals: Arrivals,
    tell: (item: Delivered) => void,
  ) {
    this.#connection = connection;
    this.#rooms = rooms;
    this.#store = store;
    this.#arrivals = arrivals;
    this.#tell = tell;
  }

  get position(): Point | undefined {
    return this.#ledger.position;
  }

  ready({ rooms }: Ready): void {
    this.#rooms.connected(rooms);
    this.#store.prune();
    this.#ledger.connected();
    this.#ledger.keepPictures(this.#rooms.isWhole);
    // A position that speaks for no room says nothing.
    if (this.#rooms.whole().length === 0) this.#ledger.forget();
    this.#isBusy = false;
    this.#isDoubtful = true;
    this.resume();
  }

  lost(): void {
    this.#turn++;
    this.#isBusy = true;
    clearTimeout(this.#timer);
  }

  /** Asks for everything since the last proof, as soon as no other question is open. */
  resume(): void {
    this.#isOwed = true;
    this.pump();
  }

  /** Resolves when everything up to a place is here; asks for it at once, since no event of ours may stand there. */
  reach(point: Point, timeout: number): Promise<void> {
    const { position } = this;
    if (!this.#isBusy && position?.epoch === point.epoch && position.seq >= point.seq)
      return Promise.resolve();
    const arrival = this.#arrivals.wait(point, timeout);
    this.resume();
    return arrival;
  }

  /** Asks the next question, if none is open. */
  pump = (): void => {
    this.#ledger.keepPictures(this.#rooms.has);
    this.#asked = this.#asked.filter(this.#rooms.has);
    if (this.#isBusy) return;
    const unwanted = this.#rooms.takeUnwanted();
    if (unwanted.length > 0) this.#leave(unwanted);
    const rooms = this.#rooms.whole();
    const { proved } = this.#ledger;
    if (this.#isOwed && proved && rooms.length > 0) {
      this.#subscribe({ rooms, since: `${proved.epoch}:${proved.seq}` });
      return;
    }
    this.#isOwed = false;
    this.#isDoubtful = false;
    const loading = this.#rooms.loading();
    if (loading.length > 0) {
      this.#subscribe({ rooms: loading });
      return;
    }
    this.#store.settle();
    this.#connection.happens('whole');
  };

  /** Takes in what a server sent by itself. */
  events(batch: readonly Delivered[]): void {
    this.#deliver(batch, true);
    // A row that comes to us may be what opens a room that was not for us.
    for (const item of batch) this.#rooms.reopen(item);
  }

  /** Drops what was held through rooms that the server has taken away. */
  left({ rooms, revision }: RoomLeft): void {
    this.#ledger.revision = revision;
    this.#refuse(rooms, FORBIDDEN);
    // The answer to a question that is open may not know of it, or have it open again: asked afresh, it is sure.
    if (this.#isBusy)
      for (const room of rooms) if (this.#asked.includes(room)) this.#rooms.set(room, { state: 'loading' });
    this.#asked = this.#asked.filter((room) => !rooms.includes(room));
  }

  /** Compares what has arrived with what was sent. */
  checkpoint(checkpoint: Checkpoint): void {
    const isGood = this.#ledger.agrees(checkpoint);
    if (this.#isDoubtful) return;
    if (!isGood) {
      // Doubt first: a status that is told may ask something.
      this.#isDoubtful = true;
      this.#connection.happens('bad');
      return;
    }
    const { epoch, seq } = checkpoint;
    this.#ledger.prove({ epoch, seq });
    if (!this.#isBusy) {
      this.#store.settle();
      this.#arrivals.reached(this.position);
    }
    this.#connection.happens('good');
  }

  /** Everything known belonged to somebody else. */
  forget(): void {
    this.#ledger.forget();
    this.#rooms.forget();
    this.#store.clear();
    this.#arrivals.fail(OTHER_LIFE);
  }

  /** Takes in what came, in the log's order; what was known before is not told again. */
  #deliver(items: readonly Delivered[], isSent = false): void {
    this.#store.batch(() => {
      for (const item of items) this.#store.apply(item);
    });
    for (const item of items) if (this.#ledger.isNews(item, isSent)) this.#tell(item);
    // While a question is open, rooms may have holes that its answer fills.
    if (!this.#isBusy) this.#arrivals.reached(this.position);
  }

  #leave(rooms: Room[]): void {
    const turn = this.#turn;
    this.#connection.send<{ revision?: number }>('unsubscribe', { rooms }, (answer) => {
      if (answer && turn === this.#turn) this.#ledger.revision = answer.revision;
    });
  }

  #subscribe(request: SubscribeRequest): void {
    this.#isBusy = true;
    this.#asked = request.rooms;
    this.#ask<SubscribeAnswer>('subscribe', request, (answer) => {
      if (!answer.success) {
        this.#failed(request, answer.error);
        return;
      }
      const { epoch, refused, revision } = answer;
      this.#ledger.revision = revision;
      this.#rooms.entered(answer.rooms);
      this.#connection.rebuilding(answer.rebuilding);
      const isNewLife = this.position !== undefined && this.position.epoch !== epoch;
      if (isNewLife && !request.since && this.#rooms.whole().length > 0) {
        // The position of the rooms that are whole can't be carried into another life: resume them first.
        this.#doubt();
        return;
      }
      for (const { room, error } of refused) this.#refuse([room as Room], error);
      if (answer.recovered) this.#recover(answer, isNewLife);
      else this.#replace(request.rooms, answer, isNewLife);
    });
  }

  #recover({ epoch, seq, rooms, events, forked = 0 }: Recovered, isNewLife: boolean): void {
    const ledger = this.#ledger;
    if (isNewLife && !ledger.isAmong(events, rooms, forked)) {
      // The proved place lives on, and something that was seen beyond it may not.
      this.#startOver();
      return;
    }
    ledger.position = { ...ledger.position!, epoch };
    if (isNewLife) this.#store.renew(this.#rooms.isWhole);
    this.#deliver(events);
    ledger.prove({ epoch, seq }, isNewLife ? forked : undefined);
    this.#proven();
    this.#whole(rooms);
  }

  #replace(asked: readonly Room[], answer: Fresh, isNewLife: boolean): void {
    const { epoch, seq, rooms } = answer;
    if (isNewLife) this.#store.clear();
    for (const room of asked) if (this.#rooms.isWhole(room)) this.#rooms.set(room, { state: 'loading' });
    this.#ledger.shown(asked, answer);
    // Beside rooms that are whole, the proof stays where it is: it speaks for them too.
    if (this.#rooms.whole().length === 0) {
      this.#ledger.begin({ epoch, seq });
      this.#proven();
    } else this.#ledger.position = { epoch, seq };
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
        if (!next.success) this.#failed({ rooms }, next.error);
        else if (next.epoch === epoch) take(next.rows, next.more);
        else this.#startOver();
      });
    };
    take(answer.rows, answer.more, answer.events);
  }

  #whole(rooms: readonly Room[]): void {
    for (const room of rooms) if (this.#asked.includes(room)) this.#rooms.set(room, { state: 'whole' });
    this.#arrivals.reached(this.position, true);
    this.#next();
  }

  #proven(): void {
    this.#isOwed = false;
    this.#isDoubtful = false;
  }

  #failed(request: SubscribeRequest, error: ErrorDetails): void {
    if (error.code === 'invalid_position') {
      this.#startOver();
      return;
    }
    if (error.retryable) {
      // Spread, so that those who were put off together do not come back together.
      const wait = (error.retryAfter ?? 0) + Math.random() * RETRY_MS;
      this.#timer = setTimeout(() => this.#next(), wait);
      return;
    }
    this.#refuse(request.rooms, error);
    this.#next();
  }

  #refuse(rooms: readonly Room[], error: ErrorDetails): void {
    for (const room of rooms) this.#rooms.set(room, { state: 'refused', error });
    this.#store.prune();
  }

  /** What is shown may be of a life that the log has lost. */
  #startOver(): void {
    this.forget();
    this.#doubt();
  }

  /** Resumes as after a checkpoint that did not agree, so that the status says it too. */
  #doubt(): void {
    this.#isBusy = false;
    this.#isDoubtful = true;
    this.#connection.happens('bad');
  }

  #next(): void {
    this.#isBusy = false;
    this.pump();
  }

  #ask<A>(name: string, payload: unknown, use: (answer: A) => void): void {
    const turn = this.#turn;
    this.#connection.send<A>(name, payload, (answer) => {
      if (turn !== this.#turn) return;
      // No answer on a connection that stands: it is of no use.
      if (answer === undefined) this.#connection.happens('lost', { reason: 'network' });
      else use(answer);
    });
  }
}
