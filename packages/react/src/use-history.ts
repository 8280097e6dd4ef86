import { isOf, merge, type Row } from '@netbuild/realtime-client';
import type { RealtimeEvent, Room } from '@netbuild/realtime-protocol';
import { useMemo } from 'react';
import { useWebSocket } from './context.ts';
import { paced } from './pace.ts';
import type { Live } from './trust.ts';
import { constant, NONE, useReadable } from './use-readable.ts';
import { useLive, useRoom } from './use-room.ts';

/**
 * The last events of an execution's or a process's room, in the log's order, each once.
 *
 * @param beside another room whose events belong to the same story; refused, it is simply not there.
 * @example const { data: events } = useHistory(`execution:${executionId}`, `process:${processInstanceId}`);
 */
export function useHistory(room: Room, beside?: Room): Live<readonly RealtimeEvent[]> {
  const { client } = useWebSocket();
  const trust = useRoom(room);
  useRoom(beside);
  const main = useReadable(
    useMemo(() => paced(client.history(room)), [client, room]),
    NONE,
  );
  const other = useReadable(
    useMemo(() => (beside ? paced(client.history(beside)) : NOTHING), [client, beside]),
    NONE,
  );
  return useLive(
    useMemo(() => merge(main, other), [main, other]),
    trust,
  );
}

/**
 * The messages of an execution, oldest first, each as it now is.
 *
 * @example const { data: messages, status } = useMessages(executionId);
 */
export function useMessages(executionId: string): Live<readonly Row<'message'>[]> {
  const history = useHistory(`execution:${executionId}`);
  const data = useMemo(() => {
    const newest = new Map(
      history.data
        .filter((event) => isOf('message', event))
        .map((event) => [event.subject, event as Row<'message'>]),
    );
    return [...newest.values()];
  }, [history.data]);
  return useLive(data, history);
}

const NOTHING = constant<readonly RealtimeEvent[]>(NONE);
