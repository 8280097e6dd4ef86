import type { Room } from '@netbuild/realtime-protocol';
import type { Happening } from './scripted-server.ts';

/** The room of the execution that most tests are about. */
export const EXECUTION: Room = 'execution:e1';

/** A task of execution `e1`, as it now is. */
export function task(taskId: string, more: Record<string, unknown> = {}, rooms: Room[] = []): Happening {
  const data = {
    taskId,
    taskName: `Task ${taskId}`,
    state: 'open',
    candidateUsers: [],
    candidateGroups: [],
    executionId: 'e1',
    ...more,
  };
  const isEnded = data.state !== 'open';
  const type = isEnded ? 'task:completed' : 'assignee' in more ? 'task:assigned' : 'task:created';
  return {
    type,
    subject: `task/${taskId}`,
    rooms: [EXECUTION, ...rooms],
    data,
    ...(isEnded ? { ended: true as const } : {}),
  };
}

/** A message in execution `e1`. */
export function message(messageId: string, content: string, userId = 'bob'): Happening {
  return {
    type: 'message:new',
    subject: `message/${messageId}`,
    rooms: [EXECUTION],
    ended: true,
    data: { messageId, executionId: 'e1', content, userId, timestamp: '2026-01-01T12:00:00.000Z' },
  };
}

/** Execution `e1`. */
export function execution(title = 'Delivery', participants = ['alice']): Happening {
  return {
    type: 'execution:created',
    subject: 'execution/e1',
    rooms: [EXECUTION, ...participants.map((user): Room => `user:${user}`)],
    data: { executionId: 'e1', title, participants, created: '2026-01-01T11:00:00.000Z' },
  };
}
