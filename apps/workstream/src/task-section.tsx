import type { Row } from '@netbuild/realtime-react';
import type { ReactNode } from 'react';
import type { Session } from './session.ts';
import { TaskCard } from './task-card.tsx';

interface TaskSectionProps {
  /** Stable name, for tests. */
  name: string;
  title: string;
  rows: readonly Row<'task'>[];
  session: Session;
  /** Titles of executions, by id: where they are given, each card says where it belongs. */
  titles?: ReadonlyMap<string, string>;
  /** Whom a task can be given to by name. */
  people?: readonly string[];
  isLoading?: boolean;
  isQuiet?: boolean;
  /** What is said where there is none. */
  children?: ReactNode;
}

/** A titled list of task cards. */
export function TaskSection({
  name,
  title,
  rows,
  session,
  titles,
  people,
  isLoading,
  isQuiet,
  children,
}: TaskSectionProps) {
  return (
    <section
      className={`tasks ${isQuiet ? 'tasks--quiet' : ''}`}
      aria-label={title}
      data-testid={`tasks-${name}`}
    >
      <h2>
        {title} <span className="count">{rows.length}</span>
      </h2>
      {rows.length > 0 ? (
        <ul className="cards">
          {rows.map((row) => (
            <TaskCard key={row.subject} row={row} session={session} titles={titles} people={people} />
          ))}
        </ul>
      ) : (
        <p className="quiet">{isLoading ? 'Loading …' : children}</p>
      )}
    </section>
  );
}
