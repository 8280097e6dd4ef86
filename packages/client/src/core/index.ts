// What keeps a connection and a position, whoever shows what comes: it has a budget of its own.
export { Arrivals } from './arrivals.ts';
export { Connection, type ConnectionEvents, type Link } from './connection.ts';
export type { Point } from './ledger.ts';
export { Listeners, type Readable, Value } from './listeners.ts';
export { type RoomHandle, Rooms } from './rooms.ts';
export type { Status } from './status.ts';
export { Subscriber } from './subscriber.ts';
export { TIMING, type Timing } from './timing.ts';
