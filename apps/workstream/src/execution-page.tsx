import { ReactiveWorkstreamChat, useView } from '@netbuild/realtime-react';
import { ExecutionHeader } from './execution-header.tsx';
import { NotHere } from './not-here.tsx';
import { TaskSection } from './task-section.tsx';

interface ExecutionPageProps {
  executionId: string;
}

/** An execution: its state, its tasks, and its conversation. */
export function ExecutionPage({ executionId }: ExecutionPageProps) {
  const room = `execution:${executionId}` as const;
  const executions = useView('executions', { room, id: executionId });
  const processes = useView('processes', { room });
  const incidents = useView('incidents', { room, open: true });
  const tasks = useView('tasks', { room });
  const activities = useView('activities', { room, open: true });
  const execution = executions.data[0]?.data;
  // What runs without a person; a user task has a card of its own, and what contains others says nothing.
  const running = activities.data
    .filter(({ data }) => /^(?!user).*Task$|^callActivity$/.test(data.activityType ?? ''))
    .map(({ data }) => data.activityName ?? data.activityId);
  if (executions.status === 'refused') return <NotHere room={room} />;
  const open = tasks.data.filter(({ data }) => data.state === 'open');
  const done = tasks.data.filter(({ data }) => data.state !== 'open').toReversed();
  const people = execution?.participants ?? [];
  const isLoading = !executions.isKnown;
  return (
    <div
      className="execution"
      data-testid="execution"
      data-execution-id={executionId}
      data-status={executions.status}
    >
      <div className="execution-side">
        <ExecutionHeader
          title={execution?.title}
          people={people}
          processes={processes.data}
          incidents={incidents.data}
        />
        <TaskSection name="open" title="Open tasks" rows={open} people={people} isLoading={isLoading}>
          {running.length > 0 ? `No task is open. Running: ${running.join(', ')}` : 'No task is open.'}
        </TaskSection>
        {done.length > 0 ? <TaskSection name="done" title="Done" rows={done} isQuiet /> : null}
      </div>
      <div className="execution-chat">
        <ReactiveWorkstreamChat
          executionId={executionId}
          processInstanceId={processes.data[0]?.data.processInstanceId}
        />
      </div>
    </div>
  );
}
