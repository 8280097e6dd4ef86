import type { Row } from '@netbuild/realtime-client';
import { memo, type ReactElement, type ReactNode } from 'react';
import { KeptDraft } from '../forms/kept-draft.tsx';
import { TaskForm } from '../forms/task-form.tsx';
import { useWords } from '../locale/locale.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { Due } from '../parts/due.tsx';
import { OfRow } from '../parts/of-row.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { isPending, Saving } from '../parts/saving.tsx';
import { useIdentity } from '../use-status.ts';
import { TaskActions } from './task-actions.tsx';
import { useTaskWork } from './use-task-work.ts';
import { TASK_WORDS } from './words.ts';

/** How a task is shown, beside which one it is. */
export interface TaskCardOptions {
  /** Whom to suggest when it is given to somebody. */
  people?: readonly string[] | undefined;
  /** The name of the execution that it belongs to, and its address; without an address the card does not say it. */
  executionTitle?: string | undefined;
  executionHref?: string | undefined;
  /** In the place of what can be done; `usual` is what would stand there, and may be a part of it. */
  renderActions?: ((row: Row<'task'>, usual: ReactElement) => ReactNode) | undefined;
  /** In the place of who has it, or may take it. */
  renderHolder?: ((row: Row<'task'>, usual: ReactElement) => ReactNode) | undefined;
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
      {(shown) => <Card row={shown} {...options} />}
    </OfRow>
  );
});

const NOBODY: readonly string[] = [];

function Card({
  row,
  people = NOBODY,
  executionTitle,
  executionHref,
  renderActions = usual,
  renderHolder = usual,
}: TaskCardOptions & { row: Row<'task'> }) {
  const words = useWords(TASK_WORDS);
  const me = useIdentity()?.userId;
  const { taskId, taskName, taskDefinitionKey, state, assignee, dueDate, priority } = row.data;
  const isOpen = state === 'open';
  const isMine = assignee !== undefined && assignee === me;
  const isOthers = assignee !== undefined && !isMine;
  const isSaving = isPending(row);
  const work = useTaskWork(row, me);
  const title = taskName ?? taskDefinitionKey ?? taskId;
  return (
    <article
      className={`nb-card nb-card--${state} ${isMine && isOpen ? 'nb-card--mine' : ''}`}
      aria-label={title}
      data-testid="task-card"
      data-task-id={taskId}
      data-task-key={taskDefinitionKey}
      data-state={state}
      data-pending={isSaving || undefined}
      data-assignee={assignee ?? ''}
      data-seq={row.seq}
      data-committed-at={row.committedAt}
    >
      <div className="nb-card-head">
        <h3 className="nb-card-title">{title}</h3>
        {renderHolder(row, <Holder row={row} isMine={isMine} />)}
      </div>
      {isOpen && (dueDate !== undefined || isRemarkable(priority)) ? (
        <div className="nb-card-facts">
          {dueDate === undefined ? null : <Due time={dueDate} />}
          {isRemarkable(priority) ? (
            <span className="nb-chip" data-testid="task-priority" title={String(priority)}>
              {words.priority(priority)}
            </span>
          ) : null}
        </div>
      ) : null}
      {executionHref === undefined ? null : (
        <a className="nb-card-link" href={executionHref} data-testid="task-execution">
          {executionTitle ?? words.open}
        </a>
      )}
      {work.form && (isSaving || (isOpen && isMine)) ? (
        <TaskForm taskId={taskId} loaded={work.form} onClose={work.closeForm} />
      ) : isOpen ? (
        renderActions(row, <TaskActions row={row} work={work} me={me} people={people} />)
      ) : null}
      {!isSaving && (!isOpen || isOthers) ? <KeptDraft row={row} me={me} /> : null}
      {work.refused ? <Refusal {...work.refused} name="task-error" onClose={work.dismiss} /> : null}
      <Saving isSaving={isSaving} />
    </article>
  );
}

const usual = (_row: Row, element: ReactElement): ReactNode => element;

/** Engines give each task 50. */
function isRemarkable(priority: number | undefined): priority is number {
  return priority !== undefined && priority !== 50;
}

function Holder({ row, isMine }: { row: Row<'task'>; isMine: boolean }) {
  const words = useWords(TASK_WORDS);
  const { state, assignee, candidateGroups, candidateUsers } = row.data;
  if (state !== 'open') return <span className={`nb-chip nb-chip--${state}`}>{words.states[state]}</span>;
  if (assignee === undefined)
    return (
      <span className="nb-chip nb-chip--open">
        {[...candidateGroups, ...candidateUsers].join(', ') || words.unassigned}
      </span>
    );
  return (
    <span className="nb-holder">
      <Avatar name={assignee} />
      {isMine ? words.you : assignee}
    </span>
  );
}
