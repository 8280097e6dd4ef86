import type { ConnectionStatus, RealtimeClient, Status } from '@netbuild/realtime-client';
import type { PlainSocket } from '@netbuild/realtime-client/plain';
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import type { Send } from './optimistic.ts';

/** What a `WebSocketProvider` gives to everything below it. */
export interface WebSocketValue {
  /** `on`, `off` and `emit` as on a plain Socket.IO socket. */
  socket: PlainSocket;
  /** Coarse: whether there is a connection. */
  connectionStatus: ConnectionStatus;
  /** Honest: whether what is shown is what is, and what goes on where it is not. */
  status: Status;
  /** The client itself. */
  client: RealtimeClient;
  /** Changes the screen at once, sends, and takes the change back when the answer is a refusal. */
  sendWithOptimisticUpdate: Send;
}

/** The context of the nearest `WebSocketProvider`; `undefined` where there is none. */
export const WebSocketContext = createContext<WebSocketValue | undefined>(undefined);

/** The connection's status before there was one. */
export const NOT_YET: Status = { state: 'closed', reason: 'by-hand' };

/**
 * The nearest provider's socket, status and client.
 *
 * @example const { socket, connectionStatus } = useWebSocket();
 * @throws where there is no `WebSocketProvider` above.
 */
export function useWebSocket(): WebSocketValue {
  const value = useContext(WebSocketContext);
  if (!value)
    throw new Error('useWebSocket and the hooks that build on it need a <WebSocketProvider> above them.');
  // A part of a page that a server has made may be taken over long after the connection is there, and then still as it
  // was made: without one.
  const isTakenOver = useSyncExternalStore(never, yes, no);
  return useMemo(
    () => (isTakenOver ? value : { ...value, status: NOT_YET, connectionStatus: 'disconnected' }),
    [isTakenOver, value],
  );
}

const never = () => () => {};
const yes = () => true;
const no = () => false;
