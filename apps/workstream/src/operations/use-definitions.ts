import type { DefinitionsAnswer } from '@netbuild/realtime-protocol';
import { RealtimeError, useWebSocket } from '@netbuild/realtime-react';
import { useCallback, useEffect, useState } from 'react';

/** The definitions that a person may see, on their way. */
export type Definitions =
  | { state: 'loading' }
  | ({ state: 'here' } & DefinitionsAnswer)
  | { state: 'missing'; why: 'noEngine' | 'unreachable'; again: () => void };

/** Reads which definitions there are, anew after each time that the connection was gone: one may have been deployed. */
export function useDefinitions(): Definitions {
  const { client, connectionStatus } = useWebSocket();
  const [definitions, setDefinitions] = useState<Definitions>({ state: 'loading' });
  const isConnected = connectionStatus === 'connected';
  const read = useCallback(async () => {
    try {
      setDefinitions({ state: 'here', ...(await client.get<DefinitionsAnswer>('/v1/definitions')) });
    } catch (thrown) {
      const code = thrown instanceof RealtimeError ? thrown.code : undefined;
      const again = () => {
        setDefinitions({ state: 'loading' });
        void read();
      };
      setDefinitions({
        state: 'missing',
        why: code === 'no_engine' ? 'noEngine' : 'unreachable',
        again,
      });
    }
  }, [client]);
  useEffect(() => {
    if (isConnected) void read();
  }, [isConnected, read]);
  return definitions;
}
