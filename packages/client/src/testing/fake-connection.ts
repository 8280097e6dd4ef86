import type { Delivered, Room, SubscribeRequest } from '@netbuild/realtime-protocol';
import type { Identity } from '../client.ts';
import type { ConnectionEvents, Link } from '../core/connection.ts';
import type { ErrorDetails } from '../core/error.ts';
import { Value } from '../core/listeners.ts';
import type { Happening } from '../core/machine.ts';
import { isConnected, type Status } from '../core/status.ts';
import type { FakeLog } from './fake-log.ts';

/** What a fake server is made of. */
interface FakeServer {
  log: FakeLog;
  identity: Identity;
  /** The rooms that it gives by itself. */
  rooms: Room[];
  /** Rooms that it does not give. */
  refused: Map<Room, ErrorDetails>;
  people: (room: Room) => string[];
  /** Takes a command in. */
  onCommand: (name: string, input: { commandId: string }, answer: (ack: never) => void) => void;
}

/** A connection that is what a test says it is, with the server at its other end. It answers at once. */
export class FakeConnection implements Link {
  readonly status = new Value<Status>({ state: 'closed', reason: 'by-hand' });
  #server: FakeServer;
  #on: ConnectionEvents;
  #entered = new Set<Room>();
  #revision = 0;
  #sent = 0;

  constructor(server: FakeServer, on: ConnectionEvents) {
    this.#server = server;
    this.#on = on;
  }

  get isReady(): boolean {
    return isConnected(this.status.getSnapshot().state);
  }

  happens(happening: Happening): void {
    const { state } = this.status.getSnapshot();
    if (happening === 'connect' && state !== 'live') this.become({ state: 'live' });
    if (happening === 'disconnect') this.become({ state: 'closed', reason: 'by-hand' });
  }

  rebuilding(): void {}

  become(status: Status): void {
    const was = this.isReady;
    this.status.set(status);
    if (was && !this.isReady) {
      this.#entered.clear();
      this.#on.lost();
    }
    if (status.state === 'refused') this.#on.refused(status.error);
    if (was || !this.isReady) return;
    const { identity, rooms, log } = this.#server;
    this.#sent = log.seq;
    this.#on.ready({ ...identity, rooms, epoch: log.epoch, seq: log.seq });
  }

  /** Sends what the log has got, where there is a connection. */
  deliver(): void {
    if (!this.isReady) return;
    const { log } = this.#server;
    const batch = log.since(this.#sent, this.#entered);
    this.#sent = log.seq;
    if (batch.length > 0) this.#on.events(batch);
  }

  tell(): ConnectionEvents {
    return this.#on;
  }

  takeAway(room: Room): void {
    if (!this.#entered.delete(room)) return;
    const { epoch, seq } = this.#server.log;
    this.#on['room:left']({ rooms: [room], revision: ++this.#revision, epoch, seq });
  }

  send<A>(name: string, payload: unknown, answer: (answer?: A) => void): void {
    if (this.isReady) this.#answer(name, payload as never, answer as never);
    else answer();
  }

  #answer(name: string, payload: { commandId: string }, answer: (answer: object) => void): void {
    const { log, onCommand, people } = this.#server;
    if (name === 'subscribe') answer(this.#subscribe(payload as unknown as SubscribeRequest));
    else if (name === 'unsubscribe') {
      for (const room of (payload as unknown as { rooms: Room[] }).rooms) this.#entered.delete(room);
      answer({ success: true, revision: ++this.#revision });
    } else if (name === 'presence') {
      const { room } = payload as unknown as { room: Room };
      answer({ success: true, room, count: people(room).length, people: people(room) });
    } else if (name === 'typing' || name === 'token') answer({ success: true, seq: log.seq });
    else onCommand(name, payload, answer as never);
  }

  #subscribe({ rooms: asked, since }: SubscribeRequest): object {
    const { log, refused } = this.#server;
    const rooms = asked.filter((room) => !refused.has(room));
    for (const room of rooms) this.#entered.add(room);
    const answer = {
      success: true,
      epoch: log.epoch,
      seq: log.seq,
      rooms,
      refused: asked.flatMap((room) => (refused.has(room) ? [{ room, error: refused.get(room) }] : [])),
      revision: ++this.#revision,
    };
    if (since === undefined) return { ...answer, recovered: false, ...log.picture(rooms) };
    const events: Delivered[] = log.since(Number(since.split(':').at(-1)), new Set(rooms));
    return { ...answer, recovered: true, events };
  }
}
