import { RealtimeError, useStatus, useWebSocket } from '@netbuild/realtime-react';
import { useEffect, useState } from 'react';

/** What a person may do beside what the rows say; none until it is known. */
export function useRoles(): readonly string[] {
  const { client } = useWebSocket();
  const isLive = useStatus().state === 'live';
  const [roles, setRoles] = useState<readonly string[]>([]);
  useEffect(() => {
    if (!isLive) return;
    let isHere = true;
    client.get<{ roles?: string[] }>('/v1/me').then(
      ({ roles: found = [] }) => isHere && setRoles(found),
      (error) => {
        // What fetch throws of a network that is away, or of an answer that is none, is one of these.
        if (!(error instanceof RealtimeError || error instanceof TypeError || error instanceof SyntaxError))
          throw error;
      },
    );
    return () => {
      isHere = false;
    };
  }, [client, isLive]);
  return roles;
}
