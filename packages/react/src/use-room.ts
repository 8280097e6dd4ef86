import type { ErrorDetails, RoomState, Status } from '@netbuild/realtime-client';
import type { Room } from '@netbuild/realtime-protocol';
import { useEffect, useMemo } from 'react';
import { useWebSocket } from './context.ts';
import { constant, useReadable } from './use-readable.ts';

/**
 * How far shown data can be trusted.
 * `loading`: not all here yet. `live`: what is shown is what is. `stale`: it was so when the connection was
 * lost, or when the server last proved it. `refused`: not for this user, or not there.
 */
export type DataStatus = 'loading' | 'live' | 'stale' | 'refused';

/** How far shown data can be trusted, and why not. */
export interface Trust {
  status: DataStatus;
  error: ErrorDetails | undefined;
}

/**
 * Holds a room while the component is mounted. `undefined` holds none.
 *
 * @example const { status, error } = useRoom(`execution:${executionId}`);
 */
export function useRoom(room: Room | undefined): Trust {
  const { client, status } = useWebSocket();
  const handle = useMemo(() => (room === undefined ? undefined : client.room(room)), [client, room]);
  useEffect(() => handle?.hold(), [handle]);
  const state = useReadable(handle ?? NO_ROOM);
  return useMemo(
    () => trust(status, handle ? state : undefined, client.position !== undefined),
    [status, handle, state, client],
  );
}

const NO_ROOM = constant<RoomState>({ state: 'idle' });

function trust(status: Status, room: RoomState | undefined, isKnown: boolean): Trust {
  if (room?.state === 'refused') return { status: 'refused', error: room.error };
  if (status.state === 'refused') return { status: 'refused', error: status.error };
  const error = status.state === 'offline' ? status.error : undefined;
  const isHere = room ? room.state === 'whole' : isKnown;
  if (!isHere) return { status: 'loading', error };
  // A room that is whole on a connection that still asks for others is as it is.
  return { status: status.state === 'live' ? 'live' : 'stale', error };
}
