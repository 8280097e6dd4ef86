import type { RoomState } from '@netbuild/realtime-client';
import type { Room } from '@netbuild/realtime-protocol';
import { useEffect, useMemo } from 'react';
import { NOT_YET, useWebSocket } from './context.ts';
import { type Live, type Trust, trustIn } from './trust.ts';
import { constant, useReadable } from './use-readable.ts';

/**
 * Holds a room while the component is mounted, and tells how far it is known. `undefined` holds none.
 *
 * @example const { status, error } = useRoom(`execution:${executionId}`);
 */
export function useRoom(room: Room | undefined): Live<RoomState> {
  const { client, status } = useWebSocket();
  const handle = useMemo(() => (room === undefined ? undefined : client.room(room)), [client, room]);
  useEffect(() => handle?.hold(), [handle]);
  const data = useReadable(handle ?? NO_ROOM, IDLE);
  return useMemo(
    () => ({ data, ...trustIn(status, handle && data, status !== NOT_YET && client.position !== undefined) }),
    [status, handle, data, client],
  );
}

/** Data of a room that is held elsewhere, with the trust in that room; the same object until one of them changes. */
export function useLive<T>(data: T, { status, error, why, isKnown }: Trust): Live<T> {
  return useMemo(() => ({ data, status, error, why, isKnown }), [data, status, error, why, isKnown]);
}

const IDLE: RoomState = { state: 'idle' };
const NO_ROOM = constant(IDLE);
