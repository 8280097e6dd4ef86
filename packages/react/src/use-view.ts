import type { KindOf, ListName, Row, View, ViewQuery } from '@netbuild/realtime-client';
import type { Room } from '@netbuild/realtime-protocol';
import { useMemo } from 'react';
import { useWebSocket } from './context.ts';
import { paced } from './pace.ts';
import type { Live } from './trust.ts';
import { NONE, useReadable } from './use-readable.ts';
import { useLive, useRoom } from './use-room.ts';
import { useIdentity } from './use-status.ts';

/**
 * Rows that follow the log, oldest first; the same array until its content changes.
 * The query's room is held meanwhile.
 *
 * @example const { data, status } = useView('incidents', { room: `process:${id}`, open: true });
 */
export function useView<N extends ListName>(
  name: N,
  { room, open, id }: ViewQuery = {},
): Live<readonly Row<KindOf<N>>[]> {
  const { client } = useWebSocket();
  const trust = useRoom(room);
  const view = useMemo<View<Row<KindOf<N>>>>(
    () =>
      paced(
        client.view(name, {
          ...(room === undefined ? {} : { room }),
          ...(open === undefined ? {} : { open }),
          ...(id === undefined ? {} : { id }),
        }),
      ),
    [client, name, room, open, id],
  );
  return useLive(useReadable<readonly Row<KindOf<N>>[]>(view, NONE), trust);
}

/**
 * Open tasks: of a room, or of every room that we are in.
 *
 * @example const { data: tasks } = useTasks({ room: `execution:${executionId}` });
 */
export function useTasks(query: ViewQuery = {}): Live<readonly Row<'task'>[]> {
  return useView('tasks', { open: true, ...query });
}

/**
 * A process instance, whether it runs or has ended.
 *
 * @example const { data: process, status } = useProcess(processInstanceId);
 */
export function useProcess(processInstanceId: string): Live<Row<'process'> | undefined> {
  const rows = useView('processes', {
    room: `process:${processInstanceId}`,
    id: processInstanceId,
  });
  return useLive(rows.data[0], rows);
}

/**
 * The agents that are at work in a room.
 *
 * @example const { data: agents } = useAgents(`execution:${executionId}`);
 */
export function useAgents(room: Room): Live<readonly Row<'agent'>[]> {
  return useView('agents', { open: true, room });
}

/**
 * The executions that we take part in.
 *
 * @example const { data: executions } = useExecutions();
 */
export function useExecutions(): Live<readonly Row<'execution'>[]> {
  const identity = useIdentity();
  return useView('executions', { ...(identity ? { room: `user:${identity.userId}` as const } : {}) });
}
