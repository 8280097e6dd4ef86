import type { Ephemeral, FormName } from './catalogue/index.ts';
import type { Closing } from './close.ts';
import type { CommandAck, CommandInput, CommandName } from './command.ts';
import type { WireError } from './error.ts';
import type { Delivered, EventMeta, RealtimeEvent } from './event.ts';
import type { Position } from './position.ts';
import type { Room } from './room.ts';

/**
 * The version of the wire. A test hashes the schemas; whoever changes them decides there whether
 * the change is additive (the hash alone) or needs a new version.
 */
export const WIRE_VERSION = 1;

/** What a client says of itself in Socket.IO's handshake (`auth`). */
export interface Handshake {
  token: string;
  /** An SDK gets batches with positions and enters no room before its first subscribe. */
  client?: 'sdk';
  wire?: typeof WIRE_VERSION;
}

/**
 * The server has taken rooms from a socket: the rows, a fresh token, or who else let it in, no longer justify that it is there.
 * Everything up to `seq` that they showed was sent before, and nothing after it is.
 */
export interface RoomLeft {
  rooms: Room[];
  /** Of the socket's set of rooms after that. */
  revision: number;
  epoch: string;
  seq: number;
}

/** Asks for rooms, as a snapshot or from a position on. */
export interface SubscribeRequest {
  rooms: Room[];
  /** Everything up to here is known to the client. */
  since?: Position;
}

/** What a subscribe gives. The socket stands still from the request to this answer, and is live after it. */
export type SubscribeAnswer =
  | (Subscribed & {
      /** Proven: `events` are exactly what the rooms got since the position. */
      recovered: true;
      events: Delivered[];
      /**
       * Where the first life after the position's own began: whatever a client has seen before it is still so.
       * Left out where none has begun since.
       */
      forked?: number;
    })
  | (Subscribed & {
      /** A fresh start: whatever the client held of these rooms is replaced by `rows`. */
      recovered: false;
      rows: RealtimeEvent[];
      /** The last events of executions among the rooms, oldest first: the end of their history. */
      events: RealtimeEvent[];
      /** There are more rows: ask with `rows` and this cursor. */
      more?: string;
    })
  | { success: false; error: WireError };

interface Subscribed {
  success: true;
  epoch: string;
  seq: number;
  /** The rooms that were entered. */
  rooms: Room[];
  /** The rooms that were not. */
  refused: { room: string; error: WireError }[];
  /** Counts the changes of this socket's set of rooms; each checkpoint names the one that it was made at. */
  revision: number;
  rebuilding?: Rebuilding;
}

/**
 * The log has begun another life, and may lack what sources that keep are about to send again. Left out where that
 * is not so; the next checkpoint tells of its end.
 */
export type Rebuilding = true;

/**
 * Proof that an SDK socket has everything up to `seq`, every {@link CHECKPOINT_INTERVAL}. Only a node that has
 * compared its tail with the log's head since the last one sends it. A client whose own count or revision differs
 * resumes from its last good checkpoint; after two intervals without one, what it shows is stale.
 */
export interface Checkpoint {
  epoch: string;
  seq: number;
  /** Elements of `events` batches sent on this socket since the last checkpoint; a `left` counts too. */
  count: number;
  /** The revision of the socket's set of rooms. */
  rooms: number;
  rebuilding?: Rebuilding;
}

/** Milliseconds between two checkpoints of a socket. */
export const CHECKPOINT_INTERVAL = 5000;

/** A further page of rows. */
export type RowsAnswer =
  | { success: true; epoch: string; seq: number; rows: RealtimeEvent[]; more?: string }
  | { success: false; error: WireError };

/** Answer to `join-process`, `join-execution` and their `leave-…`. */
export type JoinAnswer =
  | { success: true; room: Room; epoch: string; seq: number }
  | { success: false; error: WireError };

/** What a socket hears first. */
export interface Ready {
  userId: string;
  domainId: string;
  groups: string[];
  /** The rooms it is in by itself. An SDK names them in its first subscribe. */
  rooms: Room[];
  epoch: string;
  seq: number;
}

/**
 * Answer to `presence`: who is in a room that the socket is in, on whichever node. It is as this node knows it, and
 * whoever comes or goes from then on is told by words.
 */
export type PresenceAnswer =
  | {
      success: true;
      room: Room;
      count: number /** Left out where they are more than {@link MAX_NAMED}. */;
      people?: string[];
    }
  | { success: false; error: WireError };

/** What a server says to SDK sockets. */
export interface SdkEvents {
  ready: (ready: Ready) => void;
  events: (batch: Delivered[]) => void;
  checkpoint: (checkpoint: Checkpoint) => void;
  'room:left': (left: RoomLeft) => void;
  closing: (closing: Closing) => void;
  'token:expiring': (expiring: TokenExpiring) => void;
  /** Words that are kept nowhere; they may be lost. */
  ephemeral: (words: Ephemeral[]) => void;
}

/** What plain Socket.IO clients get beside the data of a word that is kept nowhere. */
export type EphemeralMeta = Pick<Ephemeral, 'type' | 'time'>;

/** What a server says to plain sockets: each type of event under its own name, so words with {@link EphemeralMeta}, and these. */
export interface PlainEvents {
  ready: (ready: Ready) => void;
  left: (left: { subject: string }, meta: Pick<EventMeta, 'epoch' | 'seq'>) => void;
  'room:left': (left: Pick<RoomLeft, 'rooms'>) => void;
  closing: (closing: Closing) => void;
  /** The refusal of something that was sent without an acknowledgement. */
  refused: (refusal: { event: string; error: WireError }) => void;
  'token:expiring': (expiring: TokenExpiring) => void;
}

/** What clients say. */
export type ClientEvents = {
  subscribe: (request: SubscribeRequest, ack: (answer: SubscribeAnswer) => void) => void;
  rows: (request: { rooms: Room[]; more: string }, ack: (answer: RowsAnswer) => void) => void;
  unsubscribe: (
    request: { rooms: Room[] },
    ack?: (answer: { success: true; revision: number }) => void,
  ) => void;
  presence: (request: { room: Room }, ack: (answer: PresenceAnswer) => void) => void;
  /** Is heard by the others in the execution's room; said at every key, it is told every two seconds. */
  typing: (request: { executionId: string }, ack?: (answer: { success: boolean }) => void) => void;
  token: (request: { token: string }, ack?: (answer: TokenAnswer) => void) => void;
  'join-process': (processInstanceId: string, ack?: (answer: JoinAnswer) => void) => void;
  'join-execution': (executionId: string, ack?: (answer: JoinAnswer) => void) => void;
  'leave-process': (processInstanceId: string, ack?: (answer: JoinAnswer) => void) => void;
  'leave-execution': (executionId: string, ack?: (answer: JoinAnswer) => void) => void;
} & { [N in CommandName]: (input: CommandInput<N>, ack?: (answer: CommandAck<N>) => void) => void };

/** Answer of `POST /v1/events` and `POST /v1/engine`: from here on it is durable. */
export interface PublishAnswer {
  epoch: string;
  seq: number;
  /** Keep what was sent for so many milliseconds, and send it again should the epoch change meanwhile. */
  settle: number;
  /** Of the relay alone: it is waited for to say that all it keeps is in this life (`whole`). */
  rebuilding?: Rebuilding;
  /** Of the relay alone: it is to say (`seen`) when all is delivered that was committed before it got this. */
  ask?: string;
}

/** Answer of `GET /v1/state`. */
export interface StateAnswer {
  epoch: string;
  seq: number;
  rows: RealtimeEvent[];
  more?: string;
  rebuilding?: Rebuilding;
}

/** What a person has yet to read of an execution. */
export interface Unread {
  executionId: string;
  /** The position up to which they have read; 0: they have read nothing yet. */
  read: number;
  /** What others have said after it and is still there. */
  unread: number;
  /** There may be more of it: no more was counted, or looked through. */
  more?: true;
}

/** Answer of `GET /v1/unread`: the executions that the person takes part in. */
export interface UnreadAnswer {
  epoch: string;
  /** The position at which this is true. */
  seq: number;
  executions: Unread[];
  more?: string;
}

/** Answer of `GET /v1/tasks/ID/form` and `GET /v1/processes/KEY/form`: a form, to be filled in. */
export interface FormAnswer {
  /** Which form it is, in which version: what `form:submit` names. */
  form: FormName;
  /** As form-js has it; a generated form is put in its terms. */
  schema: Record<string, unknown>;
  /** What its fields have to begin with, by their keys. */
  data: Record<string, unknown>;
}

/** Answer of `GET /v1/events?room=R&since=POSITION`; with `before` instead, the events lie before that position. */
export interface EventsAnswer {
  epoch: string;
  /** With `more`, the position of the last event; otherwise everything up to here is in the answer. */
  seq: number;
  /** False: that position can not be recovered; the events are the last ones of the room, and `GET /v1/state` has its rows. */
  recovered: boolean;
  more: boolean;
  events: Delivered[];
}

/** Answer to `token`: the connection stands on the new token from here on, or on the old one as before. */
export type TokenAnswer =
  | { success: true /** When the connection ends with it, in epoch seconds. */; expires: number }
  | { success: false; error: WireError };

/** The connection's token is about to end: a fresh one, sent by `token`, lets the connection live on. */
export interface TokenExpiring {
  /** Epoch seconds. */
  expires: number;
}
