import type { ErrorDetails, OfflineReason, RoomState, Status } from '@netbuild/realtime-client';

/**
 * How far shown data can be trusted.
 *
 * | status | meaning |
 * |---|---|
 * | `loading` | connected, and not all of it is here yet |
 * | `connecting` | a connection is being made |
 * | `catching-up` | connected, and learning what was missed meanwhile |
 * | `live` | what is shown is what is |
 * | `stale` | connected, and nothing proves just now that it is still so |
 * | `offline` | no connection; it was so when there was one |
 * | `refused` | not for this user, or not there; or the server does not have this client at all |
 */
export type DataStatus = 'loading' | 'connecting' | 'catching-up' | 'live' | 'stale' | 'offline' | 'refused';

/** What is behind a status; only what is so stands here. */
export interface Why {
  /** Of `offline`: why there is no connection. Of `stale`: what is missing from the server. */
  reason?: OfflineReason | 'by-hand' | 'silent' | 'unproven';
  /** Of `connecting`: which attempt it is, from 1. */
  attempt?: number;
  /** Of `offline`: when the next attempt begins, in epoch milliseconds; absent where none will by itself. */
  retryAt?: number;
  /** Of `stale`: when it was last known to be what is, in epoch milliseconds. */
  provedAt?: number;
  /** The device says that it has no network. */
  deviceOffline?: true;
  /** The server's storage has failed over: until sources have sent again, something may be missing. */
  rebuilding?: true;
}

/** How far shown data can be trusted, and why not. */
export interface Trust {
  status: DataStatus;
  /** Of `refused`: the refusal. Of `offline`: what the server said, where it said something. */
  error: ErrorDetails | undefined;
  why: Why;
  /** Whether all of it was here once. Before that, an empty list does not mean that there is nothing. */
  isKnown: boolean;
}

/** Data that follows the log, and how far it can be trusted. */
export interface Live<T> extends Trust {
  data: T;
}

/**
 * What the connection's status and a room's state make of the room's data.
 *
 * @param room `undefined` for what stands in no room of its own, but in all that we are in
 * @param isConnectedOnce whether there has been a connection at all
 */
export function trustIn(status: Status, room: RoomState | undefined, isConnectedOnce: boolean): Trust {
  const { state, ...rest } = status;
  const { error, ...why } = rest as Why & { error?: ErrorDetails };
  const isKnown = room ? room.state === 'whole' : isConnectedOnce;
  if (room?.state === 'refused') return { status: 'refused', error: room.error, why, isKnown: false };
  if (state === 'closed') {
    // A page that is being shown for the first time, or is made on a server, is about to connect.
    const isBegun = isConnectedOnce || rest.deviceOffline || why.reason !== 'by-hand';
    return isBegun
      ? { status: 'offline', error, why, isKnown }
      : { status: 'connecting', error, why: { attempt: 1 }, isKnown };
  }
  const isBeyondRoom = state === 'offline' || state === 'connecting' || state === 'refused';
  return { status: isKnown || isBeyondRoom ? state : 'loading', error, why, isKnown };
}
