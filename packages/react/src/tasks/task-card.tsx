import type { Row } from '@netbuild/realtime-client';
import { memo } from 'react';
import { Among } from '../approvals/among.tsx';
import { KeptDraft } from '../forms/kept-draft.tsx';
import { TaskForm } from '../forms/task-form.tsx';
import { useWords } from '../locale/locale.tsx';
import { Card, type RenderPart, usualPart } from '../parts/card.tsx';
import { Chip } from '../parts/chip.tsx';
import { Due } from '../parts/due.tsx';
import { Facts } from '../parts/facts.tsx';
import { OfRow } from '../parts/of-row.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { isPending } from '../parts/saving.tsx';
import { useIdentity } from '../use-status.ts';
import { TaskActions } from './task-actions.tsx';
import { TaskHolder } from './task-holder.tsx';
import { useTaskWork } from './use-task-work.ts';
import { TASK_WORDS } from './words.ts';

/** How a task is shown, beside which one it is. */
export interface TaskCardOptions {
  /** Whom to suggest when it is given to somebody. */
  people?: readonly string[] | undefined;
  /** The name of the execution that it belongs to, where `executionHref` leads there. */
  executionTitle?: string | undefined;
  /** The address of that execution; without it the card does not say where it belongs. */
  executionHref?: string | undefined;
  /** In the place of what can be done. */
  renderActions?: RenderPart<Row<'task'>> | undefined;
  /** In the place of who has it, or may take it. */
  renderHolder?: RenderPart<Row<'task'>> | undefined;
}

/** A row, or the id of a task that is followed; and how it is shown. */
export type TaskCardProps = OfRow<Row<'task'>> & TaskCardOptions;

/**
 * A task, and what can be done with it. Its attributes name its state, for tests and measurements.
 *
 * @example <TaskCard row={row} people={['alice', 'bob']} executionTitle="Order 4711" executionHref="#/execution/4711" />
 * @example <TaskCard id={taskId} renderActions={(row, usual) => <>{usual}<Help task={row.data} /></>} />
 */
export const TaskCard = memo(function TaskCard({ row, id, ...options }: TaskCardProps) {
  return (
    <OfRow list="tasks" {...(row ? { row } : { id: id! })}>
      {(shown) => <Task row={shown} {...options} />}
    </OfRow>
  );
});

const NOBODY: readonly string[] = [];

function Task({
  row,
  people = NOBODY,
  executionTitle,
  executionHref,
  renderActions = usualPart,
  renderHolder = usualPart,
}: TaskCardOptions & { row: Row<'task'> }) {
  const words = useWords(TASK_WORDS);
  const me = useIdentity()?.userId;
  const { taskId, taskName, taskDefinitionKey, state, assignee, dueDate, priority, approval } = row.data;
  const isOpen = state === 'open';
  const isMine = assignee !== undefined && assignee === me;
  const isOthers = assignee !== undefined && !isMine;
  const isSaving = isPending(row);
  const work = useTaskWork(row, me);
  const isFilledIn = work.form !== undefined && (isSaving || (isOpen && isMine));
  const hasFacts =
    executionHref !== undefined ||
    (isOpen && (dueDate !== undefined || isRemarkable(priority) || approval?.of !== undefined));
  return (
    <Card
      row={row}
      name="task-card"
      title={taskName ?? taskDefinitionKey ?? taskId}
      state={state}
      side={renderHolder(row, <TaskHolder row={row} isMine={isMine} />)}
      isMine={isMine && isOpen}
      data={{
        'data-task-id': taskId,
        'data-task-key': taskDefinitionKey,
        'data-assignee': assignee ?? '',
        'data-committed-at': row.committedAt,
      }}
    >
      {hasFacts ? (
        <Facts>
          {executionHref === undefined ? null : (
            <a className="nb-card-link" href={executionHref} data-testid="task-execution">
              {executionTitle ?? words.open}
            </a>
          )}
          {isOpen && dueDate !== undefined ? <Due time={dueDate} /> : null}
          {isOpen && isRemarkable(priority) ? (
            <span data-testid="task-priority" title={String(priority)}>
              {priority > 50 ? (
                <Chip tone="attention">{words.priority(priority)}</Chip>
              ) : (
                words.priority(priority)
              )}
            </span>
          ) : null}
          {isOpen && approval ? <Among among={approval.among} of={approval.of} /> : null}
        </Facts>
      ) : null}
      {isFilledIn ? (
        <TaskForm taskId={taskId} loaded={work.form} onClose={work.deeds.closeForm} />
      ) : isOpen ? (
        renderActions(
          row,
          <TaskActions task={row.data} deeds={work.deeds} isBusy={work.isBusy} me={me} people={people} />,
        )
      ) : null}
      {!isSaving && (!isOpen || isOthers) ? <KeptDraft row={row} me={me} /> : null}
      {work.refused ? <Refusal {...work.refused} name="task-error" onClose={work.deeds.dismiss} /> : null}
    </Card>
  );
}

/** Engines give each task 50. */
function isRemarkable(priority: number | undefined): priority is number {
  return priority !== undefined && priority !== 50;
}
