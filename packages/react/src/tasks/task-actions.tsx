import type { Row } from '@netbuild/realtime-client';
import { memo } from 'react';
import { useWords } from '../locale/locale.tsx';
import { Button } from '../parts/button.tsx';
import { AssignForm } from './assign-form.tsx';
import { DecideForm } from './decide-form.tsx';
import type { TaskDeeds } from './use-task-work.ts';
import { TASK_WORDS } from './words.ts';

interface TaskActionsProps {
  task: Row<'task'>['data'];
  deeds: TaskDeeds;
  isBusy: boolean;
  /** Who reads; `undefined` while that is not known. */
  me: string | undefined;
  people: readonly string[];
}

/** The buttons of an open task: drawn anew only where others are needed, since there are many on a page. */
export const TaskActions = memo(
  function TaskActions({ task, deeds, isBusy, me, people }: TaskActionsProps) {
    const words = useWords(TASK_WORDS);
    const { assignee, candidateUsers, by, approval } = task;
    const isMine = assignee !== undefined && assignee === me;
    // Who gave it to somebody may take it back.
    const isGivenAway = assignee !== undefined && !isMine && by !== undefined && by === me;
    const names = [...new Set([...people, ...candidateUsers, ...(me === undefined ? [] : [me])])].filter(
      (name) => name !== assignee,
    );
    return (
      <div className="nb-card-actions" aria-busy={isBusy}>
        {approval && (assignee === undefined || isMine) ? (
          <DecideForm
            isReasonRequired={approval.reasonRequired === true}
            isBusy={isBusy}
            onDecide={deeds.decide}
          />
        ) : null}
        {isMine && !approval ? (
          <Button kind="primary" isBusy={isBusy} data-testid="task-complete" onPress={deeds.finish}>
            {words.complete}
          </Button>
        ) : null}
        {assignee === undefined ? (
          // Who may decide need not have it first.
          <Button
            kind={approval ? 'quiet' : 'primary'}
            isBusy={isBusy}
            data-testid="task-claim"
            onPress={deeds.claim}
          >
            {words.claim}
          </Button>
        ) : null}
        {assignee === undefined || isMine ? (
          <div className="nb-card-minor">
            {isMine ? (
              <Button isBusy={isBusy} data-testid="task-unclaim" onPress={deeds.giveBack}>
                {words.giveBack}
              </Button>
            ) : null}
            <AssignForm names={names} isBusy={isBusy} onAssign={deeds.assign} />
          </div>
        ) : null}
        {isGivenAway ? (
          <Button isBusy={isBusy} data-testid="task-take-back" onPress={deeds.giveBack}>
            {words.takeBack}
          </Button>
        ) : null}
      </div>
    );
  },
  (before, after) =>
    before.deeds === after.deeds &&
    before.isBusy === after.isBusy &&
    before.me === after.me &&
    before.people === after.people &&
    isSame(before.task, after.task),
);

/** Whether two states of a task need the same buttons. */
function isSame(one: TaskActionsProps['task'], other: TaskActionsProps['task']): boolean {
  return (
    one.assignee === other.assignee &&
    one.by === other.by &&
    one.approval?.reasonRequired === other.approval?.reasonRequired &&
    (one.approval === undefined) === (other.approval === undefined) &&
    one.candidateUsers.join('\n') === other.candidateUsers.join('\n')
  );
}
