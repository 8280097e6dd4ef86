import { type DataStatus, type Row, useCommand, useIdentity, useTasks } from '@netbuild/realtime-react';

const WORDS: Record<DataStatus, string> = {
  loading: 'Loading …',
  connecting: 'Connecting …',
  'catching-up': 'Catching up …',
  live: 'Live',
  stale: 'This may have moved on.',
  offline: 'Offline: this is how it was.',
  refused: 'You may not see this.',
};

/** The open tasks of whoever is signed in, as they come and go. */
export function Tasks() {
  const { data: tasks, status, isKnown } = useTasks();
  return (
    <>
      <h1>Tasks</h1>
      <p role="status" data-status={status}>
        {WORDS[status]}
      </p>
      <ul>
        {tasks.map((task) => (
          <Task key={task.subject} task={task} />
        ))}
      </ul>
      {isKnown && tasks.length === 0 ? <p>Nothing to do.</p> : null}
    </>
  );
}

function Task({ task }: { task: Row<'task'> }) {
  const { taskId, taskName, assignee } = task.data;
  const isMine = assignee === useIdentity()?.userId;
  const claim = useCommand('task:claim');
  const complete = useCommand('task:complete');
  const { run, pending, error } = isMine && !claim.pending ? complete : claim;
  // What a command does is shown at once. Until the server has said so, it is pending; refused, it is taken back.
  return (
    <li data-pending={task.pending}>
      <span>{taskName}</span>
      {assignee === undefined || isMine ? (
        <button type="button" disabled={pending > 0} onClick={() => run({ taskId })}>
          {isMine ? 'Complete' : 'Claim'}
        </button>
      ) : (
        <small>{assignee} has it</small>
      )}
      {error ? <p role="alert">{error.message}</p> : null}
    </li>
  );
}
