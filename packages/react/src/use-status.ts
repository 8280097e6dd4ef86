import type { Identity, Status } from '@netbuild/realtime-client';
import { useWebSocket } from './context.ts';
import { useReadable } from './use-readable.ts';

/**
 * The connection as it is.
 *
 * @example const status = useStatus(); if (status.state !== 'live') return <Stale />;
 */
export function useStatus(): Status {
  return useWebSocket().status;
}

/**
 * Who the server takes us for; `undefined` before the first connection.
 *
 * @example const isMine = task.data.assignee === useIdentity()?.userId;
 */
export function useIdentity(): Identity | undefined {
  return useReadable(useWebSocket().client.identity, undefined);
}
