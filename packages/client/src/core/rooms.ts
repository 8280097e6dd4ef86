import type { Delivered, Room } from '@netbuild/realtime-protocol';
import type { ErrorDetails } from './error.ts';
import { type Readable, Value } from './listeners.ts';

/** How far a room is known. */
export type RoomState =
  /** Nobody holds it. */
  | { state: 'idle' }
  /** Asked for; what is shown of it is not whole yet. */
  | { state: 'loading' }
  /** Everything of it up to the client's position is here. */
  | { state: 'whole' }
  /** Not for this user, or not there. */
  | { state: 'refused'; error: ErrorDetails };

/**
 * A room as a client sees it.
 *
 * @example const release = client.room('execution:4711').hold();
 */
export interface RoomHandle extends Readable<RoomState> {
  readonly name: Room;
  /** Keeps the room until the returned function is called. Any number of holders share one subscription. */
  hold(): () => void;
}

/** The rooms that a client is in: those the server gives by itself, and those that somebody holds. */
export class Rooms {
  #holds = new Map<Room, number>();
  #own = new Set<Room>();
  #states = new Map<Room, Value<RoomState>>();
  /** Where the server has let this connection in. */
  #entered = new Set<Room>();
  #onChange: () => void;

  /** @param onChange is called, in a microtask, after rooms were added or given up. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  handle(name: Room): RoomHandle {
    const value = this.#value(name);
    return { name, subscribe: value.subscribe, getSnapshot: value.getSnapshot, hold: () => this.#hold(name) };
  }

  /** Whether what this room shows is shown here. */
  has = (name: Room): boolean => this.#own.has(name) || this.#holds.has(name);

  /** Whether rows may be kept for its sake. */
  shows = (name: Room): boolean => this.has(name) && this.#value(name).getSnapshot().state !== 'refused';

  isWhole = (name: Room): boolean => this.#value(name).getSnapshot().state === 'whole';

  /** Rooms of which everything up to the position is known. */
  whole(): Room[] {
    return this.#wanted().filter(this.isWhole);
  }

  /** Rooms to ask for. */
  loading(): Room[] {
    return this.#wanted().filter((name) => this.#value(name).getSnapshot().state === 'loading');
  }

  /** Rooms that the server shows us and nobody wants any more; they count as left from here on. */
  takeUnwanted(): Room[] {
    const names = [...this.#entered].filter((name) => !this.has(name));
    for (const name of names) this.#entered.delete(name);
    return names;
  }

  entered(names: readonly Room[]): void {
    for (const name of names) this.#entered.add(name);
  }

  set(name: Room, state: RoomState): void {
    if (this.has(name)) this.#value(name).set(state);
  }

  /** Rooms that were refused are asked for again if a row that is ours stands in them. */
  reopen(item: Delivered): void {
    if (!('rooms' in item) || item.ended || !item.rooms.some((name) => this.#own.has(name))) return;
    for (const name of item.rooms) if (this.has(name) && !this.shows(name)) this.#ask(name);
  }

  /** A new connection: the server's own choice of rooms, and everything refused may be asked for again. */
  connected(own: readonly Room[]): void {
    this.#entered.clear();
    this.#own = new Set(own);
    for (const name of this.#wanted()) if (!this.isWhole(name)) this.#value(name).set({ state: 'loading' });
    this.#dropUnwanted();
  }

  /** Nothing is known any more. */
  forget(): void {
    for (const name of this.#wanted()) this.#value(name).set({ state: 'loading' });
  }

  #hold(name: Room): () => void {
    const isNew = !this.has(name);
    this.#holds.set(name, (this.#holds.get(name) ?? 0) + 1);
    if (isNew || this.#value(name).getSnapshot().state === 'refused') {
      this.#ask(name);
    }
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      // A microtask later: a holder that is replaced by another, as React does, costs no round trip.
      queueMicrotask(() => this.#release(name));
    };
  }

  #ask(name: Room): void {
    this.#value(name).set({ state: 'loading' });
    queueMicrotask(this.#onChange);
  }

  #release(name: Room): void {
    const left = (this.#holds.get(name) ?? 0) - 1;
    if (left > 0) {
      this.#holds.set(name, left);
      return;
    }
    this.#holds.delete(name);
    this.#dropUnwanted();
    this.#onChange();
  }

  #wanted(): Room[] {
    return [...new Set([...this.#own, ...this.#holds.keys()])];
  }

  #dropUnwanted(): void {
    for (const [name, value] of this.#states) if (!this.has(name)) value.set(IDLE);
  }

  #value(name: Room): Value<RoomState> {
    const known = this.#states.get(name) ?? new Value<RoomState>(IDLE);
    this.#states.set(name, known);
    return known;
  }
}

const IDLE: RoomState = { state: 'idle' };
