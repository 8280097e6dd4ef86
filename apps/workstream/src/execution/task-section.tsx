import { type Row, TaskList } from '@netbuild/realtime-react';
import type { ReactNode } from 'react';
import { ListSkeleton } from '../shell/skeleton.tsx';

interface TaskSectionProps {
  /** Stable name, for tests. */
  name: string;
  title: string;
  rows: readonly Row<'task'>[];
  /** Whom a task can be given to by name. */
  people?: readonly string[];
  isLoading?: boolean;
  isQuiet?: boolean;
  /** What is said where there is none. */
  children?: ReactNode;
}

/** A titled list of an execution's tasks. */
export function TaskSection({ name, title, rows, people, isLoading, isQuiet, children }: TaskSectionProps) {
  return (
    <section className="tasks" aria-label={title} data-testid={`tasks-${name}`}>
      <h2>
        {title} <span className="count">{isLoading ? '' : rows.length}</span>
      </h2>
      {rows.length > 0 ? (
        <TaskList label={title} rows={rows} people={people} isQuiet={isQuiet} />
      ) : isLoading ? (
        <ListSkeleton lines={2} />
      ) : (
        <p className="quiet">{children}</p>
      )}
    </section>
  );
}
