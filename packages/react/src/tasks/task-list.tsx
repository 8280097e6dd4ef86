import type { Row } from '@netbuild/realtime-client';
import type { ReactElement, ReactNode } from 'react';
import { TaskCard, type TaskCardOptions } from './task-card.tsx';

/** Which tasks a list shows, and how. */
export interface TaskListProps extends Pick<TaskCardOptions, 'people' | 'renderActions' | 'renderHolder'> {
  /** The tasks, in the order in which they are shown. */
  rows: readonly Row<'task'>[];
  /** What the list is called, for who does not see it. */
  label: string;
  /** Names of executions by id. */
  executionTitles?: ReadonlyMap<string, string> | undefined;
  /** The address of an execution; without it no card says where it belongs. */
  executionHref?: ((executionId: string) => string) | undefined;
  /** It stands back: what others have, what is done. */
  isQuiet?: boolean | undefined;
  /** In the place of a task's card; `usual` is that card. */
  renderTask?: ((row: Row<'task'>, usual: ReactElement) => ReactNode) | undefined;
}

/**
 * A list of tasks, each as a card.
 *
 * @example <TaskList label="Mine" rows={rows} executionHref={(id) => `#/execution/${id}`} executionTitles={titles} />
 */
export function TaskList({
  rows,
  label,
  executionTitles,
  executionHref,
  isQuiet = false,
  renderTask = (_row, usual) => usual,
  ...options
}: TaskListProps) {
  return (
    <ul className={`nb-cards ${isQuiet ? 'nb-cards--quiet' : ''}`} aria-label={label}>
      {rows.map((row) => {
        const { executionId } = row.data;
        return (
          <li key={row.subject}>
            {renderTask(
              row,
              <TaskCard
                row={row}
                {...options}
                executionTitle={executionId === undefined ? undefined : executionTitles?.get(executionId)}
                executionHref={executionId === undefined ? undefined : executionHref?.(executionId)}
              />,
            )}
          </li>
        );
      })}
    </ul>
  );
}
