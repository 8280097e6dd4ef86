import type { ErrorDetails, Row } from '@netbuild/realtime-client';
import { useRef, useState } from 'react';
import { type LoadedForm, useLoadForm } from '../forms/load-form.ts';
import { TaskForm } from '../forms/task-form.tsx';
import { useWords } from '../locale/locale.tsx';
import { Button } from '../parts/button.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { useCommand } from '../use-command.ts';
import { AssignForm } from './assign-form.tsx';
import { DecideForm } from './decide-form.tsx';
import { TASK_WORDS } from './words.ts';

interface TaskActionsProps {
  row: Row<'task'>;
  /** Who reads; `undefined` while that is not known. */
  me: string | undefined;
  people: readonly string[];
}

/** The buttons of an open task. */
export function TaskActions({ row, me, people }: TaskActionsProps) {
  const words = useWords(TASK_WORDS);
  const { taskId, assignee, candidateUsers, by, approval } = row.data;
  const claim = useCommand('task:claim');
  const unclaim = useCommand('task:unclaim');
  const assign = useCommand('task:assign');
  const complete = useCommand('task:complete');
  const decide = useCommand('approval:decide');
  const load = useLoadForm();
  const [opening, setOpening] = useState<{ error?: ErrorDetails; isRunning?: true }>({});
  const [form, setForm] = useState<LoadedForm>();
  const all = [claim, unclaim, assign, complete, decide];
  const isBusy = opening.isRunning === true || all.some(({ status }) => status === 'running');
  // A refusal was about the task as it then was; once it has changed, the card itself says what is so.
  const refused = all.find((command) => command.error)?.error ?? opening.error;
  const seen = useRef({ refused, seq: row.seq });
  if (seen.current.refused !== refused) seen.current = { refused, seq: row.seq };
  const error = seen.current.seq === row.seq ? refused : undefined;
  const isMine = assignee !== undefined && assignee === me;
  // Who gave it to somebody may take it back.
  const isGivenAway = assignee !== undefined && !isMine && by !== undefined && by === me;
  /** Only the engine knows whether a task has a form; one that has none is completed as it is. */
  const finish = async () => {
    setOpening({ isRunning: true });
    const found = await load(taskId);
    setOpening(found && 'error' in found ? { error: found.error } : {});
    if (!found) await complete.run({ taskId });
    else if (!('error' in found)) setForm(found);
  };
  const names = [...new Set([...people, ...candidateUsers, ...(me === undefined ? [] : [me])])].filter(
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
    <div className="nb-card-actions" aria-busy={isBusy}>
      {assignee === undefined ? (
        <Button
          kind="primary"
          isBusy={isBusy}
          data-testid="task-claim"
          onPress={() => void claim.run({ taskId })}
        >
          {words.claim}
        </Button>
      ) : null}
      {approval && (assignee === undefined || isMine) ? (
        <DecideForm
          isReasonRequired={approval.reasonRequired === true}
          isBusy={isBusy}
          onDecide={(decision, reason) =>
            void decide.run({ approvalId: taskId, decision, ...(reason === undefined ? {} : { reason }) })
          }
        />
      ) : null}
      {isMine && !approval ? (
        <Button kind="primary" isBusy={isBusy} data-testid="task-complete" onPress={finish}>
          {words.complete}
        </Button>
      ) : null}
      {assignee === undefined || isMine ? (
        <div className="nb-card-minor">
          {isMine ? (
            <Button isBusy={isBusy} data-testid="task-unclaim" onPress={() => void unclaim.run({ taskId })}>
              {words.giveBack}
            </Button>
          ) : null}
          <AssignForm
            names={names}
            isBusy={isBusy}
            onAssign={(name) => void assign.run({ taskId, assignee: name })}
          />
        </div>
      ) : null}
      {isGivenAway ? (
        <Button isBusy={isBusy} data-testid="task-take-back" onPress={() => void unclaim.run({ taskId })}>
          {words.takeBack}
        </Button>
      ) : null}
      {error ? <Refusal error={error} name="task-error" /> : null}
    </div>
  );
}
