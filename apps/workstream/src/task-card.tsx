import type { Row } from '@netbuild/realtime-react';
import { memo } from 'react';
import { Avatar } from './avatar.tsx';
import { KeptDraft } from './forms/kept-draft.tsx';
import { executionHref } from './route.ts';
import type { Session } from './session.ts';
import { TaskActions } from './task-actions.tsx';

interface TaskCardProps {
  row: Row<'task'>;
  session: Session;
  titles?: ReadonlyMap<string, string> | undefined;
  people?: readonly string[] | undefined;
}

/** A task, and what can be done with it. Its attributes name its state, for tests and measurements. */
export const TaskCard = memo(function TaskCard({ row, session, titles, people }: TaskCardProps) {
  const { taskId, taskName, taskDefinitionKey, state, assignee, candidateGroups, executionId } = row.data;
  const isMine = assignee === session.userId;
  return (
    <li
      className={`card card--${state} ${isMine && state === 'open' ? 'card--mine' : ''}`}
      data-testid="task-card"
      data-task-id={taskId}
      data-task-key={taskDefinitionKey}
      data-state={state}
      data-assignee={assignee ?? ''}
      data-seq={row.seq}
      data-committed-at={row.committedAt}
    >
      <div className="card-head">
        <h3 className="card-title">{taskName ?? taskDefinitionKey ?? taskId}</h3>
        <Holder assignee={assignee} isMine={isMine} groups={candidateGroups} state={state} />
      </div>
      {titles && executionId !== undefined ? (
        <a className="card-link" href={executionHref(executionId)} data-testid="task-execution">
          {titles.get(executionId) ?? 'Open the workstream'}
        </a>
      ) : null}
      {state === 'open' ? (
        <TaskActions row={row} session={session} people={people} />
      ) : (
        <KeptDraft taskId={taskId} />
      )}
    </li>
  );
});

interface HolderProps {
  assignee: string | undefined;
  isMine: boolean;
  groups: readonly string[];
  state: Row<'task'>['data']['state'];
}

function Holder({ assignee, isMine, groups, state }: HolderProps) {
  if (state !== 'open') return <span className={`chip chip--${state}`}>{state}</span>;
  if (assignee === undefined)
    return <span className="chip chip--open">{groups.join(', ') || 'unassigned'}</span>;
  return (
    <span className="holder">
      <Avatar name={assignee} />
      {isMine ? 'You' : assignee}
    </span>
  );
}
