import type {
  Ephemeral,
  EphemeralType,
  EventData,
  EventType,
  Left,
  Ready,
  RealtimeEvent,
  RoomLeft,
} from '@netbuild/realtime-protocol';

/**
 * What one's own events say, by their types: to be added to by who publishes them. Without an entry it is `unknown`.
 *
 * @example
 * declare module '@netbuild/realtime-client' {
 *   interface CustomEvents { 'x:shipped': { parcel: string } }
 * }
 */
// biome-ignore lint/suspicious/noEmptyInterface: others add to it.
export interface CustomEvents {}

/** What an event of a type says. */
export type DataOf<T extends string> = T extends EventType
  ? EventData<T>
  : T extends keyof CustomEvents
    ? CustomEvents[T]
    : unknown;

/** What is heard beside events. */
export interface Signals {
  ready: Ready;
  left: Left;
  'room:left': RoomLeft;
}

/** What can be heard: types of event, `*` for all of them, what is kept nowhere, and signals. */
export type Audible = EventType | `x:${string}` | '*' | EphemeralType | keyof Signals;

/** What hears a type. */
export type EventListener<T extends string> = (
  event: T extends keyof Signals
    ? Signals[T]
    : T extends '*'
      ? RealtimeEvent
      : T extends EphemeralType
        ? Ephemeral<T>
        : RealtimeEvent<T> & { data: DataOf<T> },
) => void;
