import type { Variable } from '@netbuild/realtime-protocol';
import type { Message } from './engine-client.ts';

/** Any JSON that a task event may carry. */
export type TaskEventData = Record<string, Extract<Variable, { type: 'Json' }>['value']>;

/** The message by which an event is announced to a process instance: `taskEvent`, with `event` and `taskData`. */
export function taskEventMessage(processInstanceId: string, event: string, taskData: TaskEventData): Message {
  return {
    messageName: 'taskEvent',
    processInstanceId,
    variables: { event, taskData: { type: 'Json', value: taskData } },
  };
}
