import type { CommandInput, CommandName, MessageData, TaskData } from '@netbuild/realtime-protocol';
import type { Change, Expected } from './expected.ts';
import type { Expect } from './optimistic.ts';

const now = () => new Date().toISOString();

const task = (id: string, change: (data: TaskData) => Change<'task'> | undefined): Expected => ({
  list: 'tasks',
  id,
  change: (row) => (row && !row.ended ? change(row.data) : undefined),
});

const message = (id: string, change: (data: MessageData) => Change<'message'>): Expected => ({
  list: 'messages',
  id,
  change: (row) => (row && !row.data.deleted ? change(row.data) : undefined),
});

/**
 * The outcome of commands, where it is evident. What depends on a model, a form or another person is not: there a wrong
 * guess would be shown more often than a right one saves time.
 */
const EVIDENT: { [N in CommandName]?: (input: CommandInput<N>, given: Parameters<Expect>[2]) => Expected } = {
  'task:claim': ({ taskId }, { me }) =>
    task(taskId, (data) => (data.assignee ? undefined : { data: { ...data, assignee: me } })),
  'task:unclaim': ({ taskId }, { me }) =>
    task(taskId, ({ assignee, ...data }) => (assignee === me ? { data } : undefined)),
  'task:assign': ({ taskId, assignee }) => task(taskId, (data) => ({ data: { ...data, assignee } })),
  'task:complete': ({ taskId }, { me }) =>
    task(taskId, (data) =>
      (data.assignee ?? me) === me
        ? { data: { ...data, state: 'completed', ended: now(), by: me }, ended: true }
        : undefined,
    ),
  'message:send': ({ executionId, content, replyTo, mentions }, { me, commandId }) => ({
    list: 'messages',
    id: commandId,
    change: () => ({
      type: 'message:new',
      rooms: [`execution:${executionId}`],
      ended: true,
      data: {
        messageId: commandId,
        executionId,
        content,
        userId: me,
        timestamp: now(),
        ...(replyTo && { replyTo }),
        ...(mentions && { mentions }),
      },
    }),
  }),
  'message:edit': ({ messageId, content }) =>
    message(messageId, (data) => ({ type: 'message:edited', data: { ...data, content, edited: now() } })),
  'message:delete': ({ messageId }, { me }) =>
    message(messageId, ({ content: _, mentions: __, edited: ___, ...data }) => ({
      type: 'message:deleted',
      data: { ...data, deleted: now(), by: me },
    })),
};

/**
 * What a command is expected to change, where that is evident: `task:claim`, `task:unclaim`, `task:assign`,
 * `task:complete`, `message:send`, `message:edit` and `message:delete`. Of all others nothing.
 *
 * @example optimistic((...given) => [...evident(...given), ...mine(...given)])
 */
export const evident: Expect = (name, input, given) => {
  const change = EVIDENT[name]?.(input as never, given);
  return change ? [change] : [];
};
