import { type ErrorDetails, type Row, useCommand } from '@netbuild/realtime-react';
import { useRef, useState } from 'react';
import { AssignForm } from './assign-form.tsx';
import { DecideForm } from './decide-form.tsx';
import { errorWords } from './error-words.ts';
import { type LoadedForm, loadTaskForm } from './forms/load-form.ts';
import { TaskForm } from './forms/task-form.tsx';
import type { Session } from './session.ts';

interface TaskActionsProps {
  row: Row<'task'>;
  session: Session;
  people: readonly string[] | undefined;
}

/** The buttons of an open task. Their effect is not assumed: the card changes when the log says so. */
export function TaskActions({ row, session, people = [] }: TaskActionsProps) {
  const { taskId, assignee, candidateUsers, by, approval } = row.data;
  const claim = useCommand('task:claim');
  const unclaim = useCommand('task:unclaim');
  const assign = useCommand('task:assign');
  const complete = useCommand('task:complete');
  const decide = useCommand('approval:decide');
  const [opening, setOpening] = useState<{ error?: ErrorDetails; isRunning?: true }>({});
  const [form, setForm] = useState<LoadedForm>();
  const all = [claim, unclaim, assign, complete, decide];
  const isBusy = opening.isRunning === true || all.some(({ status }) => status === 'running');
  // A refusal was about the task as it then was; once it has changed, the card itself says what is so.
  const refused = all.find((command) => command.error)?.error ?? opening.error;
  const seen = useRef({ refused, seq: row.seq });
  if (seen.current.refused !== refused) seen.current = { refused, seq: row.seq };
  const error = seen.current.seq === row.seq ? refused : undefined;
  const isMine = assignee === session.userId;
  // Who gave it to somebody may take it back.
  const isGivenAway = assignee !== undefined && !isMine && by === session.userId;
  /** Only the engine knows whether a task has a form; one that has none is completed as it is. */
  const finish = async () => {
    setOpening({ isRunning: true });
    const found = await loadTaskForm(taskId);
    setOpening(found && 'error' in found ? { error: found.error } : {});
    if (!found) await complete.run({ taskId });
    else if (!('error' in found)) setForm(found);
  };
  const names = [...new Set([...people, ...candidateUsers, session.userId])].filter(
    (name) => name !== assignee,
  );

  if (form && isMine)
    return (
      <TaskForm
        key={form.form.version}
        taskId={taskId}
        loaded={form}
        onReload={finish}
        onClose={() => setForm(undefined)}
      />
    );
  return (
    <div className="card-actions" aria-busy={isBusy}>
      {assignee === undefined ? (
        <Button name="task-claim" kind="primary" isBusy={isBusy} onClick={() => claim.run({ taskId })}>
          Claim
        </Button>
      ) : null}
      {approval && (assignee === undefined || isMine) ? (
        <DecideForm
          isReasonRequired={approval.reasonRequired === true}
          isBusy={isBusy}
          onDecide={(decision, reason) =>
            decide.run({ approvalId: taskId, decision, ...(reason === undefined ? {} : { reason }) })
          }
        />
      ) : null}
      {isMine && !approval ? (
        <Button name="task-complete" kind="primary" isBusy={isBusy} onClick={finish}>
          Complete
        </Button>
      ) : null}
      {assignee === undefined || isMine ? (
        <div className="card-minor">
          {isMine ? (
            <Button name="task-unclaim" kind="quiet" isBusy={isBusy} onClick={() => unclaim.run({ taskId })}>
              Give back
            </Button>
          ) : null}
          <AssignForm
            names={names}
            isBusy={isBusy}
            onAssign={(name) => assign.run({ taskId, assignee: name })}
          />
        </div>
      ) : null}
      {isGivenAway ? (
        <Button name="task-take-back" kind="quiet" isBusy={isBusy} onClick={() => unclaim.run({ taskId })}>
          Take back
        </Button>
      ) : null}
      {error ? (
        <p className="problem" role="alert" data-testid="task-error" data-code={error.code}>
          {errorWords(error)}
        </p>
      ) : null}
    </div>
  );
}

interface ButtonProps {
  name: string;
  kind: 'primary' | 'quiet';
  isBusy: boolean;
  onClick: () => void;
  children: string;
}

function Button({ name, kind, isBusy, onClick, children }: ButtonProps) {
  return (
    <button
      type="button"
      className={`button button--${kind}`}
      disabled={isBusy}
      data-testid={name}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
