import type { Row } from '@netbuild/realtime-client';
import { useWords } from '../locale/locale.tsx';
import { Button } from '../parts/button.tsx';
import { AssignForm } from './assign-form.tsx';
import { DecideForm } from './decide-form.tsx';
import type { TaskWork } from './use-task-work.ts';
import { TASK_WORDS } from './words.ts';

interface TaskActionsProps {
  row: Row<'task'>;
  work: TaskWork;
  /** Who reads; `undefined` while that is not known. */
  me: string | undefined;
  people: readonly string[];
}

/** The buttons of an open task. */
export function TaskActions({ row, work, me, people }: TaskActionsProps) {
  const words = useWords(TASK_WORDS);
  const { assignee, candidateUsers, by, approval } = row.data;
  const { isBusy } = work;
  const isMine = assignee !== undefined && assignee === me;
  // Who gave it to somebody may take it back.
  const isGivenAway = assignee !== undefined && !isMine && by !== undefined && by === me;
  const names = [...new Set([...people, ...candidateUsers, ...(me === undefined ? [] : [me])])].filter(
    (name) => name !== assignee,
  );
  return (
    <div className="nb-card-actions" aria-busy={isBusy}>
      {assignee === undefined ? (
        <Button kind="primary" isBusy={isBusy} data-testid="task-claim" onPress={work.claim}>
          {words.claim}
        </Button>
      ) : null}
      {approval && (assignee === undefined || isMine) ? (
        <DecideForm
          isReasonRequired={approval.reasonRequired === true}
          isBusy={isBusy}
          onDecide={work.decide}
        />
      ) : null}
      {isMine && !approval ? (
        <Button kind="primary" isBusy={isBusy} data-testid="task-complete" onPress={work.finish}>
          {words.complete}
        </Button>
      ) : null}
      {assignee === undefined || isMine ? (
        <div className="nb-card-minor">
          {isMine ? (
            <Button isBusy={isBusy} data-testid="task-unclaim" onPress={work.giveBack}>
              {words.giveBack}
            </Button>
          ) : null}
          <AssignForm names={names} isBusy={isBusy} onAssign={work.assign} />
        </div>
      ) : null}
      {isGivenAway ? (
        <Button isBusy={isBusy} data-testid="task-take-back" onPress={work.giveBack}>
          {words.takeBack}
        </Button>
      ) : null}
    </div>
  );
}
