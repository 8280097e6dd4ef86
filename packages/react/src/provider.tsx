import { connectionStatus, createClient, optimistic, type RealtimeClient } from '@netbuild/realtime-client';
import { plainSocket } from '@netbuild/realtime-client/plain';
import { type ReactNode, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { NOT_YET, WebSocketContext, type WebSocketValue } from './context.ts';
import { defaultUrl } from './default-url.ts';
import { sendThrough } from './optimistic.ts';

/** How to connect; every part may be left out. */
export interface WebSocketProviderProps {
  children?: ReactNode;
  /** Where the gateway is. Default `NEXT_PUBLIC_WS_URL`, then the page's origin. */
  url?: string;
  /** A token. When it changes, the connection is made anew with it. */
  token?: string;
  /** Gives a fresh token for each connection, and before the one of a connection ends; wins over `token`. */
  getToken?: () => string | Promise<string>;
  /**
   * A client of one's own, in the place of one that is made: it is connected and disconnected by whoever made it.
   * In tests and Storybook the fake one of `@netbuild/realtime-client/testing`.
   */
  client?: RealtimeClient;
}

/**
 * Connects while it is mounted, and gives the connection to everything below it.
 * Under StrictMode it makes one connection; on a server it makes none.
 *
 * @example <WebSocketProvider getToken={fetchToken}><App /></WebSocketProvider>
 */
export function WebSocketProvider({
  children,
  url = defaultUrl(),
  token,
  getToken,
  client: given,
}: WebSocketProviderProps) {
  const source = useRef({ token, getToken });
  source.current = { token, getToken };
  const client = useMemo(() => {
    if (given) return given;
    const fresh = () => source.current.getToken?.() ?? source.current.token ?? '';
    return createClient({ url, getToken: fresh, optimistic: optimistic() });
  }, [url, given]);

  // Another token wants another connection.
  useEffect(() => {
    if (given) return;
    client.connect();
    return () => client.disconnect();
  }, [client, given, token]);

  const status = useSyncExternalStore(client.status.subscribe, client.status.getSnapshot, () => NOT_YET);
  const value = useMemo<WebSocketValue>(() => {
    const socket = plainSocket(client);
    return {
      client,
      socket,
      status,
      connectionStatus: connectionStatus(status),
      sendWithOptimisticUpdate: sendThrough(socket),
    };
  }, [client, status]);
  return <WebSocketContext.Provider value={value}>{children}</WebSocketContext.Provider>;
}
