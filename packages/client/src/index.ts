export {
  type CommandOptions,
  createClient,
  type Identity,
  type RealtimeClient,
} from './client.ts';
export type { Backoff } from './core/backoff.ts';
export { type ClientErrorCode, type ErrorDetails, RealtimeError } from './core/error.ts';
export type { Point } from './core/ledger.ts';
export type { Readable } from './core/listeners.ts';
export type { RoomHandle, RoomState } from './core/rooms.ts';
export { type ConnectionStatus, connectionStatus, type OfflineReason, type Status } from './core/status.ts';
export { evident } from './evident.ts';
export type { Change, Expected } from './expected.ts';
export { merge } from './history.ts';
export { newId } from './new-id.ts';
export { type Expect, type Optimistic, optimistic } from './optimistic.ts';
export type { ClientOptions } from './options.ts';
export type { CommandDone, OpenCommand, OutboxLimits } from './outbox.ts';
export { type HistoryEvent, isOf, type KindOf, type ListName, type Row, type RowData } from './row.ts';
export type { StoreLimits } from './store.ts';
export type { Audible, CustomEvents, DataOf, EventListener, Signals } from './told.ts';
export type { View, ViewQuery } from './view.ts';
