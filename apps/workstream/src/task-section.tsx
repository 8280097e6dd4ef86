import { type Row, TaskList } from '@netbuild/realtime-react';
import type { ReactNode } from 'react';
import { executionHref } from './route.ts';

interface TaskSectionProps {
  /** Stable name, for tests. */
  name: string;
  title: string;
  rows: readonly Row<'task'>[];
  /** Titles of executions, by id: where they are given, each card says where it belongs. */
  titles?: ReadonlyMap<string, string>;
  /** Whom a task can be given to by name. */
  people?: readonly string[];
  isLoading?: boolean;
  isQuiet?: boolean;
  /** What is said where there is none. */
  children?: ReactNode;
}

/** A titled list of tasks. */
export function TaskSection({
  name,
  title,
  rows,
  titles,
  people,
  isLoading,
  isQuiet,
  children,
}: TaskSectionProps) {
  return (
    <section className="tasks" aria-label={title} data-testid={`tasks-${name}`}>
      <h2>
        {title} <span className="count">{rows.length}</span>
      </h2>
      {rows.length > 0 ? (
        <TaskList
          label={title}
          rows={rows}
          people={people}
          isQuiet={isQuiet}
          executionTitles={titles}
          executionHref={titles && executionHref}
        />
      ) : (
        <p className="quiet">{isLoading ? 'Loading …' : children}</p>
      )}
    </section>
  );
}
