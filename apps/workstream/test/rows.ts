import type { RealtimeEvent } from '@netbuild/realtime-protocol';
import type { Row } from '@netbuild/realtime-react';

/** A task's row, as a server sends it. */
export function taskRow(
  taskId: string,
  {
    seq = 1,
    rooms = ['group:developers'],
    ...data
  }: Record<string, unknown> & { seq?: number; rooms?: string[] } = {},
): Row<'task'> {
  const said = {
    taskId,
    taskName: `Task ${taskId}`,
    state: 'open',
    candidateUsers: [],
    candidateGroups: [],
    ...data,
  };
  return {
    id: `test/${taskId}/${seq}#0`,
    type: 'task:updated',
    subject: `task/${taskId}`,
    seq,
    rooms,
    left: [],
    time: '2026-01-01T12:00:00.000Z',
    data: said,
  } as unknown as Row<'task'>;
}

/** What somebody says. */
export function said(
  messageId: string,
  content: string,
  more: Record<string, unknown> = {},
): RealtimeEvent<'message:new'> {
  const data = {
    messageId,
    executionId: 'e1',
    userId: 'bob',
    content,
    timestamp: '2026-01-01T12:00:00.000Z',
    ...more,
  };
  return {
    id: `test/${messageId}#0`,
    type: 'message:new',
    subject: `message/${messageId}`,
    seq: 1,
    rooms: ['execution:e1'],
    left: [],
    time: '2026-01-01T12:00:00.000Z',
    data,
  } as unknown as RealtimeEvent<'message:new'>;
}
